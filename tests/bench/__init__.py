"""The benchmark: what a day of the town needs, in figures. Run by hand (`python tests/bench`), never by pytest."""
