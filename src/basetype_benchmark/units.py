"""Units, and how they are written for people."""

from __future__ import annotations

NS_PER_MS = 1_000_000
NS_PER_S = 1_000_000_000
MIB = 1 << 20
GIB = 1 << 30


def format_bytes(size_bytes: float) -> str:
    """Write a size with a binary prefix and three significant digits: ``1.50 GiB``."""
    for prefix in ("B", "KiB", "MiB", "GiB"):
        if abs(size_bytes) < 1024:
            return f"{size_bytes:.0f} B" if prefix == "B" else f"{size_bytes:.3g} {prefix}"
        size_bytes /= 1024
    return f"{size_bytes:.3g} TiB"


def format_duration(elapsed_s: float) -> str:
    """Write a duration in at most two units: ``850 ms``, ``4.2 s``, ``3 min 07 s``."""
    if elapsed_s < 0.0995:
        return f"{elapsed_s * 1000:.3g} ms"
    if elapsed_s < 60:
        return f"{elapsed_s:.3g} s"
    minutes, seconds = divmod(round(elapsed_s), 60)
    if minutes < 60:
        return f"{minutes} min {seconds:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"
