"""SQL as the program executed it, written so that anybody can run it in the DuckDB shell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Asked:
    """A question that was executed. `rests_on` are tables that the program filled for this question alone; where there
    are any, the text cannot be run elsewhere."""

    sql: str
    params: tuple[object, ...] = ()
    rests_on: tuple[str, ...] = ()


_TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|\?|\(|\)|\w+|\s+|.", re.DOTALL)
_BREAKS = {"SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "JOIN", "LEFT", "QUALIFY"}
_NOT_AFTER = {"FROM": ("DISTINCT",), "JOIN": ("LEFT", "ASOF", "INNER", "SEMI", "ANTI")}


def tokens(sql: str) -> list[str]:
    """The text in pieces (quoted text, comments, words, spaces, single signs) that together are the text."""
    found: list[str] = _TOKEN.findall(sql)
    return found


def runnable(sql: str, params: Sequence[object] = ()) -> str:
    """The text with each `?` replaced by its bound value."""
    left = iter(params)
    return "".join(literal(next(left)) if token == "?" else token for token in tokens(sql))


def literal(value: object) -> str:
    """A bound value as SQL. Raises TypeError for what no question binds."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float, Decimal)):
        return repr(value) if not isinstance(value, Decimal) else str(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, dt.datetime):
        return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
    if isinstance(value, dt.date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, dt.timedelta):
        return f"INTERVAL {value // dt.timedelta(microseconds=1)} MICROSECOND"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(literal(each) for each in value)}]"
    if hasattr(value, "item"):  # a number of numpy
        return literal(value.item())
    raise TypeError(f"no SQL for a {type(value).__name__}")


def pretty(sql: str) -> str:
    """The same text in lines: each clause of a query on its own, indented by how deep the query stands."""
    lines: list[str] = [""]
    inner = [True]  # for each open bracket: whether it holds a query; clauses inside others stay on their line
    before = ""
    pieces = tokens(sql)
    for place, token in enumerate(pieces):
        word = token.upper()
        if token.isspace():
            if lines[-1].strip():
                lines[-1] += " "
            continue
        if token == "(":
            following = next((each.upper() for each in pieces[place + 1:] if not each.isspace()), "")
            inner.append(following in ("SELECT", "WITH"))
        elif token == ")":
            if len(inner) > 1 and inner.pop():
                lines.append("  " * (sum(inner) - 1))
        elif word in _BREAKS and inner[-1] and before not in _NOT_AFTER.get(word, ()) and lines[-1].strip():
            lines.append("  " * (sum(inner) - 1))
        lines[-1] += token
        if token.startswith("--"):
            lines.append("")
        before = word
    return "\n".join(line.rstrip() for line in lines if line.strip())
