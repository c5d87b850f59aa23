"""All that reads and writes a simulation."""
