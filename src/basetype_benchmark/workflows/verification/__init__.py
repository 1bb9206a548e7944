"""Checks of a campaign that need more than its files: engine table, RAM controller, texts, data."""
