"""What a persona does with its mind in a step, one verb a file."""
