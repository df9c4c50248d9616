"""How large a chart is drawn for the room it gets on paper: as wide as that, its letters as large as they can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cx.charts.theme import Chart

LETTER = 12  # pixels of most letters of a chart
_SQUEEZED, _STRETCHED = 0.8, 1.25  # of its own height that a chart can be given; the lines of its names keep apart


def size(chart: Chart, wide: float, high: float, letter: float, *, filled: bool = False) -> tuple[int, int]:
    """Pixels, across and down, to draw a chart with for a room of so many points: it takes the whole width, and its
    letters have `letter` points, less where it would not fit otherwise. filled: a low chart grows with its room."""
    scale = min(letter / LETTER, high / (_SQUEEZED * chart.height))
    return round(wide / scale), round(min(high / scale, (_STRETCHED if filled else 1) * chart.height))


def parts(chart: Chart, most: int) -> list[Chart]:
    """A chart with a row for each name, higher than `most` pixels, as several with as many rows each, all on the same
    scale; any other chart as it is."""
    if chart.height <= most or not _by_row(chart.spec):
        return [chart]
    names = list(dict.fromkeys(chart.data["row"]))
    count = -(-chart.height // most)
    each = -(-len(names) // count)
    told = list(chart.told.values()) or chart.alt.split("; ")
    chunks = [names[start:start + each] for start in range(0, len(names), each)]
    return [replace(chart, data=chart.data[chart.data["row"].isin(chunk)],
                    height=round(chart.height * len(chunk) / len(names)),
                    alt="; ".join(told[place * each:(place + 1) * each]) if len(told) == len(names) else chart.alt)
            for place, chunk in enumerate(chunks)]


def _by_row(spec: dict[str, Any]) -> bool:
    """Whether every mark stands on a row, measured on a scale that does not depend on which rows there are."""
    encodings = list(_encodings(spec))
    across = [each["x"] for each in encodings if "x" in each]
    return (any(each.get("y", {}).get("field") == "row" for each in encodings)
            and all(each.get("type") == "quantitative" for each in across)
            and any({"domain", "domainMax"} & set(each.get("scale") or {}) for each in across))


def _encodings(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, list):
        for each in part:
            yield from _encodings(each)
    elif isinstance(part, dict):
        if "encoding" in part:
            yield part["encoding"]
        yield from _encodings(part.get("layer", []))
