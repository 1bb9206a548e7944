"""A campaign while it runs: cells, stores that are kept, results as they come."""
