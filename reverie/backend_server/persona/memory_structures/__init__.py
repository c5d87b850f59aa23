"""What a persona keeps: scratch (now), spatial memory (places), associative memory (the memory stream)."""
