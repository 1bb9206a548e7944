"""Write every generated part of the documentation anew, and name what has changed."""

from __future__ import annotations

import sys

from scripts.reference.pages import write_all

for path in write_all():
    sys.stdout.write(f"written: {path}\n")
