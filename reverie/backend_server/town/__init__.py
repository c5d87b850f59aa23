"""The town: the order of people's steps, and what runs concurrently."""
