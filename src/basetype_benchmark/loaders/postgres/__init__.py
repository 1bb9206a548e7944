"""Loads PostgreSQL: tables, documents, series."""
