"""What is in the building, how it behaves, and how it is stored as files."""
