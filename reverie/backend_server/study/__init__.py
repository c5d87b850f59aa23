"""What those need who study a town, beside the town: surveys of its people, and what becomes of runs."""
