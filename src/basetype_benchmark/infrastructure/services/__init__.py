"""What is special to each engine: its settings with reasons, its start and end."""
