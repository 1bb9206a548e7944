"""What a cell uses, gathered while it runs."""
