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
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

from cx import intake, report
from cx.engine import in_lake, open_store
from cx.errors import CxError, EngineError, Stopped, StoreError, UnknownValue
from cx.filters import DIMENSIONS, LABELS, Filters
from cx.findings import kpi_value
from cx.intake import Receipt
from cx.intake.history import uploads
from cx.language import DASH, LANGUAGES, Text, language, text
from cx.metrics.funnel import funnel
from cx.metrics.kpi import kpis
from cx.metrics.own_kpi import registry
from cx.model import name_key
from cx.store import Store, views
from cx.store.check import check

WORKSPACE = Path(__file__).resolve().parent.parent / "data" / "workspace" / "cx.duckdb"
REFUSED = 2  # exit code of every error
STOPPED = 130  # of what was stopped by Ctrl-C
DIFFERS = 1  # exit code of a check that finds a difference

Row = Mapping[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, 1 where a check finds a difference, or after one line on standard
    error 2, and 130 where Ctrl-C stopped it."""
    given = _parser().parse_args(arguments)
    try:
        command: Callable[[argparse.Namespace], int | None] = given.command
        return command(given) or 0
    except CxError as error:
        print(f"cx: {' '.join(str(error).split())}", file=sys.stderr)
        return STOPPED if isinstance(error, Stopped) else REFUSED


# --- commands ---


def _load(given: argparse.Namespace) -> None:
    receipts: list[Receipt] = []
    store = open_store(given.workspace)
    try:
        for path in given.files:
            with _stoppable(store, path):
                receipt = _load_one(store, path, given)
            receipts.append(receipt)
            if not given.json:
                print(_receipt_line(receipt))
    finally:
        store.close()
        if given.json:
            _print_json([_receipt(receipt) for receipt in receipts])


@contextmanager
def _stoppable(store: Store, path: Path) -> Iterator[None]:
    """Ctrl-C while a file is loaded is no crash: it says whether the file was stored."""
    before = store.value("SELECT coalesce(max(upload_id), 0) FROM uploads")
    try:
        yield
    except KeyboardInterrupt as error:
        came = store.value("SELECT max(upload_id) FROM uploads WHERE upload_id > ?", [before])
        raise Stopped(text("Stopped. Nothing of “{name}” was stored.", name=path.name) if came is None else
                      text("“{name}” was stored before it could be stopped: undo {number} takes it back.",
                           name=path.name, number=came)) from error


def _load_one(store: Store, path: Path, given: argparse.Namespace) -> Receipt:
    plan = intake.propose(path, store=store)
    if given.date is not None or given.undated:
        plan.default_time, plan.undated = given.date, given.undated
    if given.same is not None:
        for sheet in plan.sheets:
            sheet.same = given.same
    if not plan.open_problems() and all(sheet.same is None for sheet in plan.sheets):
        seen = intake.seen_before(store, path, plan)
        if seen.similar:
            print(f"cx: {seen.warning} They are loaded as new: undo takes them back, --same takes them as the same, "
                  "--other says that they are others.", file=sys.stderr)
    return intake.load(store, path, plan)


def _receipt(receipt: Receipt) -> dict[str, Any]:
    rejects = receipt.rejects[["sheet", "row", "column", "value", "reason"]].to_dict("records")
    return {"upload": receipt.upload_id, "name": receipt.name, "rows": receipt.rows, "accepted": receipt.accepted,
            "rejected": receipt.rejected, "duplicates": receipt.duplicates, "skipped": receipt.skipped,
            "replaced": receipt.replaced, "interactions": receipt.interactions, "reported": receipt.reported,
            "rejects": rejects,
            "notes": [str(note) for note in receipt.notes]}


def _receipt_line(receipt: Receipt) -> str:
    counts = ", ".join(f"{number:,} {what}" for number, what in (
        (receipt.accepted, "accepted"), (receipt.replaced, "of them corrections"),
        (receipt.duplicates, "there already"), (receipt.rejected, "rejected"),
        (receipt.skipped, "skipped"), (receipt.reported, f"reported figure{'s' if receipt.reported != 1 else ''}"))
        if number or what == "accepted")
    lines = [f"{receipt.name}: upload {receipt.upload_id}, {receipt.rows:,} rows: {counts}"]
    shown = receipt.rejects.head(5)
    lines += [f"  row {row}, {column or 'whole row'}: {reason}" for row, column, reason in
              zip(shown["row"], shown["column"], shown["reason"], strict=True)]
    if len(receipt.rejects) > len(shown):
        lines.append(f"  … {len(receipt.rejects) - len(shown):,} more (all of them with --json)")
    return "\n".join(lines)


def _kpis(given: argparse.Namespace) -> None:
    store = _existing(given.workspace)
    frame, known = kpis(store, _filters(store, given), compare=given.compare), registry(store)
    store.close()
    if given.json:
        _print_json(_records(frame))
        return
    t = language("en")

    def shown(row: Row, column: str, *, sign: bool = False) -> str:
        return kpi_value(t, known[row["kpi"]], row[column], sign=sign)

    _print_table(("KPI", "value", "95 % interval", "n", "change"), [
        (str(known[row["kpi"]].name), shown(row, "value"), t.interval(shown(row, "lower"), shown(row, "upper")),
         f"{row['n']:,}", shown(row, "change", sign=True) + (" *" if row["significant"] is True else ""))
        for row in frame.to_dict("records")])


def _funnel(given: argparse.Namespace) -> None:
    store = _existing(given.workspace)
    window = None if given.window is None else dt.timedelta(days=given.window)
    frame = funnel(store, steps=given.steps, by=given.by, order=given.order, window=window, breakdown=given.breakdown,
                   attribution=given.attribution, filters=_filters(store, given))
    store.close()
    if given.json:
        _print_json(_records(frame))
        return
    t = language("en")
    lead = ("breakdown",) if given.breakdown else ()
    _print_table((*([given.breakdown] if lead else []), "step", "customers", "of step before", "of first",
                  "95 % interval", "median time"), [
        (*(str(row[name]) for name in lead), str(row["step"]), f"{row['reached']:,}", t.percent(row["from_previous"]),
         t.percent(row["from_first"]), t.interval(t.percent(row["lower"]), t.percent(row["upper"])),
         t.duration(row["median_seconds"])) for row in frame.to_dict("records")])


def _report(given: argparse.Namespace) -> int | None:
    ending = given.file.suffix.lower().lstrip(".")
    if ending not in report.FORMATS:
        raise UnknownValue(text("File name ending"), given.file.suffix, [f".{each}" for each in report.FORMATS])
    if given.page or given.view:
        return _report_of_page(given)
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
    for name, value in given.set:
        url[name] = [value]
    asked = {"workspace": str(Path(given.workspace).resolve()), "page": page, "url": {**url, "lang": [given.lang]},
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
        print(f"Upload {given.upload} was taken back.")


def _uploads(given: argparse.Namespace) -> None:
    store = _existing(given.workspace)
    frame = uploads(store).iloc[::-1].rename(columns={"upload_id": "upload"}).drop(columns=["bytes", "undone"])
    store.close()
    if given.json:
        _print_json(_records(frame))
        return
    _print_table(("upload", "name", "loaded", "accepted", "rejected", "there already", "reported", "undone"), [
        (str(row["upload"]), row["name"], _moment(row["loaded_at"]), f"{row['accepted']:,}", f"{row['rejected']:,}",
         f"{row['duplicates']:,}", f"{row['reported']:,}", _moment(row["undone_at"]))
        for row in frame.to_dict("records")])


def _serve_check(given: argparse.Namespace) -> int:
    if in_lake():
        raise EngineError(text("serve-check compares what a workspace holds. The interactions are in a data lake, "
                               "where Spark works everything out when it is built."))
    store = _existing(given.workspace)
    found = check(store)
    store.close()
    found["same"] = (found["missing"] == 0) & (found["surplus"] == 0)
    if given.json:
        _print_json(_records(found))
    else:
        _print_table(("table", "rows", "missing", "surplus", ""), [
            (row["table"], f"{row['rows']:,}", f"{row['missing']:,}", f"{row['surplus']:,}",
             "same" if row["same"] else "DIFFERS") for row in found.to_dict("records")])
    return 0 if found["same"].all() else DIFFERS


def _build(given: argparse.Namespace) -> None:
    from cx.lake.command import build_lake  # Spark's client is there only where a lake is

    version = build_lake(given.engine, given.lake, given.source, print if not given.json else lambda _: None)
    if given.json:
        _print_json({"version": version.version, "built_at": version.built_at, "rows": version.rows,
                     "source": version.source})
    else:
        print(f"Version {version.version} of {given.lake}: {version.rows['interactions']:,} interactions of "
              f"{version.rows['journeys']:,} known customers, built {version.built_at} UTC.")


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
        attributes[name_key(key)] = (*attributes.get(name_key(key), ()), value)
    return Filters(start=given.start, end=given.end, attributes=tuple(attributes.items()), **chosen)


# --- printing ---


def _moment(value: Any) -> str:
    return DASH if pd.isna(value) else f"{value:%Y-%m-%d %H:%M}"


def _print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns of equal width; the first is text, as are the headers'."""
    lines = [tuple(" ".join(str(cell).split()) for cell in line) for line in (header, *rows)]
    widths = [max(len(line[position]) for line in lines) for position in range(len(header))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    """A value as JSON has it: nothing is null, texts English, times ISO."""
    if isinstance(value, Text):
        return str(value)
    if value is None or pd.isna(value):
        return None
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


# --- options ---


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(REFUSED, f"cx: {message} ({self.prog} --help shows how)\n")


def _day(value: str) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{value}” is not a date like 2025-12-31") from None


def _pair(value: str) -> tuple[str, str]:
    key, equals, wanted = value.partition("=")
    if not (key and equals and wanted):
        raise argparse.ArgumentTypeError(f"“{value}” is not of the form NAME=VALUE")
    return key, wanted


def _days(value: str) -> float:
    try:
        days = float(value)
    except ValueError:
        days = 0
    if not 0 < days < 1e6:
        raise argparse.ArgumentTypeError(f"“{value}” is not a number of days above 0")
    return days


def _parser() -> argparse.ArgumentParser:
    common = _Parser(add_help=False)
    common.add_argument("--workspace", type=Path, default=Path(os.environ.get("CX_WORKSPACE") or WORKSPACE),
                        metavar="PATH", help="workspace file (default: $CX_WORKSPACE, else data/workspace/cx.duckdb)")
    common.add_argument("--json", action="store_true", help="print JSON")

    selection = _Parser(add_help=False)
    selection.add_argument("--from", dest="start", type=_day, metavar="DATE", help="first day, e.g. 2026-01-01")
    selection.add_argument("--to", dest="end", type=_day, metavar="DATE", help="last day, included")
    for name in DIMENSIONS:
        selection.add_argument(f"--{name}", action="append", default=[], metavar="NAME",
                               help=f"only this {name}; again for several")
    selection.add_argument("--attribute", action="append", default=[], type=_pair, metavar="NAME=VALUE",
                           help="only customers or interactions with this value of another column")

    parser = _Parser(prog="python -m cx", description="Customer journeys from a shell. See docs/cli.md.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    load = commands.add_parser("load", parents=[common], help="load spreadsheets")
    load.add_argument("files", nargs="+", type=Path, metavar="FILE")
    when = load.add_mutually_exclusive_group()
    when.add_argument("--date", type=_day, help="the day of every row, for sheets without dates")
    when.add_argument("--undated", action="store_true", help="load sheets without dates as undated")
    again = load.add_mutually_exclusive_group()
    again.add_argument("--same", action="store_true", default=None,
                       help="rows that look like earlier ones (times rounded, a column more) are the same")
    again.add_argument("--other", action="store_false", dest="same", default=None,
                       help="such rows are others: count both")
    load.set_defaults(command=_load)

    ask = commands.add_parser("kpis", parents=[common, selection], help="the KPIs of a selection")
    ask.add_argument("--compare", choices=("previous", "last_year", "none"), default="previous",
                     help="what changes are measured against")
    ask.set_defaults(command=_kpis)

    steps = commands.add_parser("funnel", parents=[common, selection], help="how many customers reach each step")
    steps.add_argument("--steps", nargs="+", metavar="NAME", help="the steps (default: the stages in use)")
    steps.add_argument("--by", choices=("stage", "touchpoint", "channel"), default="stage", help="what the steps name")
    steps.add_argument("--order", choices=("ordered", "any", "strict"), default="ordered")
    steps.add_argument("--window", type=_days, metavar="DAYS", help="from the first step to the last; default no limit")
    steps.add_argument("--breakdown", metavar="FIELD", help="persona, channel, … or another column's name")
    steps.add_argument("--attribution", choices=("first", "last", "all"), default="first",
                       help="which value of a customer counts in a breakdown")
    steps.set_defaults(command=_funnel)

    paper = commands.add_parser("report", parents=[common, selection], help="the whole board, or a page, as a file")
    paper.add_argument("file", type=Path, metavar="FILE", help="where to; its ending decides: " + ", ".join(
        f".{ending}" for ending in report.FORMATS))
    paper.add_argument("--lang", choices=tuple(LANGUAGES), default="en", help="the report's language")
    paper.add_argument("--compare", choices=("previous", "last_year", "none"), default="previous",
                       help="what changes are measured against")
    which = paper.add_mutually_exclusive_group()
    which.add_argument("--page", metavar="NAME", help="this page alone, as its address names it: funnel, …")
    which.add_argument("--view", metavar="NAME", help="a page as it was saved under this name")
    paper.add_argument("--set", action="append", default=[], type=_pair, metavar="NAME=VALUE",
                       help="a choice of the page, as in its address (kpi=csat)")
    paper.set_defaults(command=_report)

    undo = commands.add_parser("undo", parents=[common], help="take an upload back")
    undo.add_argument("upload", type=int, metavar="NUMBER", help="as shown by uploads")
    undo.set_defaults(command=_undo)

    commands.add_parser("uploads", parents=[common], help="what was loaded").set_defaults(command=_uploads)
    commands.add_parser("serve-check", parents=[common], help="compute derived tables anew and compare"
                        ).set_defaults(command=_serve_check)

    lake = commands.add_parser("build", parents=[common], help="build a lake on Apache Spark, or bring it up to date")
    lake.add_argument("--engine", default=os.environ.get("CX_ENGINE"), metavar="URL",
                      help="Spark Connect server, e.g. sc://host:15002 (default: $CX_ENGINE)")
    lake.add_argument("--lake", default=os.environ.get("CX_LAKE"), metavar="PATH",
                      help="where the lake is, as Spark sees it, e.g. s3a://bucket/cx (default: $CX_LAKE)")
    lake.add_argument("--from", dest="source", metavar="WHAT",
                      help="a workspace file (….duckdb), or interactions that Spark can read: a folder of Parquet, or "
                           "a table (parquet.`…`, delta.`…`, catalog.schema.table); default: the same as last time")
    lake.set_defaults(command=_build)
    return parser


if __name__ == "__main__":
    sys.exit(main())
