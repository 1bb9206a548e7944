"""Servers as child processes."""
