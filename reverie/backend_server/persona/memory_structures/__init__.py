"""The state of a persona: scratch (the present), spatial memory (places), associative memory (the memory stream)."""
