"""What is asked, in which words, and what the right answer is."""
