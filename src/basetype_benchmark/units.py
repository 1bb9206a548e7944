"""Units, and how they are written for people."""

from __future__ import annotations

NS_PER_MS = 1_000_000
NS_PER_S = 1_000_000_000
MIB = 1 << 20
GIB = 1 << 30


_FROM_HERE_GROUPED = 10_000
_LONGEST_WHOLE = 1e12


def group_digits(count: int) -> str:
    """Write a count in groups of three digits: ``12 345``."""
    return f"{count:,}".replace(",", " ")


def format_number(value: float, digits: int = 3) -> str:
    """Write a number with as many digits as count, all those of whole ones: ``0.0123``, ``2837``.

    From ten thousand on in groups: ``12 345``. Never with an exponent from 0.001 to 10^12.
    """
    if abs(value) < 10**digits - 0.5 or not abs(value) < _LONGEST_WHOLE:
        return f"{value:.{digits}g}"
    whole = round(value)
    return str(whole) if abs(whole) < _FROM_HERE_GROUPED else group_digits(whole)


def format_bytes(size_bytes: float) -> str:
    """Write a size with a binary prefix and three digits that count: ``1.5 GiB``."""
    for prefix in ("B", "KiB", "MiB", "GiB"):
        if abs(size_bytes) < 1024:
            return (
                f"{size_bytes:.0f} B" if prefix == "B" else f"{format_number(size_bytes)} {prefix}"
            )
        size_bytes /= 1024
    return f"{format_number(size_bytes)} TiB"


def format_duration(elapsed_s: float) -> str:
    """Write a duration in at most two units: ``850 ms``, ``4.2 s``, ``3 min 07 s``."""
    if elapsed_s < 0.0995:
        return f"{format_number(elapsed_s * 1000)} ms"
    if elapsed_s < 60:
        return f"{format_number(elapsed_s)} s"
    minutes, seconds = divmod(round(elapsed_s), 60)
    if minutes < 60:
        return f"{minutes} min {seconds:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"
