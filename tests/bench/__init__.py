"""The benchmark: figures of a day of the town. Run by hand (`python tests/bench`), never by pytest."""
