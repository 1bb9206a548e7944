"""The engines as containers: one module each, and the table of them."""
