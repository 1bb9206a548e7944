"""Results for people: pages and texts made of what analysis says."""
