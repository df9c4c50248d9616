"""Which interactions the rows of a sheet become."""

from __future__ import annotations

from pathlib import Path

from cx import intake, open_store
from tests.intake.files import text_file


def stored(tmp_path: Path, content: str, columns: str, layout: intake.plan.Layout | None = None) -> list[tuple]:
    store, path = open_store(":memory:"), text_file(tmp_path, content)
    plan = intake.propose(path)
    assert layout is None or plan.sheets[0].layout == layout
    intake.load(store, path, plan)
    return store.rows(f"SELECT {columns} FROM interactions ORDER BY ALL")


def test_what_a_row_of_a_survey_measures_counts_where_it_answers_nothing_else(tmp_path):
    rows = "".join(f"c{n},2026-03-{n:02},{n % 5 + 1},{n % 4 + 1},{'' if n % 2 else n % 11},{n}\n" for n in range(1, 21))
    sheet = ("Customer no,Date,How satisfied are you with the checkout? (1-5),How satisfied are you with the delivery? (1-5),"
             "How likely are you to recommend us? (0-10),Waiting time (min)\n" + rows)
    waits = stored(tmp_path, sheet, "wait_seconds", "survey")
    assert [wait for (wait,) in waits if wait is not None] == [60 * n for n in range(1, 21)]
