"""The cognitive modules of a persona: one verb per file."""
