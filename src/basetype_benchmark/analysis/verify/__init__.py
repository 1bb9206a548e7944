"""Checks a campaign's files against each other, without an engine: what can be recomputed, is.

Each module checks one kind of thing and adds what it found to a `Tally`. What needs the engine
table, the RAM controller, the texts of the queries or a dataset is in `workflows.verification`.
"""
