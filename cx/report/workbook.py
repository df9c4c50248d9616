"""A report as a workbook: what it is about, a tidy sheet for every table and chart, and the definitions."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cx import export
from cx.charts.theme import Chart
from cx.language import Language
from cx.report.content import Report
from cx.report.tidy import distinct, tidy

_NUMBERS = ("value", "net", "share", "lower", "upper", "n", "reached", "customers")
_MEASURES = {"value": "", "net": "+#,##0.0;-#,##0.0;0.0", "share": "0.0%"}
"""{what an interval may be of: how it is shown where nothing tells}."""


def write(report: Report) -> bytes:
    """The whole report."""
    t = report.t
    about = [(t("Report"), report.title), (t("Shown"), report.caption), (t("Made"), report.made),
             (t("Note"), t("Numbers of tables are rounded as on the screen, those of charts are not."))]
    sheets: dict[str, pd.DataFrame] = {}
    contents: list[tuple[str, str]] = []
    links: dict[int, str] = {}
    for number, section in enumerate(report.filled, start=1):
        entry = len(about) + 1 + len(contents)
        contents.append((str(number), section.title))
        contents += [("", sentence) for sentence in section.sentences]
        frames = [*(numbers(chart, t) for chart in section.charts),
                  *(tidy(table.frame, t) for table in section.tables)]
        for place, frame in enumerate(frames, start=1):
            short = textwrap.shorten(section.title, 25, placeholder="…")
            name = f"{number}.{place} {short}" if len(frames) > 1 else f"{number} {short}"
            sheets[name] = frame
            links.setdefault(entry, name)
    summary = pd.DataFrame([*about, ("", ""), *contents], columns=[t("Part"), t("Finding")])
    if report.definitions is not None:
        links[len(summary)] = t("Definitions")
        summary.loc[len(summary)] = ["", t("Definitions")]
        sheets[t("Definitions")] = report.definitions
    return export.workbook({t("Report"): summary, **sheets}, links)


def numbers(chart: Chart, t: Language) -> pd.DataFrame:
    """What a chart shows, as a tidy table: the names and texts its tooltip tells, then its bare numbers, unrounded."""
    titles = {"value": t("Value"), "net": t("Net emotion"), "share": t("Share"), "lower": t("95% from"),
              "upper": t("95% to"), "n": t("n"), "reached": t("Customers"), "customers": t("Customers")}
    bare = [name for name in _NUMBERS if name in chart.data and pd.api.types.is_numeric_dtype(chart.data[name])]
    told = _told(chart, t, [titles[name] for name in bare], interval={"lower", "upper"} <= set(bare))
    told = {field: title for field, title in told.items() if field not in bare}
    frame = chart.data[[*told]].set_axis(distinct([*told.values()]), axis="columns")
    if "period" in told:
        frame[told["period"]] = pd.to_datetime(frame[told["period"]])
    frame = tidy(frame, t)
    unsaid = [name for name in ("value_text", "text", "shown") if name in chart.data and name not in told]
    texts = tidy(chart.data[unsaid].set_axis([titles["value"]] * len(unsaid), axis="columns"), t, named=False)
    scales = {name: _scale(chart.data[name], frame) or _scale(chart.data[name], texts) or _Scale(1, usual, "")
              for name, usual in _MEASURES.items() if name in bare}
    ends = next(iter(scales.values()), _Scale(1, "", ""))
    for name in bare:
        exact, scale = chart.data[name].astype(float), scales.get(name, ends if name in ("lower", "upper") else None)
        if scale is None:
            if not any(pd.to_numeric(frame[known], errors="coerce").equals(exact) for known in frame.columns):
                frame[titles[name]] = exact
        elif name in scales and scale.column in frame:  # said already, rounded
            frame[scale.column] = scale.of(exact)
        else:
            frame[titles[name] + scale.behind(titles["value"])] = scale.of(exact)
    if len(frame.columns):
        frame = frame[frame.iloc[:, 0].notna()]  # what else is drawn
    return frame.dropna(axis="columns", how="all").drop_duplicates()


@dataclass(frozen=True)
class _Scale:
    """How bare numbers are shown: times `factor`, in that format of Excel ("" = any); `column`: where that is known
    from."""

    factor: float
    format: str
    column: str

    def of(self, exact: pd.Series) -> pd.Series:
        shown = [None if pd.isna(each) else export.Number(each * self.factor, self.format) if self.format
                 else each * self.factor for each in exact]
        return pd.Series(shown, index=exact.index, dtype=object)

    def behind(self, title: str) -> str:
        """The unit that the column's heading has behind the title."""
        return self.column.removeprefix(title) if self.column.startswith(f"{title} (") else ""


_FACTORS = (1, 100, 1 / 100, 1 / 60, 1 / 3600, 1 / 86400, 60)


def _scale(exact: pd.Series, frame: pd.DataFrame) -> _Scale | None:
    """That of the column which holds the same numbers, rounded or in another unit."""
    for name in frame.columns:
        shown = [each for each in frame[name] if isinstance(each, export.Number)]
        if not any(shown) or len({each.format for each in shown}) > 1 or not frame[name].map(
                lambda each: each is None or isinstance(each, export.Number) or each != each).all():
            continue
        pairs = [(known, own) for known, own in zip(frame[name], exact, strict=True)
                 if isinstance(known, export.Number) and own == own]
        for factor in _FACTORS:
            loose = 0.04 * (factor != 1)  # "1.4 days" is round
            if pairs and all(abs(known - own * factor) <= max(_half(known), loose * abs(known))
                             for known, own in pairs):
                return _Scale(factor, shown[0].format.replace("#,##0%", "#,##0.0%"), name)
    return None


def _half(number: export.Number) -> float:
    """Half of the last decimal that is shown."""
    decimals = len(number.format.split(";")[0].partition(".")[2].rstrip("%")) + 2 * ("%" in number.format)
    return 0.51 * float(10 ** -decimals)


def _told(chart: Chart, t: Language, bare: list[str], *, interval: bool) -> dict[str, str]:
    """{field: title} of what the tooltip tells; without what the columns `bare` say, and without the interval where its
    ends are columns."""
    told: dict[str, str] = {}
    for line in _tooltips(chart.spec):
        field, title = line["field"], line.get("title", line["field"])
        if field in chart.data and title not in bare and not (interval and field.startswith("interval")):
            told[field] = title  # of the layer drawn last, the main one
    if "period" in chart.data and "period" not in told:
        told = {"period": t("Period"), **{field: title for field, title in told.items() if field != "when"}}
    return told or ({"name": t("Name")} if "name" in chart.data else {})


def _tooltips(spec: Any) -> list[dict[str, Any]]:
    """Every tooltip line of a specification, in order."""
    if isinstance(spec, list):
        return [line for part in spec for line in _tooltips(part)]
    if not isinstance(spec, dict):
        return []
    own = spec.get("tooltip")
    lines = [line for line in own if isinstance(line, dict) and "field" in line] if isinstance(own, list) else []
    return lines + [line for name, part in spec.items() if name != "tooltip" for line in _tooltips(part)]
