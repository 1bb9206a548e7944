"""What speaks to the servers: one client for each protocol."""
