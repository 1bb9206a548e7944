"""What clients really send: a recording proxy, and readers of what it recorded."""
