"""A report as a workbook: what it is about, a tidy sheet for every table and chart, and the definitions."""

from __future__ import annotations

import re
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
            sheets[f"{number}.{place} {short}" if len(frames) > 1 else f"{number} {short}"] = _typed(frame, t)
    summary = pd.DataFrame([*about, ("", ""), *contents], columns=[t("Part"), t("Finding")])
    if report.definitions is not None:
        sheets[t("Definitions")] = report.definitions
    return export.workbook({t("Report"): summary, **sheets})


def _typed(frame: pd.DataFrame, t: Language) -> pd.DataFrame:
    """The frame with its texts `typed`; columns of objects, since others would lose the formats."""
    columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
    made = pd.concat([pd.Series([typed(each, t) for each in column], dtype=object, index=frame.index)
                      if isinstance(column.dtype, pd.StringDtype) or column.dtype == object else column
                      for column in columns], axis=1) if columns else frame.copy()
    made.columns = frame.columns
    return made


def typed(value: Any, t: Language) -> Any:
    """A text that is a number as this product writes it in that language (thousands grouped, a percent sign) as the
    number, to be shown as it was written; anything else as it is."""
    found = _WRITTEN[t.code].fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    point, group = (".", ",") if t.code == "en" else (",", ".")
    sign, before, digits, after = found.groups()
    number = float(digits.replace(group, "").replace(point, ".")) * (-1 if sign and sign in "-−" else 1)
    decimals = len(digits.partition(point)[2])
    shown = "#,##0" + ("." + "0" * decimals if decimals else "")
    return export.Number(number / 100, f"{shown}%") if before or after else export.Number(number, shown)


_WRITTEN = {"en": re.compile(r"([+−-]?)()((?:0|[1-9]\d{0,2}(?:,\d{3})*)(?:\.\d+)?)(%?)"),
            "tr": re.compile(r"([+−-]?)(%?)((?:0|[1-9]\d{0,2}(?:\.\d{3})*)(?:,\d+)?)()")}


def numbers(chart: Chart, t: Language) -> pd.DataFrame:
    """What a chart shows, as a table: the names and texts its tooltip tells, then its bare numbers."""
    titles = {"value": t("Value"), "net": t("Net emotion"), "share": t("Share"), "lower": t("95% from"),
              "upper": t("95% to"), "n": t("n"), "reached": t("Customers"), "customers": t("Customers")}
    bare = [name for name in _NUMBERS if name in chart.data and pd.api.types.is_numeric_dtype(chart.data[name])]
    told: dict[str, str] = {}
    for line in _tooltips(chart.spec):
        field, title = line["field"], line.get("title", line["field"])
        twice = field.startswith("interval") and {"lower", "upper"} <= set(bare)
        if field in chart.data and field not in titles and title not in [titles[name] for name in bare] and not twice:
            told.setdefault(field, title)
    if "period" in chart.data and "period" not in told:
        told = {"period": t("Period"), **told}
    if not told and "name" in chart.data:
        told = {"name": t("Name")}
    frame = chart.data[[*told, *bare]].copy()
    if "period" in told:
        frame["period"] = pd.to_datetime(frame["period"])
    percent = any("%" in str(each) for name in ("value_text", "text", "shown") if name in chart.data
                  for each in chart.data[name].head(5))
    for name in bare:
        if name == "share" or (percent and name in ("value", "lower", "upper")):
            frame[name] = pd.Series([None if pd.isna(each) else export.Number(each, "0.0%") for each in frame[name]],
                                    index=frame.index, dtype=object)
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
