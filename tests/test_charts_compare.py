"""Every chart shows what the selection is held against, or is named here with the reason why it does not; and what
surely differs is told in words with its interval, or a reason stands here why not."""

from __future__ import annotations

import ast

import pandas as pd
import pytest

from cx.charts.bars import measure_bars, measure_dots
from cx.charts.theme import MUTED, OTHER
from cx.charts.trend import Thin, trend_line
from cx.language import language
from tests.test_charts_lead import _HELPERS, PAGES, _charts, _key

BESIDE, TWO, COURSE = "in one picture", "two pictures on one scale", "a second line"
FUNNEL = "the section “compared with” on the same page tests each step, and the times"

COMPARES: dict[tuple[str, str], tuple[str, str]] = {
    # (page or part, chart): (how it shows the other side, key of the differences that are told beside it, or the reason
    # why none are)
    ("pages/funnel.py", "funnel"): (BESIDE, FUNNEL),
    ("pages/funnel.py", "segments"): (BESIDE, "segments"),
    ("pages/parts/funnel_versus.py", "versus-dots"): (BESIDE, "is itself the differences of the steps"),
    ("pages/parts/funnel_time.py", "durations"): (TWO, FUNNEL),
    ("pages/parts/funnel_time.py", "over-time"): (COURSE, "the whole is told by the steps; a point holds few customers"),
    ("pages/parts/funnel_lost.py", "lost"): (BESIDE, "lost"),
    ("pages/parts/funnel_lost.py", "telling"): (BESIDE, "telling"),
    ("pages/parts/journey_view.py", "journey"): (BESIDE, "its title tells both; Funnel and Emotions list them"),
    ("pages/parts/journey_view.py", "journey-rows"): (BESIDE, "its title tells both; Funnel and Emotions list them"),
    ("pages/walk.py", "met-{}"): (BESIDE, "met"),
    ("pages/simulator.py", "simulated"): (BESIDE, "simulated"),
    ("pages/paths.py", "near{}"): (BESIDE, "places"),
    ("pages/parts/path_ways.py", "matrix"): (TWO, "pairs"),
    ("pages/emotions.py", "curve"): (BESIDE, "stages"),
    ("pages/emotions.py", "touchpoints"): (BESIDE, "places"),
    ("pages/parts/remembered.py", "memory"): (BESIDE, "memory"),
    ("pages/parts/remembered.py", "sources"): (BESIDE, "how an emotion is known is no finding about customers"),
    ("pages/parts/who_feels.py", "heat"): (TWO, "cells"),
    ("pages/parts/who_feels.py", "shares"): (TWO, "shares"),
    ("pages/comments.py", "topics"): (TWO, "topics"),
    ("pages/touchpoints.py", "{dimension}"): (BESIDE, "{dimension}"),
    ("pages/touchpoints.py", "{kind}"): (TWO, "{kind}"),
    ("pages/parts/across_blocks.py", "stages"): (BESIDE, "handed-stages"),
    ("pages/parts/across_blocks.py", "moves"): (TWO, "handed-pairs"),
    ("pages/parts/across_blocks.py", "pairs"): (BESIDE, "handed-pairs"),
    ("pages/parts/across_blocks.py", "repeats"): (BESIDE, "repeats"),
    ("pages/parts/across_blocks.py", "credit"): (TWO, "credit"),
    ("pages/parts/across_blocks.py", "credit-rule"): (BESIDE, "credit"),
    ("pages/trends.py", "trend"): (COURSE, "kpis"),
    ("pages/trends.py", "parts"): (BESIDE, "parts"),
    ("pages/retention.py", "curve"): (BESIDE, "ages"),
    ("pages/retention.py", "cohorts"): (TWO, "the curve above tells each age; one cohort holds few customers"),
    ("pages/retention.py", "groups"): (TWO, "groups"),
    ("pages/pain_points.py", "{kind}"): (TWO, "pains"),
    ("pages/pain_points.py", "heat"): (TWO, "pains"),
    ("pages/parts/friction_view.py", "friction-course"): (COURSE, "its place is among the differences above"),
    ("pages/drivers.py", "weights"): (BESIDE, "drivers"),
    ("pages/drivers.py", "quadrants"): (TWO, "drivers"),
    ("pages/parts/response_view.py", "response"): (TWO, "points hold as many answers each, so theirs lie elsewhere"),
    ("pages/opportunities.py", "effort"): (BESIDE, "opportunities"),
    ("pages/opportunities.py", "worth"): (BESIDE, "opportunities"),
    ("pages/parts/present.py", "slide-journey"): (BESIDE, "a wall is read from afar: the title tells both"),
    ("pages/parts/present.py", "slide-emotions"): (BESIDE, "a wall is read from afar: the title tells both"),
    ("pages/parts/present.py", "slide-{}"): (COURSE, "a wall is read from afar"),
}
ALONE = {
    ("pages/parts/action_board.py", "course-{}"): "an action is held against what came before, and the rest",
    ("pages/parts/alert_form.py", "rule-course"): "a rule watches one course, whatever is filtered",
    ("pages/customer.py", "timeline"): "one customer is no group",
}


def test_every_chart_shows_the_other_side_or_says_why_not() -> None:
    charts = {(file, key) for file, key, _ in _charts()}
    assert charts == {*COMPARES, *ALONE}
    assert not {*COMPARES} & {*ALONE}


def test_two_pictures_are_drawn_by_what_draws_two() -> None:
    assert _calls("against.chart", 2) == {at for at, (how, _) in COMPARES.items() if how == TWO}


def test_differences_are_told_where_it_says_so() -> None:
    told = {key for _, key in _calls("against.differences", 3)}
    missing = {words for _, words in COMPARES.values() if " " not in words} - told
    assert not missing - {"drivers", "pains", "opportunities", "kpis"}  # by functions that several pages share
    shared = {file for file, _ in _calls("against.differences", 3)}
    assert {f"pages/parts/{each}.py" for each in ("drivers_beside", "pains_beside", "opportunity_cards", "kpi_sides")
            } <= shared


def _calls(function: str, place: int) -> set[tuple[str, str]]:
    """(file, the argument at that place) of every call of a function of a part."""
    return {(name, _key(call.args[place])) for path in sorted(PAGES.rglob("*.py"))
            if (name := path.relative_to(PAGES.parent).as_posix()) not in _HELPERS
            for call in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(call, ast.Call) and ast.unparse(call.func) == function and len(call.args) > place}


def test_two_groups_that_share_no_row_stand_below_each_other() -> None:
    """Young explorers against loyal regulars, by persona: each has its own row, and the other's is told as the other's."""
    here = pd.DataFrame({"key": ["young"], "name": ["Young"], "value": [0.1], "lower": [0.08], "upper": [0.12],
                         "text": ["10%"]})
    there = here.assign(key="loyal", name="Loyal", value=0.4, lower=0.3, upper=0.5, text="40%")
    for draw in (measure_bars, measure_dots):
        drawn = draw(here, language("en"), value_title="Share", beside=there, other_name="Loyal").data
        assert drawn["name"].tolist() == ["Young", "Loyal"]
        assert drawn["value"].tolist() == [0.1, pytest.approx(float("nan"), nan_ok=True)]
        assert drawn["other_value"].tolist() == [pytest.approx(float("nan"), nan_ok=True), 0.4]
        assert drawn["label"].tolist() == ["10%", "40%"]
        shared = draw(here, language("en"), value_title="Share", beside=there.assign(key="young"), other_name="Loyal")
        assert shared.data["name"].tolist() == ["Young"]


def test_a_row_without_a_value_keeps_its_dash_with_and_without_another_side() -> None:
    rows = pd.DataFrame({"key": ["a", "b"], "name": ["A", "B"], "value": [0.4, None], "lower": [0.3, None],
                         "upper": [0.5, None], "text": ["40%", "—"]})
    for draw in (measure_bars, measure_dots):
        for beside in ({}, {"beside": rows.head(1), "other_name": "before"}):
            assert draw(rows, language("en"), value_title="Share", **beside).alt == "A: 40%; B: —"


def test_dots_without_an_interval_are_drawn_around_their_value() -> None:
    """One purchase has no interval: bounds that are not known are no numbers of a chart."""
    row = pd.DataFrame({"key": ["a"], "name": ["A"], "value": [-0.4], "lower": [None], "upper": [None], "text": ["−40%"]})
    for rows, first in ((row, "-0.4 -"), (row.assign(value=None), 0), (row.head(0), 0)):
        scale = measure_dots(rows, language("en"), value_title="Share").spec["layer"][-1]["encoding"]["x"]["scale"]
        assert "nan" not in str(scale)
        assert str(scale["domainMin"] if first == 0 else scale["domainMin"]["expr"]).startswith(str(first))


def test_what_is_held_against_a_course_is_a_line_in_its_colour() -> None:
    course = pd.DataFrame({"period": pd.to_datetime(["2026-01-01", "2026-02-01"]), "value": [1.0, 2.0],
                           "lower": [0.0, 1.0], "upper": [2.0, 3.0], "n": [40, 40], "complete": [True, True]})
    lines = [Thin("same", course.assign(note=""), other=other) for other in (False, True)]
    drawn = trend_line(course, language("en"), title="NPS", shown=str, thin=lines)
    assert drawn.data["held"].tolist() == [False] * 4 + [True] * 2
    colours = {layer["mark"]["color"]: layer["transform"][-1]["filter"] for layer in drawn.spec["layer"]
               if layer["mark"].get("strokeWidth") == 1.5}
    assert colours == {OTHER: "datum.held", MUTED: "!datum.held"}
