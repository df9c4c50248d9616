"""The whole board as one report: what an executive would be told, each finding with what shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd

from cx import findings, names
from cx.against import held
from cx.charts.emotion import emotion_dots, emotion_line
from cx.charts.journey import journey
from cx.charts.trend import trend_line
from cx.filters import Filters
from cx.findings.compared import than
from cx.findings.highlight import Told
from cx.language import Language
from cx.metrics import change, emotion, friction, funnel, funnel_compare, highlight, kpi, skipped
from cx.metrics.definitions import definitions
from cx.metrics.differences import differences
from cx.metrics.kpi_registry import HEADLINE_KPIS, MINIMUM_N
from cx.metrics.overview import selected
from cx.metrics.own_kpi import on_overview, registry
from cx.metrics.standing import standing
from cx.report import tables
from cx.report.content import Report, Table
from cx.store import Store

MOST_TOUCHPOINTS = 6  # at either end


def board(store: Store, filters: Filters, t: Language) -> Report:
    """KPIs, journey, emotion, touchpoints, problems and wins, KPI trends and what changed, for the customers that the
    filters select."""
    known, spoken = registry(store), partial(names.label, names.stored(store), t)
    stage, touchpoint = partial(spoken, "stage"), partial(spoken, "touchpoint")
    customers, respondents, interactions = selected(store, filters)
    report = Report(t("Customer experience"), t, " · ".join([
        *filter(None, [filters.caption(t, spoken, "both"), findings.funnel.without(skipped.left_out(store), t, stage)]),
        t.plural("{n} customer", "{n} customers", n=customers + respondents),
        t.plural("{n} interaction", "{n} interactions", n=interactions)]),
        defining=lambda: definitions(t.code, known))
    if not selected(store, Filters())[2]:
        report.begin(t("Nothing has been uploaded yet."))
        report.sections[-1].alone = True
        return report
    if not interactions:
        report.begin(t("Nothing matches this selection."))
        report.add(t("Take a filter away, or choose a longer period."))
        return report

    chosen = [*HEADLINE_KPIS, *on_overview(store)]
    report.explained = chosen
    values = kpi.kpis(store, filters, filters.compare, chosen)
    year = kpi.changes(store, filters, "last_year", chosen) if filters.compare == "previous" else None
    report.begin(findings.standing.good(values, standing(store, filters), known, t),
                 findings.kpi.comparison(values, t, known, year))
    report.add(findings.kpi.headline(values, t, known, year))
    report.add(Table(t("KPIs"), tables.kpis(values, known, t)))

    found = friction.friction(store, filters)
    points, meaning = found.points, findings.highlight.meaning(found.one_in, t, found.selection)
    pains = highlight.problems(store, highlight.top(points, "pain", highlight.LOOKED_AT), filters)
    first = findings.highlight.first(pains, found.tested, t, found.selection)
    report.begin(first.what, meaning)
    report.sections[-1].alone = True
    if first.why:
        report.add(first.why)
    _highlights(report, t("Problems"), [findings.highlight.told(each.rows, each.worths, t)
                                        for each in pains[:highlight.MOST]])

    steps, curve = funnel.funnel(store, filters=filters), emotion.curve(store, "stage", filters)
    sides = held(filters, None, lambda _: ())
    gone_on = None if sides is None else funnel_compare.compare(store, sides.here, sides.there).frame
    felt = None if sides is None else differences(curve, emotion.curve(store, "stage", sides.there), ["key"],
                                                  kpi.minimum_n(store), value="net")
    words = than(sides.kind, "", t) if sides else None
    if len(steps):
        report.begin(findings.emotion.journey(steps, curve, t, stage, gone_on, felt, words),
                     t("Bars: customers who reach each stage in order, between them the share lost. Line: net emotion, "
                       "percent positive minus percent negative. Shaded: surely more bad than good."))
        for row in skipped.told(store, filters).to_dict("records"):
            report.add(findings.funnel.passed_by(row, t, stage))
        report.add(journey(steps, curve, t, stage))
    if curve["n"].sum():
        report.begin(findings.emotion.feelings(curve, t, stage, felt, words),
                     t("Net emotion: percent of positive minus percent of negative interactions; the band is the 95% "
                       "interval."))
        report.add(emotion_line(curve, t, stage))
        _touchpoints(report, store, filters, t, touchpoint)
    best = highlight.top(points, "delight")
    if best:
        report.begin(findings.friction.delights(points, t), meaning)
        _highlights(report, t("Wins"), [findings.highlight.told(rows, [], t) for rows in best])
    for row in values[values["value"].notna()].to_dict("records"):
        _trend(report, store, filters, row["kpi"], row)
    moves = change.what_changed(store, filters)
    if len(moves):
        report.begin(findings.kpi.changed_most(moves, t, spoken), findings.kpi.comparison(values, t))
    for move in moves.to_dict("records"):
        report.add(findings.kpi.move(move, t, spoken))
    return report


def _touchpoints(report: Report, store: Store, filters: Filters, t: Language, name: Callable[[str], str]) -> None:
    parts = kpi.breakdown(store, "net_emotion", "touchpoint", filters)
    worst, best = (findings.kpi.extremes(parts, "net_emotion", t, name, good=good) for good in (False, True))
    report.begin(t("Feels worse than the rest: {place}", place=worst[0]) if worst
                 else t("No touchpoint feels surely worse than the rest."),
                 t("The touchpoints that feel worst and best; the line is the 95% interval."))
    report.add(emotion_dots(_ends(emotion.curve(store, "touchpoint", filters)), t, name))
    for line in worst[1:]:
        report.add(t("Feels worse than the rest: {place}", place=line))
    for line in best:
        report.add(t("Feels better than the rest: {place}", place=line))


def _highlights(report: Report, name: str, told: Sequence[Told]) -> None:
    """Problems or wins as a table; left out where nothing is sure."""
    if told:
        report.add(Table(name, tables.highlights(told, report.t)))


def _ends(curve: pd.DataFrame) -> pd.DataFrame:
    """The worst and the best touchpoints with enough answers, worst first."""
    known = curve[curve["n"] >= MINIMUM_N].sort_values("net", kind="stable")
    return known if len(known) <= 2 * MOST_TOUCHPOINTS else pd.concat([known.head(MOST_TOUCHPOINTS),
                                                                       known.tail(MOST_TOUCHPOINTS)])


def _trend(report: Report, store: Store, filters: Filters, key: str, row: dict[str, object]) -> None:
    """A KPI over time; left out where it has no course."""
    t, one = report.t, registry(store)[key]
    course = kpi.trend(store, key, "auto", filters)
    if len(course) < 2:
        return
    report.begin(findings.kpi.trend(one, row, t), findings.trend.note(one, row, t))
    report.add(trend_line(course, t, title=t(one.name), unit=one.unit, target=row["target"],  # type: ignore[arg-type]
                          shown=lambda value: findings.kpi_value(t, one, value)))
