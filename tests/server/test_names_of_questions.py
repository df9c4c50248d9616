"""The SQL dialog names questions in the reader's words: every question that a page asks has a name."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

from cx.language import language
from pages.parts.computed import NAMES, named

PAGES = Path(__file__).resolve().parents[2] / "pages"


def asked() -> Iterator[tuple[str, str]]:
    """(module, function) of every `ask(question, …)` and `both(question, …)` whose question is named there."""
    for path in sorted(PAGES.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        whence = {name.asname or name.name: (each.module or "", name.name) for each in ast.walk(tree)
                  if isinstance(each, ast.ImportFrom) for name in each.names}
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and call.args and (
                    getattr(call.func, "id", getattr(call.func, "attr", "")) in ("ask", "both")):
                question = call.args[0]
                name = question.value.id if isinstance(question, ast.Attribute) and isinstance(
                    question.value, ast.Name) else question.id if isinstance(question, ast.Name) else ""
                package, what = whence.get(name, ("", ""))
                if package.startswith("cx"):
                    found = (getattr(importlib.import_module(f"{package}.{what}"), question.attr)
                             if isinstance(question, ast.Attribute) else getattr(importlib.import_module(package), what))
                    yield found.__module__.split(".")[-1], found.__qualname__


def test_every_question_of_a_page_has_a_name() -> None:
    found = set(asked())
    assert ("kpi", "kpis") in found
    assert len(found) > 60
    assert {module for module, function in found if not {module, f"{module}.{function}"} & set(NAMES)} == set()


def test_questions_about_the_same_are_numbered() -> None:
    calls = ["cx.metrics.kpi.trend('nps')", "cx.metrics.kpi.trend('csat')", "cx.metrics.funnel.funnel()", "x.y.z()"]
    assert list(named(calls, language("en")).values()) == ["A KPI over time (1)", "A KPI over time (2)", "Funnel", "Further numbers"]
    assert named(calls, language("tr"))[calls[2]] == "Huni"
