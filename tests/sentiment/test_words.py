"""The lists of words hold together, and do not get worse on the comments that were held out (benchmarks/comments)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cx.sentiment import judge
from cx.sentiment.lexicon import Lexicon, _read

HELD_OUT = Path(__file__).resolve().parents[2] / "benchmarks" / "comments"


@pytest.mark.parametrize("code", ["en", "tr"])
def test_no_entry_is_weighed_twice(code) -> None:
    seen: dict[object, float] = {}
    for entry in _read(code):
        assert seen.setdefault(entry.parts, entry.weight) == entry.weight, entry.parts


@pytest.mark.parametrize("code", ["en", "tr"])
def test_every_entry_is_found_as_it_is_written(code) -> None:
    known = Lexicon(code)
    for entry in _read(code):
        words = [(stem, stem) for stem, _ in entry.parts]
        found = known.find(words, 0)
        assert found is not None
        assert found.length == len(words), entry.parts


@pytest.mark.parametrize("code", ["en", "tr"])
def test_most_held_out_comments_are_told_and_nearly_all_of_these_rightly(code) -> None:
    with (HELD_OUT / f"held_out.{code}.tsv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    assert len(rows) >= 150
    said = [(int(label), judge(comment).emotion) for label, _, comment in rows]
    told = [(label, emotion) for label, emotion in said if label and emotion]
    assert len(told) >= 0.85 * sum(label != 0 for label, _ in said)
    assert sum(label == emotion for label, emotion in told) >= 0.92 * len(told)
    assert sum(label == emotion for label, emotion in said) >= 0.80 * len(said)
