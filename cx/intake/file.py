"""The entry points over a file: propose, preview, load."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa

from cx.errors import IntakeError, Stopped
from cx.intake.cell_formats import settle_clocks
from cx.intake.headings import NOBODY_SAID, Headings, known_headings
from cx.intake.joins import join_customers
from cx.intake.kept import forget, keep, recall
from cx.intake.load import commit
from cx.intake.plan import Plan, Receipt
from cx.intake.prepare import Prepared, Rows
from cx.intake.privacy import workspace_key
from cx.intake.progress import Progress, unwatched
from cx.intake.propose import Loaded, propose_tables
from cx.intake.read import read
from cx.intake.seen_before import SeenBefore, look
from cx.intake.table import Table
from cx.intake.zones import time_zone
from cx.language import text
from cx.model import FIELD
from cx.store import Store


def propose(path: str | Path, language: str | None = None, store: Store | None = None, *,
            name: str | None = None, progress: Progress = unwatched, headings: Mapping[str, int] | None = None) -> Plan:
    """What a file seems to hold. Nothing is stored.

    language  what the file is known to be written in ("en", "tr"): settles dates and numbers that could be read both
              ways; None = its own words decide, else it is asked. The language of the screen says nothing of it
    store     reuse the mapping of an earlier upload with the same headers
    name      the file's name where the path is a temporary one
    progress  told how many rows were read, of how many; see cx.intake.progress
    headings  as Plan has them

    Raises IntakeError for a file that is no table. Where nothing could be recognised the plan has an error, which goes
    once somebody says what the columns are (cx.intake.correct).
    """
    loaded, _ = tables_of(path, name, progress, known_headings(store, headings))
    return propose_tables(loaded, name or Path(path).name, language, store)


def preview(path: str | Path, plan: Plan, limit: int = 50, store: Store | None = None) -> pd.DataFrame:
    """The first interactions of each sheet that a plan yields: the fields that are filled, with sheet and row. Of
    tables of figures: sheet, kpi, period, value, n, of (key of whom it is of). Nothing is stored.

    store  where customers are looked up that a join finds by a number; None = nowhere

    Open questions are passed over: times that are in question stay empty.
    """
    frames = [_shown(each, limit) for each in _prepare(
        [_first(table, 4 * limit) for table, _ in tables_of(path, plan.file, headings=Headings(plan.headings))[0]],
        Plan.from_json(plan.to_json()), store, plan.file)]
    shown = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return shown.dropna(axis="columns", how="all")


def seen_before(store: Store, path: str | Path, plan: Plan, progress: Progress = unwatched) -> SeenBefore:
    """What of a file the workspace holds already, by a plan without open problems. Nothing is stored.

    progress  told how many rows were compared, of how many; an exception it raises stops the comparison
    """
    loaded, _ = tables_of(path, plan.file, progress, Headings(plan.headings))
    return look(store, _prepare(loaded, plan, store, plan.file), progress)


def load(store: Store, path: str | Path, plan: Plan | None = None, name: str | None = None,
         progress: Progress | None = None) -> Receipt:
    """Load a file by its plan (or the proposed one), as a whole or not at all.

    progress  told how many rows are done, of how many; see cx.intake.progress

    Raises IntakeError where the plan has an error or a question without answer; nothing is stored then.
    """
    path = Path(path)
    name = name or (plan.file if plan else path.name)
    report = progress or unwatched
    report(0, None)
    with ThreadPoolExecutor(1, "cx-digest") as aside:  # while the file is read
        digest = aside.submit(_sha256, path)
        loaded, fresh = tables_of(path, name, lambda done, total, doing=None: report(done * 3 // 10, total, doing),
                                  Headings(plan.headings) if plan else known_headings(store))
        if plan is None:
            plan = propose_tables(loaded, name, None, store)
    open_problems = plan.open_problems()
    if open_problems:
        raise IntakeError(open_problems[0].text)
    settle_clocks(plan)
    rows = sum(sheet.rows for sheet in plan.sheets if not sheet.skip)
    read = rows * 3 // 10 if fresh else 0
    report(read, rows)
    prepared = _prepare(loaded, plan, store, name)
    receipt = commit(store, prepared, name=name, sha256=digest.result(), size=path.stat().st_size, plan=plan,
                     progress=lambda done, total, doing=None: report(
                         read + (rows - read) * done // max(total or rows, 1), rows, doing))
    with suppress(Stopped):  # too late
        report(rows, rows)
    forget(path)
    return receipt


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tables_of(path: str | Path, name: str | None, progress: Progress = unwatched,
              headings: Headings = NOBODY_SAID) -> tuple[list[Loaded], bool]:
    """(the tables of a file, each with its columns; whether it was read just now). What was read for a proposal is kept
    for the preview and the load, as long as the file stays as it is."""
    name = name or Path(path).name
    kept = recall(path, name, headings)
    if kept is not None:
        return kept, False
    loaded = [(table, table.columns()) for table in read(path, name, progress, headings)]
    keep(path, name, loaded, headings)
    return loaded, True


def _shown(prepared: Prepared, limit: int) -> pd.DataFrame:
    if prepared.figures:
        return pd.DataFrame([{"sheet": prepared.name, "kpi": each.kpi, "period": each.period, "value": each.value,
                              "n": each.n, "of": each.member or None} for each in prepared.figures]).head(limit)
    frames = [_frame(rows) for _, parts in prepared.rows() for rows in parts]
    shown = pd.concat(frames).sort_values("position").head(limit) if frames else pd.DataFrame({"position": []})
    return shown.drop(columns="position").assign(sheet=prepared.name)


def _frame(rows: Rows) -> pd.DataFrame:
    columns = {name: rows.part.fields[name].arrow() for name in FIELD if name in rows.part.fields}
    table = pa.table({"position": pa.array(rows.positions), **columns, "row_number": pa.array(rows.numbers)})
    return table.cast(pa.schema([pa.field(field.name, pa.string() if pa.types.is_dictionary(field.type) else field.type)
                                 for field in table.schema])).to_pandas()


def _first(table: Table, rows: int) -> Loaded:
    head = Table(table.name, table.header, table.rows[:rows], table.header_row, table.row_numbers[:rows],
                 numbers=table.numbers, from_1904=table.from_1904)
    return head, head.columns()


def _prepare(loaded: list[Loaded], plan: Plan, store: Store | None, name: str) -> list[Prepared]:
    """The sheets of the plan that are not skipped, met by their place (a plan fits files with the same sheets)."""
    key, zone = workspace_key(store), time_zone(store, plan.zone)
    prepared = []
    for position, sheet in enumerate(plan.sheets):
        if sheet.skip:
            continue
        if position >= len(loaded) or loaded[position][0].keys != sheet.header:
            raise IntakeError(text("The file “{name}” does not have the columns the plan was made for (sheet "
                                   "“{sheet}”). Make a new plan for it.", name=name, sheet=sheet.name))
        table, columns = loaded[position]
        prepared.append(Prepared(table, columns, plan, sheet, key, zone=zone, scope=name))
    join_customers(prepared, [sheet for sheet in plan.sheets if not sheet.skip], store)
    return prepared
