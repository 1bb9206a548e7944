"""A dataset written in the formats of the storage models, for loaders and for other tools."""
