"""What holds of every dataset: named invariants, each with its meaning and its check."""

from __future__ import annotations
