"""What the files are called that a running campaign holds locked."""

from __future__ import annotations

LOCK_FILE = "campaign.lock"
"""In the campaign's folder: one process at a time runs it."""

MEASURING_LOCK = "measuring.lock"
"""Beside the stores of a home: one campaign at a time measures in it."""
