"""Charts as pictures, without a browser: PNG for slides and PDF, SVG for HTML."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import font_roboto

from cx.charts.theme import Chart, inked
from cx.errors import ReportError
from cx.language import text

FONTS = Path(font_roboto.__file__).parent / "files"
FONT = "Roboto"
WIDTH = 800  # of a drawing, in pixels of a screen
SCALE = 3.5  # of a PNG: 2,800 pixels over at most 12 inches is 230 dots per inch
_SECONDS = 120
_RENDERER = Path(__file__).with_name("renderer.py")


@dataclass(frozen=True)
class Picture:
    """A drawn chart; `alt` says in words what it shows."""

    data: bytes
    alt: str


def pictures(charts: Sequence[Chart], kind: Literal["png", "svg"],
             sizes: Sequence[tuple[int, int]] | None = None) -> list[Picture]:
    """Each chart drawn on white, in order; sizes: pixels across and down, where a chart does not have its own. Raises
    ReportError when they cannot be drawn."""
    if not charts:
        return []
    wanted = sizes or [(WIDTH, chart.height) for chart in charts]
    asked = {"fonts": str(FONTS), "kind": kind, "scale": SCALE,
             "specs": [_whole(chart, kind, *size) for chart, size in zip(charts, wanted, strict=True)]}
    try:
        done = subprocess.run([sys.executable, "-I", str(_RENDERER)], input=json.dumps(asked).encode(), check=True,
                              capture_output=True, timeout=_SECONDS, env={**os.environ, "TZ": "UTC"})
        drawn = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise ReportError(text("The charts of the report could not be drawn: {error}",
                               error=_told(error))) from error
    if None in drawn:
        raise ReportError(text("The charts of the report could not be drawn: {error}",
                               error=done.stderr.decode(errors="replace")[-300:]))
    return [Picture(base64.b64decode(each), chart.alt) for each, chart in zip(drawn, charts, strict=True)]


def printable(text: str) -> str:
    """A text without the signs that the font lacks; the words beside them say the same."""
    return text.replace("▼ ", "").replace("▲ ", "").translate(_LACKING)


_LACKING = str.maketrans({"→": "›", "←": "‹", "✓": None, "✗": None})


def _whole(chart: Chart, kind: str, width: int, height: int) -> dict[str, Any]:
    """The specification with its data and size, in the colours and the font of paper; a browser finds the signs that
    the font lacks in another one by itself, sign by sign."""
    config = {**inked(chart.spec, "light"), "font": FONT, "background": "white"}
    whole = {**chart.spec, "config": config, "width": width, "height": height,
             "autosize": {"type": "fit-x", "contains": "padding"},
             "data": {"values": json.loads(chart.data.to_json(orient="records", date_format="iso"))}}
    return whole if kind == "svg" else json.loads(printable(json.dumps(whole, ensure_ascii=False)))


def _told(error: Exception) -> str:
    stderr = getattr(error, "stderr", None)
    return stderr.decode(errors="replace")[-300:] if stderr else str(error)[:300]
