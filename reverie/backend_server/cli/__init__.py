"""The command line, the prompt, and the setup and teardown of a run."""
