"""One simulated person: its memories, its cognitive modules, and its prompts."""
