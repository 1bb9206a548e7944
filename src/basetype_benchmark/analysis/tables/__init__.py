"""Everything that a campaign has written, as tidy tables: one row for one thing."""
