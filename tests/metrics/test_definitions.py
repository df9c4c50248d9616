"""The definitions in both languages, and the document written from them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cx.language import LANGUAGES
from cx.metrics.definitions import COLUMNS, definitions, markdown
from cx.metrics.kpi_registry import KPIS
from cx.model import FIELD

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "metrics.md"


def test_the_document_is_what_the_registry_says() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == markdown(), "run: python -m cx.metrics.definitions > docs/metrics.md"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_kpi_is_defined_in_every_language(code) -> None:
    frame = definitions(code)
    assert frame["kpi"].tolist() == list(KPIS)
    assert (frame[["name", "definition", "formula", "unit", "direction", "interval", "needs"]] != "").all(axis=None)


def test_turkish_is_not_english() -> None:
    english, turkish = definitions("en"), definitions("tr")
    same = english.loc[english["definition"] == turkish["definition"], "kpi"]
    assert same.empty
    assert (english["formula"] != turkish["formula"]).all()


def test_a_kpi_needs_fields_that_exist() -> None:
    for kpi in KPIS.values():
        assert kpi.fields
        assert all(name in FIELD for way in kpi.fields for name in way)


def test_no_definition_or_formula_stands_anywhere_but_in_the_registry() -> None:
    """Definitions page, tile help and exports read the registry: a copy could come to disagree with it."""
    root = DOCUMENT.parents[1]
    sources = {path: path.read_text(encoding="utf-8") for folder in ("cx", "pages", "server")
               for path in (root / folder).rglob("*.py") if path.name != "kpi_registry.py"}
    sources = {path: re.sub(r'""".*?"""', "", text, flags=re.DOTALL) for path, text in sources.items()}
    for kpi in KPIS.values():
        for words in (str(kpi.definition), str(kpi.formula)):
            if len(words) > 20:
                assert not [path.name for path, text in sources.items() if words in text], words


def test_what_is_exported_is_what_is_defined() -> None:
    assert set(COLUMNS) == set(definitions("en").columns) - {"kpi"}
