"""The recent course of a KPI as a small line for its tile: an SVG of a few hundred bytes, which is painted at once
(a chart library takes some ten milliseconds for each tile, with every change of a filter)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from cx.charts.theme import ACCENT_ON, MUTED

WIDE, HIGH, _EDGE = 200.0, 40.0, 4.0  # in units of the drawing, which is stretched over the tile
_KEEP = 'vector-effect="non-scaling-stroke" fill="none" stroke-linecap="round" stroke-linejoin="round"'


def sparkline(values: Sequence[float], theme: str) -> str:
    """Address (data:) of a picture of the values, oldest first, the last one marked, the lowest at the bottom and the
    highest at the top. For eyes only, since the tile tells value and change. Empty for fewer than three values."""
    if len(values) < 3:
        return ""
    low, high = min(values), max(values)
    step, scale = WIDE / (len(values) - 1), (HIGH - 2 * _EDGE) / (high - low) if high > low else 0.0
    points = [(place * step, HIGH - _EDGE - (value - low) * scale if scale else HIGH / 2)
              for place, value in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    return "data:image/svg+xml," + quote(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 0 {WIDE + 8:.0f} {HIGH:.0f}" preserveAspectRatio="none">'
        f'<polyline points="{line}" stroke="{MUTED}" stroke-width="1.75" {_KEEP}/>'
        f'<path d="M{x:.1f},{y:.1f}h0" stroke="{ACCENT_ON[theme]}" stroke-width="7" {_KEEP}/></svg>')
