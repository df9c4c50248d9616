"""What the commands of `python -m cx` may be asked, and how that is refused: in the reader's language, with what would
be accepted (docs/cli.md)."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from cx import report
from cx.errors import QueryError, UnknownValue
from cx.filters import DIMENSIONS
from cx.intake.plan import AMOUNTS
from cx.intake.times import EARLIEST, LATEST
from cx.intake.values import CLOCKS
from cx.language import LANGUAGES, Language, Text, language, text

WORKSPACE = Path(__file__).resolve().parent.parent / "data" / "workspace" / "cx.duckdb"
Commands = Mapping[str, Callable[[argparse.Namespace], int | None]]
COMPARISONS = ("previous", "last_year", "none")


def spoken(arguments: Sequence[str]) -> Language:
    """The language that the arguments ask for, before anything else of them is looked at: that of `--lang`, else of
    $CX_LANG, else English. One that there is none of is refused when the arguments are read."""
    asked = os.environ.get("CX_LANG", "")
    for place, given in enumerate(arguments):
        if given == "--lang" and place + 1 < len(arguments):
            asked = arguments[place + 1]
        elif given.startswith("--lang="):
            asked = given.removeprefix("--lang=")
    return language(asked if asked in LANGUAGES else "en")


def read(arguments: Sequence[str], commands: Commands) -> argparse.Namespace:
    """The options of a command, and in `run` what carries it out, of `commands` by their names.

    Raises QueryError for what is not understood; ends the program after --help.
    """
    given, rest = _parser(commands).parse_known_args(arguments)
    if rest:
        if rest[0].startswith("-"):
            raise UnknownValue(text("Option"), rest[0], given.options)
        raise QueryError(text("“{value}” is one argument too many. See {help}.", value=rest[0],
                              help=f"python -m cx {given.name} --help"))
    return given


@contextmanager
def heeding_ctrl_c() -> Iterator[Callable[..., None]]:
    """Ctrl-C ends the block with KeyboardInterrupt, whatever became of it inside: DuckDB makes a RuntimeError of one
    that comes while it works, and Python drops one that comes while it frees something. Gives what raises it again
    where it was dropped, to be called now and then (as the progress of a load is)."""
    came = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal came
        came = True
        signal.default_int_handler(number, frame)

    def again(*_: object) -> None:
        if came:
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield again
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield again
        again()
    except Exception as error:
        if came:
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """What argparse says in English, in a form that can be said in any language."""
        help = f"{self.prog} --help"
        if found := re.match(r"argument COMMAND: invalid choice: '?([^' ]*)", message):
            raise UnknownValue(text("Command"), found[1], _COMMANDS)
        for pattern, said in _REFUSALS:
            if found := re.match(pattern, message):
                raise QueryError(Text(said.id, {**found.groupdict(), "help": help}))
        raise QueryError(Text(f"{message} ({help})"))


_REFUSALS = (
    (r"the following arguments are required: (?P<what>.+)", text("{what} is missing. See {help}.")),
    (r"argument (?P<what>[^ :]+).*: expected (?:one|at least one) argument", text("{what} needs a value. See {help}.")),
    (r"argument (?P<one>[^ :]+).*: not allowed with argument (?P<other>[^ ]+)",
     text("{one} and {other} exclude each other: give one of them.")),
    (r"argument (?P<what>[^ :]+).*: ignored explicit argument '?(?P<value>[^']*)",
     text("{what} takes no value, but “{value}” was given.")),
    (r"ambiguous option: (?P<what>[^ ]+) could match (?P<known>.+)",
     text("{what} may mean {known}: write it in full.")),
)
"""(what argparse says, the same to be said in any language). Held by a test."""


# --- values ---


def _one_of(option: str, accepted: Sequence[str]) -> Callable[[str], str]:
    def value(given: str) -> str:
        if given not in accepted:
            raise UnknownValue(Text(option), given, accepted)
        return given
    return value


def _day(option: str) -> Callable[[str], dt.date]:
    def value(given: str) -> dt.date:
        try:
            return dt.date.fromisoformat(given)
        except ValueError:
            raise QueryError(text("{option}: “{value}” is not a date like {example}.", option=option, value=given,
                                  example="2025-12-31")) from None
    return value


def _pair(option: str) -> Callable[[str], tuple[str, str]]:
    def value(given: str) -> tuple[str, str]:
        key, equals, wanted = given.partition("=")
        if not (key and equals and wanted):
            raise QueryError(text("{option}: “{value}” is not of the form {form}.", option=option, value=given,
                                  form="NAME=VALUE"))
        return key, wanted
    return value


def _year(given: str) -> int:
    if not (given.isdecimal() and EARLIEST <= int(given) < LATEST):
        raise QueryError(text("{option}: “{value}” is not a year from {first} to {last}.", option="--year", value=given,
                              first=str(EARLIEST), last=str(LATEST - 1)))
    return int(given)


def _header(given: str) -> tuple[str, int]:
    sheet, _, row = given.rpartition("=")
    if not (row.isdecimal() and len(row) < 8):
        raise QueryError(text("{option}: “{value}” is not of the form {form}.", option="--header", value=given,
                              form="[SHEET=]ROW"))
    return sheet, int(row)


def _days(given: str) -> float:
    try:
        days = float(given)
    except ValueError:
        days = 0
    if not 0 < days < 1e6:
        raise QueryError(text("{option}: “{value}” is not a number of days above 0.", option="--window", value=given))
    return days


def _upload(given: str) -> int:
    if not given.isdecimal():
        raise QueryError(text("“{value}” is not the number of an upload. They are listed by {command}.", value=given,
                              command="python -m cx uploads"))
    return int(given)


# --- commands ---


def _add_choice(parser: argparse.ArgumentParser, option: str, accepted: Sequence[str], default: str, help: str) -> None:
    parser.add_argument(option, type=_one_of(option, accepted), default=default,
                        metavar=f"{{{','.join(accepted)}}}", help=f"{help} (default: {default})")


def _common() -> _Parser:
    common = _Parser(add_help=False)
    common.add_argument("--workspace", type=Path, default=Path(os.environ.get("CX_WORKSPACE") or WORKSPACE),
                        metavar="PATH", help="workspace file (default: $CX_WORKSPACE, else data/workspace/cx.duckdb)")
    common.add_argument("--lang", type=_one_of("--lang", tuple(LANGUAGES)), metavar=f"{{{','.join(LANGUAGES)}}}",
                        default=os.environ.get("CX_LANG") or "en",
                        help="language of what is said and of a report (default: $CX_LANG, else en)")
    common.add_argument("--json", action="store_true", help="print JSON")
    return common


def _selection() -> _Parser:
    selection = _Parser(add_help=False)
    selection.add_argument("--from", dest="start", type=_day("--from"), metavar="DATE",
                           help="first day, e.g. 2026-01-01")
    selection.add_argument("--to", dest="end", type=_day("--to"), metavar="DATE", help="last day, included")
    for name in DIMENSIONS:
        selection.add_argument(f"--{name}", action="append", default=[], metavar="NAME",
                               help=f"only this {name}; again for several")
    selection.add_argument("--attribute", action="append", default=[], type=_pair("--attribute"), metavar="NAME=VALUE",
                           help="only customers or interactions with this value of another column")
    return selection


def _load(load: argparse.ArgumentParser) -> None:
    load.add_argument("files", nargs="+", type=Path, metavar="FILE")
    when = load.add_mutually_exclusive_group()
    when.add_argument("--date", type=_day("--date"), help="the day of every row, for sheets without dates")
    when.add_argument("--undated", action="store_true", help="load sheets without dates as undated")
    load.add_argument("--header", action="append", default=[], type=_header, metavar="[SHEET=]ROW",
                      help="the row of a sheet that names its columns, 1 = the first, 0 = none; kept for such files")
    load.add_argument("--clock", type=_one_of("--clock", CLOCKS), metavar=f"{{{','.join(CLOCKS)}}}",
                      help="what a duration like 4:30 is, where a file leaves it open")
    load.add_argument("--year", type=_year, metavar="YEAR",
                      help="of which year days without one are; of those that go over New Year, the first")
    load.add_argument("--amounts", type=_one_of("--amounts", AMOUNTS), metavar=f"{{{','.join(AMOUNTS)}}}",
                      help="whose an amount is that all rows of an order repeat, where a file leaves it open")
    load.add_argument("--zone", metavar="NAME",
                      help="the workspace's time zone (Europe/Istanbul), for times that say theirs; it is kept")
    again = load.add_mutually_exclusive_group()
    again.add_argument("--same", action="store_true", default=None,
                       help="rows that look like earlier ones (times rounded, a column more) are the same")
    again.add_argument("--other", action="store_false", dest="same", default=None,
                       help="such rows are others: count both")


def _kpis(ask: argparse.ArgumentParser) -> None:
    _add_choice(ask, "--compare", COMPARISONS, "previous", "what changes are measured against")


def _funnel(steps: argparse.ArgumentParser) -> None:
    steps.add_argument("--steps", nargs="+", metavar="NAME", help="the steps (default: the stages in use)")
    _add_choice(steps, "--by", ("stage", "touchpoint", "channel"), "stage", "what the steps name")
    _add_choice(steps, "--order", ("ordered", "any", "strict"), "ordered", "in which order the steps count")
    steps.add_argument("--window", type=_days, metavar="DAYS", help="from the first step to the last; default no limit")
    steps.add_argument("--breakdown", metavar="FIELD", help="persona, channel, … or another column's name")
    _add_choice(steps, "--attribution", ("first", "last", "all"), "first",
                "which value of a customer counts in a breakdown")


def _stages(model: argparse.ArgumentParser) -> None:
    model.add_argument("--leave-out", action="append", default=[], metavar="NAME",
                       help="the funnel does without this stage; again for several")
    model.add_argument("--count", action="append", default=[], metavar="NAME",
                       help="the funnel counts this stage again")


def _report(paper: argparse.ArgumentParser) -> None:
    paper.add_argument("file", type=Path, metavar="FILE", help="where to; its ending decides: " + ", ".join(
        f".{ending}" for ending in report.FORMATS))
    _kpis(paper)
    which = paper.add_mutually_exclusive_group()
    which.add_argument("--page", metavar="NAME", help="this page alone, as its address names it: funnel, …")
    which.add_argument("--view", metavar="NAME", help="a page as it was saved under this name")
    paper.add_argument("--set", action="append", default=[], type=_pair("--set"), metavar="NAME=VALUE",
                       help="a choice of the page, as in its address (kpi=csat)")


def _undo(undo: argparse.ArgumentParser) -> None:
    undo.add_argument("upload", type=_upload, metavar="NUMBER", help="as shown by uploads")


def _build(lake: argparse.ArgumentParser) -> None:
    lake.add_argument("--engine", default=os.environ.get("CX_ENGINE"), metavar="URL",
                      help="Spark Connect server, e.g. sc://host:15002 (default: $CX_ENGINE)")
    lake.add_argument("--lake", default=os.environ.get("CX_LAKE"), metavar="PATH",
                      help="where the lake is, as Spark sees it, e.g. s3a://bucket/cx (default: $CX_LAKE)")
    lake.add_argument("--from", dest="source", metavar="WHAT",
                      help="a workspace file (….duckdb), or interactions that Spark can read: a folder of Parquet, or "
                           "a table (parquet.`…`, delta.`…`, catalog.schema.table); default: the same as last time")


def _none(_: argparse.ArgumentParser) -> None:
    pass


_COMMANDS: dict[str, tuple[Callable[[argparse.ArgumentParser], None], bool, str]] = {
    "load": (_load, False, "load spreadsheets"),
    "kpis": (_kpis, True, "the KPIs of a selection"),
    "funnel": (_funnel, True, "how many customers reach each step"),
    "stages": (_stages, False, "the stages, and which the funnel leaves out"),
    "report": (_report, True, "the whole board, or a page, as a file"),
    "uploads": (_none, False, "what was loaded"),
    "undo": (_undo, False, "take an upload back"),
    "serve-check": (_none, False, "compute derived tables anew and compare"),
    "build": (_build, False, "build a lake on Apache Spark, or bring it up to date"),
}
"""{name: (its own options, whether it takes a selection, what it does)}."""


def _parser(run: Commands) -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m cx", description="Customer journeys from a shell. See docs/cli.md.",
                     epilog="Exit codes: 0 done; 1 a check found a difference; 2 refused, with one line on standard "
                            "error that says why; 130 stopped by Ctrl-C.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    common, selection = _common(), _selection()
    for name, (add, selects, help) in _COMMANDS.items():
        command = commands.add_parser(name, parents=[common, selection] if selects else [common], help=help)
        add(command)
        options = [option for action in command._actions for option in action.option_strings if option != "-h"]
        command.set_defaults(name=name, run=run[name], options=options)
    return parser
