"""Plotly figures as parts of an HTML page that needs nothing else."""

from __future__ import annotations

from html import escape
from importlib.resources import files

import plotly.graph_objects as go

PLOTLY_JS_VERSION = "3.7.0"
"""Version of the JavaScript that is kept here: that which the installed `plotly` writes for."""

PALETTE = (
    "#0a7ac0",  # blue
    "#d07c00",  # orange
    "#00936b",  # green
    "#c2649d",  # purple
    "#3a95d2",  # light blue
    "#a88c00",  # yellow
    "#c94a00",  # vermilion
    "#76808c",  # grey
)
"""After Okabe and Ito, who chose hues that any kind of colour vision can tell apart.

Each stands out from light and from dark paper at 3 to 1 or better.
"""

PAPER = {"light": "#ffffff", "dark": "#14181e"}
"""What pages are drawn on; `charts.css` says the same."""

GRID = "rgba(128, 140, 156, 0.22)"
SHADE = "rgba(128, 140, 156, 0.12)"
GOOD = "rgba(0, 147, 107, 0.16)"
"""Seen on light and on dark paper: grid lines, a shaded range, and a range to be in."""

SECURITY_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
)
"""For the head of a page: the browser itself refuses to fetch anything."""

_FOLDER = "basetype_benchmark.benchmark.charts"


def javascript() -> str:
    """Give what a page has once, after its charts: the library, and the lines that start it."""
    return library() + "\n" + _read("charts.js")


def library() -> str:
    """Give the library alone, for a page that starts its charts itself."""
    return _read(f"plotly-cartesian-{PLOTLY_JS_VERSION}.min.js")


def stylesheet() -> str:
    """Give what a page has in its head: colours of paper and ink, light and dark, and charts."""
    return _read("charts.css")


def element(figure: go.Figure, label: str) -> str:
    """Give the HTML of one chart, as wide as its page; `label` is read to who cannot see it.

    The figure's layout says its height. Numbers are in it as Plotly writes arrays, base64 of their
    bytes.
    """
    height = int(figure.layout.height)
    data = figure.to_json().replace("<", "\\u003c")  # no tag can end it
    return (
        f'<div class="chart" role="group" aria-label="{escape(label)}" style="height: {height}px">'
        f'</div>\n<script type="application/json" class="data">{data}</script>'
    )


def plain(text: str) -> str:
    """Make Plotly write a text as it is: it takes tags and entities of HTML in names."""
    return escape(text, quote=False)


def template() -> go.layout.Template:
    """Give the look that all charts share; the colours of texts are the page's."""
    axis = {"gridcolor": GRID, "zeroline": False, "ticks": "", "ticklabelstandoff": 4}
    return go.layout.Template(
        layout={
            "autosize": True,
            "colorway": PALETTE,
            "paper_bgcolor": "rgba(0, 0, 0, 0)",
            "plot_bgcolor": "rgba(0, 0, 0, 0)",
            "font": {"family": "system-ui, -apple-system, Segoe UI, sans-serif", "size": 12},
            "xaxis": axis,
            "yaxis": axis,
            "modebar": {"remove": ["lasso2d", "select2d", "autoScale2d"], "orientation": "h"},
        }
    )


def _read(name: str) -> str:
    return (files(_FOLDER) / name).read_text(encoding="utf-8")
