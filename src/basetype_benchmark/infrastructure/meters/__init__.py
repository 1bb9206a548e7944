"""Meters of what is not a server: this process, the host, its energy."""
