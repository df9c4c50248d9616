"""The same from a shell, for schedulers: `python -m cx load FILE… | kpis | funnel | …` (docs/cli.md)."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from cx import findings, intake, names, report, shell
from cx.engine import in_lake, open_store
from cx.errors import CxError, EngineError, QueryError, Stopped, StoreError, UnknownValue
from cx.filters import DIMENSIONS, LABELS, Filters
from cx.findings.kpi import kpi_value
from cx.intake import Receipt
from cx.intake.history import uploads
from cx.language import DASH, Language, Text, language, text
from cx.metrics import skipped
from cx.metrics.attributes import attribute_values
from cx.metrics.funnel import funnel
from cx.metrics.kpi import kpis
from cx.metrics.overview import selected
from cx.metrics.own_kpi import registry
from cx.model import name_key
from cx.shell_load import load_file
from cx.store import Store, journey_model, views
from cx.store.check import check

REFUSED = 2  # exit code of every error
DIFFERS = 1  # exit code of a check that finds a difference
STOPPED = 130  # exit code after Ctrl-C

Row = Mapping[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, 1 where a check finds a difference, 2 after one line of error, or 130
    where somebody stopped it."""
    arguments = sys.argv[1:] if arguments is None else arguments
    t = shell.spoken(arguments)
    try:
        with shell.heeding_ctrl_c():
            given = shell.read(arguments, COMMANDS)
            command: Callable[[argparse.Namespace], int | None] = given.run
            return command(given) or 0
    except CxError as error:
        _warn(t(error.text))
        return STOPPED if isinstance(error, Stopped) else REFUSED
    except KeyboardInterrupt:
        _warn(t("Stopped."))
        return STOPPED


# --- commands ---


def _load(given: argparse.Namespace) -> None:
    receipts: list[Receipt] = []
    store = open_store(given.workspace)
    try:
        if given.zone is not None:
            intake.set_time_zone(store, given.zone)
        for path in given.files:
            with _stoppable(store, path) as progress:
                receipt = load_file(store, path, given, _warn, progress)
            receipts.append(receipt)
            if not given.json:
                print(_receipt_line(receipt, language(given.lang)))
    finally:
        store.close()
        if given.json:
            _print_json([_receipt(receipt, language(given.lang)) for receipt in receipts])


@contextmanager
def _stoppable(store: Store, path: Path) -> Iterator[Callable[..., None]]:
    """Ctrl-C while a file is loaded is no crash: it says whether the file was stored."""
    before = store.value("SELECT coalesce(max(upload_id), 0) FROM uploads")
    try:
        with shell.heeding_ctrl_c() as progress:
            yield progress
    except KeyboardInterrupt as error:
        came = store.value("SELECT max(upload_id) FROM uploads WHERE upload_id > ?", [before])
        raise Stopped(text("Stopped. Nothing of “{name}” was stored.", name=path.name) if came is None else
                      text("“{name}” was stored before it could be stopped: undo {number} takes it back.",
                           name=path.name, number=came)) from error


def _receipt(receipt: Receipt, t: Language) -> dict[str, Any]:
    rejects = receipt.rejects[["sheet", "row", "column", "value"]].assign(
        reason=[t(each) for each in receipt.rejects["text"]]).to_dict("records")
    return {"upload": receipt.upload_id, "name": receipt.name, "rows": receipt.rows, "accepted": receipt.accepted,
            "rejected": receipt.rejected, "duplicates": receipt.duplicates, "skipped": receipt.skipped,
            "replaced": receipt.replaced, "interactions": receipt.interactions, "reported": receipt.reported,
            "rejects": rejects,
            "notes": [t(note) for note in receipt.notes]}


def _receipt_line(receipt: Receipt, t: Language) -> str:
    counts = [t("{n} accepted", n=receipt.accepted)]
    counts += [t("{n} of them corrections", n=receipt.replaced)] if receipt.replaced else []
    counts += [t("{n} already there", n=receipt.duplicates)] if receipt.duplicates else []
    counts += [t("{n} rejected", n=receipt.rejected)] if receipt.rejected else []
    counts += [t("{n} skipped", n=receipt.skipped)] if receipt.skipped else []
    counts += [t.plural("{n} reported figure", "{n} reported figures", n=receipt.reported)] if receipt.reported else []
    lines = [t.plural("{name}: upload {number}, {n} row: {counts}", "{name}: upload {number}, {n} rows: {counts}",
                      n=receipt.rows, name=receipt.name, number=str(receipt.upload_id), counts=", ".join(counts))]
    shown = receipt.rejects.head(5)
    lines += ["  " + t("row {row}, {column}: {reason}", row=str(row), column=column or t("whole row"), reason=reason)
              for row, column, reason in zip(shown["row"], shown["column"], shown["text"], strict=True)]
    if len(receipt.rejects) > len(shown):
        lines.append("  … " + t("{n} more (all of them with --json)", n=len(receipt.rejects) - len(shown)))
    return "\n".join(lines)


def _kpis(given: argparse.Namespace) -> None:
    store = _existing(given.workspace)
    filters, t = _filters(store, given), language(given.lang)
    frame, known = kpis(store, filters, compare=given.compare), registry(store)
    _, _, interactions = selected(store, filters)
    anything = interactions or selected(store, Filters())[2]
    store.close()
    if not interactions:
        _warn(t("Nothing matches this selection.") if anything else t("Nothing has been uploaded yet."))
    if given.json:
        _print_json(_records(frame, t))
        return

    def shown(row: Row, column: str, *, sign: bool = False) -> str:
        return kpi_value(t, known[row["kpi"]], row[column], sign=sign)

    _print_table((t("KPI"), t("Value"), t("95% interval"), t("n"), t("Change against before")), [
        (t(known[row["kpi"]].name), shown(row, "value"), t.interval(shown(row, "lower"), shown(row, "upper")),
         t.number(row["n"]), shown(row, "change", sign=True) + (" *" if row["significant"] is True else ""))
        for row in frame.to_dict("records")])


def _funnel(given: argparse.Namespace) -> None:
    store = _existing(given.workspace)
    window = None if given.window is None else dt.timedelta(days=given.window)
    filters, t = _filters(store, given), language(given.lang)
    frame = funnel(store, steps=given.steps, by=given.by, order=given.order, window=window, breakdown=given.breakdown,
                   attribution=given.attribution, filters=filters)
    if given.by == "stage" and not given.steps:
        stage = partial(names.label, names.stored(store), t, "stage")
        for words in (findings.funnel.without(skipped.left_out(store), t, stage), *(
                findings.funnel.passed_by(row, t, stage) for row in skipped.told(store, filters).to_dict("records"))):
            if words:
                _warn(words)
    store.close()
    if not frame["reached"].any():
        _warn(t("Nobody begins this funnel in this selection."))
    if given.json:
        _print_json(_records(frame, t))
        return
    lead = ("breakdown",) if given.breakdown else ()
    _print_table((*([given.breakdown] if lead else []), t("Step"), t("Customers"), t("Of the step before"),
                  t("Of the first step"), t("95% interval"), t("Median time from before")), [
        (*(str(row[name]) for name in lead), str(row["step"]), t.number(row["reached"]),
         t.percent(row["from_previous"]), t.percent(row["from_first"]),
         t.interval(t.percent(row["lower"]), t.percent(row["upper"])),
         t.duration(row["median_seconds"])) for row in frame.to_dict("records")])


def _stages(given: argparse.Namespace) -> None:
    if in_lake() and (given.leave_out or given.count):
        raise EngineError(text("The funnel of a data lake has the stages it was built with. Say this to the workspace "
                               "it is built from (without CX_ENGINE), and build it anew."))
    store, t = _existing(given.workspace), language(given.lang)
    try:
        name = partial(names.label, names.stored(store), t, "stage")
        model = dict(journey_model.stages(store))
        keys = {name_key(each): key for key, label in model.items() for each in (key, label, name(key))}
        for value in (*given.count, *given.leave_out):
            if name_key(value) not in keys:
                raise UnknownValue(LABELS["stage"], value, map(name, model))
        for value in given.count:
            journey_model.leave_out(store, keys[name_key(value)], out=False)
        for value in given.leave_out:
            journey_model.leave_out(store, keys[name_key(value)])
        out = journey_model.left_out(store)
        if given.json:
            _print_json([{"stage": key, "name": name(key), "in_funnel": key not in out} for key in model])
        else:
            _print_table((t("Stage"), t("Funnel")), [(name(key), t("left out") if key in out else t("counted"))
                                                     for key in model])
    finally:
        store.close()


def _report(given: argparse.Namespace) -> int | None:
    ending = given.file.suffix.lower().lstrip(".")
    if ending not in report.FORMATS:
        raise UnknownValue(text("File name ending"), given.file.suffix, [f".{each}" for each in report.FORMATS])
    if given.page or given.view:
        return _report_of_page(given)
    if given.set:
        raise QueryError(text("{option} makes a choice of a page: name it with {page} or {view}.", option="--set",
                              page="--page", view="--view"))
    from cx.report.board import board  # with it come libraries that other commands need not wait for

    store = _existing(given.workspace)
    try:
        made = board(store, replace(_filters(store, given), compare=given.compare), language(given.lang))
    finally:
        store.close()
    report.save(made, given.file)
    findings = [section.title for section in made.filled]
    if given.json:
        _print_json({"file": str(given.file), "shown": made.caption, "findings": findings})
    else:
        print("\n".join([f"{given.file}: {made.caption}", *(f"  {finding}" for finding in findings)]))
    return None


def _report_of_page(given: argparse.Namespace) -> int:
    """A page, by its name or as a saved view, with the selection on top: drawn by a process of its own."""
    store = _existing(given.workspace)
    try:
        page, url = given.page, dict[str, list[str]]()
        if given.view:
            known = views.saved(store).set_index("name")
            if given.view not in known.index:
                raise UnknownValue(text("View"), given.view, known.index.tolist())
            page, url = known.loc[given.view, "page"], {**known.loc[given.view, "url"]}
        url |= replace(_filters(store, given), compare=given.compare).to_url()
    finally:
        store.close()
    chosen: dict[str, list[str]] = {}
    for name, value in given.set:
        chosen[name] = [*chosen.get(name, []), value]
    url |= chosen
    asked = {"workspace": str(Path(given.workspace).resolve()), "page": page, "url": {**url, "lang": [given.lang]},
             "chosen": [*chosen],
             "file": str(given.file.resolve()), "json": given.json}
    done = subprocess.run([sys.executable, "-m", "server.paper"], cwd=Path(__file__).resolve().parent.parent,
                          input=json.dumps(asked), encoding="utf-8", capture_output=True, check=False,
                          env={**os.environ, "PYTHONIOENCODING": "utf-8"})
    print(done.stdout, end="")
    print(done.stderr, end="", file=sys.stderr)
    return REFUSED if done.returncode else 0


def _undo(given: argparse.Namespace) -> None:
    store = _existing(given.workspace)
    intake.undo(store, given.upload)
    store.close()
    if given.json:
        _print_json({"undone": given.upload})
    else:
        t = language(given.lang)
        print(t("Upload {number} was taken back.", number=str(given.upload)))


def _uploads(given: argparse.Namespace) -> None:
    store = _existing(given.workspace)
    frame = uploads(store).iloc[::-1].rename(columns={"upload_id": "upload"}).drop(columns=["bytes", "undone"])
    store.close()
    t = language(given.lang)
    if given.json:
        _print_json(_records(frame, t))
        return
    if frame.empty:
        _warn(t("Nothing has been uploaded yet."))
    _print_table((t("Upload no"), t("File"), t("Loaded at"), t("Rows accepted"), t("Rejected"), t("Already there"),
                  t("Reported figures"), t("Undone at")), [
        (str(row["upload"]), row["name"], _moment(row["loaded_at"], t), t.number(row["accepted"]),
         t.number(row["rejected"]), t.number(row["duplicates"]), t.number(row["reported"]),
         _moment(row["undone_at"], t)) for row in frame.to_dict("records")])


def _serve_check(given: argparse.Namespace) -> int:
    if in_lake():
        raise EngineError(text("serve-check compares what a workspace holds. The interactions are in a data lake, "
                               "where Spark works everything out when it is built."))
    store = _existing(given.workspace)
    found = check(store)
    store.close()
    found["same"] = (found["missing"] == 0) & (found["surplus"] == 0)
    t = language(given.lang)
    if given.json:
        _print_json(_records(found, t))
    else:
        _print_table((t("Table"), t("Rows"), t("missing"), t("surplus"), ""), [
            (row["table"], t.number(row["rows"]), t.number(row["missing"]), t.number(row["surplus"]),
             t("same") if row["same"] else t("DIFFERS")) for row in found.to_dict("records")])
    return 0 if found["same"].all() else DIFFERS


def _build(given: argparse.Namespace) -> None:
    from cx.lake.command import build_lake  # Spark's client is there only where a lake is

    version = build_lake(given.engine, given.lake, given.source, print if not given.json else lambda _: None)
    if given.json:
        _print_json({"version": version.version, "built_at": version.built_at, "rows": version.rows,
                     "source": version.source})
    else:
        t = language(given.lang)
        print(t(
            "Version {version} of {lake}: {interactions} interactions of {customers} known customers, built {when} "
            "UTC.",
            version=str(version.version), lake=given.lake, interactions=version.rows["interactions"],
            customers=version.rows["journeys"], when=str(version.built_at)))


# --- what is asked about ---


def _existing(path: Path) -> Store:
    """Open a workspace that is there; a question never creates one, but over a lake, where it holds no interactions."""
    if not path.is_file() and not in_lake():
        raise StoreError(text("There is no workspace at {path}. Load a file first.", path=str(path)))
    return open_store(path)


def _filters(store: Store, given: argparse.Namespace) -> Filters:
    """The selection of the options; raises UnknownValue for names that the workspace does not hold."""
    chosen: dict[str, Any] = {}
    for name, table in DIMENSIONS.items():
        known = dict(store.rows(f"SELECT key, label FROM {table} ORDER BY label"))
        for value in getattr(given, name):
            if name_key(value) not in known:
                raise UnknownValue(LABELS[name], value, known.values())
        chosen[name] = tuple(getattr(given, name))
    attributes: dict[str, tuple[str, ...]] = {}
    known = dict(store.rows("SELECT key, label FROM attributes ORDER BY label"))
    for key, value in given.attribute:
        if name_key(key) not in known:
            raise UnknownValue(text("Attribute"), key, known.values())
        if value not in (held := attribute_values(store, name_key(key))):
            raise UnknownValue(Text(known[name_key(key)]), value, held)
        attributes[name_key(key)] = (*attributes.get(name_key(key), ()), value)
    return Filters(start=given.start, end=given.end, attributes=tuple(attributes.items()), **chosen)


# --- printing ---


def _moment(value: Any, t: Language) -> str:
    return DASH if pd.isna(value) else t.datetime(value.to_pydatetime())


def _print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns of equal width; the first is text, as are the headers'."""
    lines = [tuple(" ".join(str(cell).split()) for cell in line) for line in (header, *rows)]
    widths = [max(len(line[position]) for line in lines) for position in range(len(header))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _records(frame: pd.DataFrame, t: Language) -> list[dict[str, Any]]:
    return [{str(name): _plain(value, t) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any, t: Language) -> Any:
    """A value as JSON has it: nothing is null, times ISO, texts in the language asked for."""
    if isinstance(value, Text):
        return t(value)
    if value is None or pd.isna(value):
        return None
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def _warn(line: str) -> None:
    print(f"cx: {' '.join(line.split())}", file=sys.stderr)


COMMANDS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "load": _load, "kpis": _kpis, "funnel": _funnel, "stages": _stages, "report": _report,
    "uploads": _uploads, "undo": _undo, "serve-check": _serve_check, "build": _build}

if __name__ == "__main__":
    sys.exit(main())
