"""What can be said on the command line and at the prompt, and what surrounds a run."""
