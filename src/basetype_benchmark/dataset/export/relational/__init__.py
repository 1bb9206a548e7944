"""The relational storage model: its tables, and a dataset laid out as their rows."""
