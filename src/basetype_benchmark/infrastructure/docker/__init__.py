"""Docker: its daemon, and servers in its containers."""
