"""What is asked of a language model, how it is asked, and how the answer is read."""
