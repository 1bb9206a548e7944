"""The document storage model: one table of JSON documents, and a dataset laid out as its rows."""
