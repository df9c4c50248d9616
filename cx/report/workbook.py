"""A report as a workbook: what it is about, a tidy sheet for every table and chart, and the definitions."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd

from cx import export
from cx.charts.theme import Chart
from cx.language import Language
from cx.report.content import Report

_NUMBERS = ("value", "net", "share", "lower", "upper", "n", "reached", "customers")


def write(report: Report) -> bytes:
    """The whole report."""
    t = report.t
    about = [(t("Report"), report.title), (t("Shown"), report.caption), (t("Made"), report.made)]
    sheets: dict[str, pd.DataFrame] = {}
    contents = []
    for number, section in enumerate(report.filled, start=1):
        contents.append((str(number), section.title))
        contents += [("", sentence) for sentence in section.sentences]
        frames = [*(numbers(chart, t) for chart in section.charts), *(table.frame for table in section.tables)]
        for place, frame in enumerate(frames, start=1):
            short = textwrap.shorten(section.title, 25, placeholder="…")
            sheets[f"{number}.{place} {short}" if len(frames) > 1 else f"{number} {short}"] = frame
    summary = pd.DataFrame([*about, ("", ""), *contents], columns=[t("Part"), t("Finding")])
    if report.definitions is not None:
        sheets[t("Definitions")] = report.definitions
    return export.workbook({t("Report"): summary, **sheets})


def numbers(chart: Chart, t: Language) -> pd.DataFrame:
    """What a chart shows, as a table: the names and texts its tooltip tells, then its bare numbers."""
    titles = {"value": t("Value"), "net": t("Net emotion"), "share": t("Share"), "lower": t("95% from"),
              "upper": t("95% to"), "n": t("n"), "reached": t("Customers"), "customers": t("Customers")}
    bare = [name for name in _NUMBERS if name in chart.data and pd.api.types.is_numeric_dtype(chart.data[name])]
    told: dict[str, str] = {}
    for line in _tooltips(chart.spec):
        field, title = line["field"], line.get("title", line["field"])
        if field in chart.data and field not in titles and title not in [titles[name] for name in bare]:
            told.setdefault(field, title)
    if "period" in chart.data and "period" not in told:
        told = {"period": t("Period"), **told}
    if not told and "name" in chart.data:
        told = {"name": t("Name")}
    frame = chart.data[[*told, *bare]].copy()
    if "period" in told:
        frame["period"] = pd.to_datetime(frame["period"])
    frame.columns = pd.Index(_distinct([*told.values(), *(titles[name] for name in bare)]))
    return frame.dropna(axis="columns", how="all").drop_duplicates()


def _tooltips(spec: Any) -> list[dict[str, Any]]:
    """Every tooltip line of a specification, in order."""
    if isinstance(spec, list):
        return [line for part in spec for line in _tooltips(part)]
    if not isinstance(spec, dict):
        return []
    own = spec.get("tooltip")
    lines = [line for line in own if isinstance(line, dict) and "field" in line] if isinstance(own, list) else []
    return lines + [line for name, part in spec.items() if name != "tooltip" for line in _tooltips(part)]


def _distinct(names: list[str]) -> list[str]:
    return [name if name not in names[:place] else f"{name} ({place + 1})" for place, name in enumerate(names)]
