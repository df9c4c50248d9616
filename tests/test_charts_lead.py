"""Every chart leads somewhere when it is clicked, or is named here with the reason why it does not."""

from __future__ import annotations

import ast
from pathlib import Path

PAGES = Path(__file__).resolve().parents[1] / "pages"

LEADS = {
    # page or part: {chart: where a click leads}
    "pages/funnel.py": {"funnel": "who was lost after the step", "segments": "only this segment"},
    "pages/parts/funnel_versus.py": {"versus-dots": "who was lost before the step"},
    "pages/parts/funnel_time.py": {"durations": "who took so long", "over-time": "who entered in that period"},
    "pages/parts/funnel_lost.py": {"lost": "who did this next", "telling": "who has the thing that tells apart"},
    "pages/parts/journey_view.py": {"journey": "how the stage feels", "journey-rows": "how the stage feels"},
    "pages/walk.py": {"met-{}": "only this touchpoint"},
    "pages/simulator.py": {"simulated": "who reached the stage, or was lost before it"},
    "pages/paths.py": {"near{}": "the paths from this place"},
    "pages/parts/path_ways.py": {"matrix": "who went from one to the other"},
    "pages/emotions.py": {"curve": "only this stage", "touchpoints": "only this touchpoint"},
    "pages/parts/remembered.py": {"memory": "the customers, the worst first", "sources": "the interactions"},
    "pages/parts/who_feels.py": {"heat": "only this cell", "shares": "the rows behind it"},
    "pages/comments.py": {"topics": "the comments on it"},
    "pages/touchpoints.py": {"{dimension}": "only this touchpoint or channel", "{kind}": "the rows of these channels"},
    "pages/parts/across_blocks.py": {
        "stages": "the hand-offs of the stage", "moves": "who was handed over", "pairs": "who was handed over",
        "repeats": "only this part", "credit": "the purchases it took part in", "credit-rule": "the same"},
    "pages/trends.py": {"trend": "the rows of the period", "parts": "only this segment"},
    "pages/retention.py": {"curve": "who came back after so long", "cohorts": "who they are", "groups": "only this group"},
    "pages/pain_points.py": {"{kind}": "all of the place, its customers", "heat": "only this cell"},
    "pages/parts/friction_view.py": {"friction-course": "the rows of the period"},
    "pages/drivers.py": {"weights": "the customers, the worst first", "quadrants": "the customers, the worst first"},
    "pages/parts/response_view.py": {"response": "the answers of the point"},
    "pages/opportunities.py": {"effort": "all of the place, its customers", "worth": "all of the place, its customers"},
}
NOWHERE = {
    ("pages/trends.py", "trend"): "figures of an uploaded table, behind which there are no rows; the other one leads",
    ("pages/parts/action_board.py", "course-{}"): "an action's before and after: its place is looked at on Pain points",
    ("pages/parts/alert_form.py", "rule-course"): "a rule that is being written: the form would be lost",
    ("pages/customer.py", "timeline"): "the journey of one customer is where all others lead to",
    ("pages/parts/present.py", "slide-journey"): "on a wall nobody clicks",
    ("pages/parts/present.py", "slide-emotions"): "on a wall nobody clicks",
    ("pages/parts/present.py", "slide-{}"): "on a wall nobody clicks",
}
_HELPERS = ("pages/parts/show.py", "pages/parts/against.py")  # draw what they are given


def _charts() -> list[tuple[str, str, bool]]:
    """File, key (braces for what is filled in) and whether a click leads somewhere, of each chart there is."""
    found = []
    for path in sorted(PAGES.rglob("*.py")):
        name = path.relative_to(PAGES.parent).as_posix()
        for call in ast.walk(ast.parse(path.read_text("utf-8"))) if name not in _HELPERS else ():
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("show.chart", "against.chart"):
                place = 1 if ast.unparse(call.func) == "show.chart" else 2
                picks = len(call.args) > place + 1 or any(each.arg == "on_pick" for each in call.keywords)
                found.append((name, _key(call.args[place]), picks))
    return found


def _key(given: ast.expr) -> str:
    if isinstance(given, ast.Constant):
        return str(given.value)
    if isinstance(given, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in given.values)
    return "{" + ast.unparse(given) + "}"


def test_every_chart_leads_to_those_behind_it_or_says_why_not() -> None:
    charts = _charts()
    assert len(charts) > 40
    leading = {(file, key) for file, key, picks in charts if picks}
    assert leading == {(file, key) for file, keys in LEADS.items() for key in keys}
    assert {(file, key) for file, key, picks in charts if not picks} == set(NOWHERE)


def test_the_diagram_of_paths_leads_too() -> None:
    drawn = [call for path in PAGES.rglob("*.py") for call in ast.walk(ast.parse(path.read_text("utf-8")))
             if isinstance(call, ast.Call) and ast.unparse(call.func) in ("st.echarts_chart", "paths.flows", "flow")]
    assert len(drawn) == 4
    assert all(any(each.arg in ("on_select", "on_pick") for each in call.keywords) or len(call.args) == 3 for call in drawn)
