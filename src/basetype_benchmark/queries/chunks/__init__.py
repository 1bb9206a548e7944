"""What the client makes of chunks that a store hands out: samples, then the answer."""
