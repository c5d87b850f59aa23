"""The town: who steps when, and what of it goes on at the same time."""
