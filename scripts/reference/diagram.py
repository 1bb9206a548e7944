"""Draws the layers of the source tree as one SVG, which every browser and GitHub can show."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from jinja2 import Environment

from scripts.reference.rooms import is_folder, purpose, read_layers

WIDTH, LEFT, GAP, HEIGHT = 960, 70, 10, 54
_CHARACTERS_OF_WIDTH = 6.3  # of the small text, in pixels

_TEMPLATE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{ width }} {{ height }}" role="img"
     aria-label="Layers of the source tree, from the highest to the lowest">
<title>Layers of the source tree: each imports from those below it only</title>
<style>
  text { font-family: system-ui, sans-serif; fill: #1b2733; }
  .name { font: bold 15px ui-monospace, monospace; }
  .does { font-size: 12px; fill: #44525f; }
  rect { fill: #eef3f8; stroke: #7d93a8; }
  path { stroke: #7d93a8; fill: none; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e8eef4; } .does { fill: #b9c6d2; } rect { fill: #22303d; stroke: #6c8299; }
  }
</style>
<g transform="translate(0 {{ height }})">
<path d="M 40 {{ 20 - height }} V -24 M 32 -36 L 40 -22 L 48 -36"/>
</g>
<text class="does" text-anchor="middle" transform="translate(26 {{ height / 2 }}) rotate(-90)">
imports</text>
{% for box in boxes %}
<rect x="{{ box.x }}" y="{{ box.y }}" width="{{ box.width }}" height="{{ box.height }}" rx="6"/>
<text class="name" x="{{ box.x + 12 }}" y="{{ box.y + 21 }}">{{ box.name }}</text>
{% for line in box.lines %}
<text class="does" x="{{ box.x + 12 }}" y="{{ box.y + 40 + 15 * loop.index0 }}">{{ line }}</text>
{% endfor %}
{% endfor %}
</svg>
"""
)


def draw_layers() -> str:
    """Draw every layer as a row of boxes, one for each room."""
    boxes: list[dict[str, object]] = []
    top = GAP
    for layer in read_layers():
        row = _draw_row(layer, top)
        boxes += row
        top += max(int(str(box["height"])) for box in row) + GAP
    return _TEMPLATE.render(width=WIDTH, height=top, boxes=boxes)


def _draw_row(layer: Sequence[str], top: int) -> list[dict[str, object]]:
    width = (WIDTH - LEFT - GAP * len(layer)) // len(layer)
    texts = [_wrap(purpose(room), width - 24) for room in layer]
    height = HEIGHT + 15 * (max(map(len, texts)) - 1)
    return [
        {
            "name": f"{room}/" if is_folder(room) else f"{room}.py",
            "lines": lines,
            "x": LEFT + i * (width + GAP),
            "y": top,
            "width": width,
            "height": height,
        }
        for i, (room, lines) in enumerate(zip(layer, texts, strict=True))
    ]


def _wrap(text: str, pixels: int) -> list[str]:
    plain = re.sub(r"`", "", text)
    return textwrap.wrap(plain, int(pixels / _CHARACTERS_OF_WIDTH)) or [""]
