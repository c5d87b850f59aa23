"""One simulated person: its memories, its ways of thinking, and the prompts it thinks with."""
