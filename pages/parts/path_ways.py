"""Moves, whole ways and loops of the paths: held against the other side, and the customers behind each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

import pandas as pd
import streamlit as st

from cx import findings
from cx.charts.path import path_heat
from cx.metrics import path, path_people, path_variants
from pages.parts import against, paths, people, show, state
from pages.parts.ask import ask
from pages.parts.words import named, say, title

_SHOWN, _ALL = 9, 100_000
_LONGER = "…"
_LENGTH = {"stage": 8, "channel": 5, "touchpoint": 5}  # steps of a way that are shown


def moves(steps_are: dict[str, Any], name: Callable[[str], str]) -> None:
    """What follows what. steps_are: how steps are counted, as `path.transitions` takes it."""
    t, key = state.spoken(), lambda row: f"{quote(row['from_key'], safe=' ')}>{quote(row['to_key'], safe=' ')}"
    matrices = against.both(path.transitions, top=12, **steps_are)
    apart = against.rows(against.both(path.transitions, **steps_are), ["from_kind", "from_key", "to_kind", "to_key"],
                         value="share", n="from_n")
    title(findings.path.surest(matrices.here, t, name, apart, against.timeless(matrices)),
          t("Of all times customers were at the left, where they went directly after; each row adds up to 100%."),
          t("Click a cell to see who they are."))
    against.chart(matrices, path_heat, "matrix", lambda at: _known(at) and people.pick("move", key(at)), of=[t, name])
    rows = matrices.here.sort_values("n", ascending=False).to_dict("records")
    show.folded_table(t("The numbers"), paths.matrix(matrices.here, t, name), "matrix-table",
                      name=t("What follows what"),
                      on_pick=lambda row: _known(rows[row]) and people.pick("move", key(rows[row])))

    def asked(move: str) -> pd.DataFrame:
        here, then = (unquote(each) for each in move.split(">"))
        return ask(path_people.moved, here, then, **steps_are, filters=state.filters(), limit=people.MOST)

    people.behind("move", t("The customers behind a cell"), t("Step"), {
        key(row): f"{paths.pair_name(row, t, name)} ({t.number(row['n'])})" for row in rows if _known(row)}, asked,
        {"times": t("Times")})
    against.differences(matrices, apart, lambda row: paths.pair_name(row, t, name), "pairs")


def ways(steps_are: dict[str, Any], many: str) -> None:
    """The most frequent whole ways. many: the word for what is counted."""
    t, heading = state.spoken(), st.container()
    by = state.chosen(st.segmented_control, "ways_of", t("Ways are of"), {
        "stage": t("stages"), "channel": t("channels"), "touchpoint": t("touchpoints")}, "stage")
    steps_are, name, length = {**steps_are, "by": by}, named(by), _LENGTH[by]
    sides = _of_both(path_variants.variants, {"length": length, **steps_are})
    shortened = ask(path_variants.variants, length=length, most=_SHOWN, filters=state.filters(), **steps_are)
    with heading:
        title(findings.path.ways(shortened, t),
              t("Whole ways, from the first step on; longer ones are cut at “…”. Net emotion is of everything on the "
                "way; in brackets the 95% intervals."), t("Click a row to see who they are."))
    shown = [row for row in shortened.to_dict("records") if row["kind"] == "variant"]

    def pick(row: int) -> None:
        if row < len(shown):  # the last may be all others
            people.pick("way", _way(shown[row]))

    def asked(way: str) -> pd.DataFrame:
        keys = [unquote(each) for each in way.removesuffix(_LONGER).split(">")]
        return ask(path_people.walked, keys, way.endswith(_LONGER), length, **steps_are, filters=state.filters(),
                   limit=people.MOST)

    show.table(paths.ways(shortened, t, name, many), "ways", name=t("Ways"), wide=t("Way"), on_pick=pick)
    people.behind("way", t("The customers behind a way"), t("Way"), {
        _way(row): f"{paths.way_name(row, name)} ({t.number(row['n'])})" for row in shown}, asked, {"times": many})
    _apart(sides, ["way"], lambda row: paths.way_name(_read(row["way"]), name), "ways", t("Way"))


def loops(steps_are: dict[str, Any], name: Callable[[str], str], many: str) -> None:
    """Where customers go in circles. steps_are: as `path_variants.loops` takes it."""
    t, filters = state.spoken(), state.filters()
    sides = _of_both(path_variants.loops, steps_are)
    found = ask(path_variants.loops, filters=filters, **steps_are)
    title(findings.path.back(ask(path_variants.returns, steps_are["unit"], steps_are["pause"], filters), t),
          t("The most frequent loops. Net emotion there: on the detour and back."),
          t("Click a row to see who they are."))
    rows = found.to_dict("records")
    show.table(paths.loops(found, t, name, many), "loops", name=t("Loops"),
               on_pick=lambda row: people.pick("loop", _loop(rows[row])))
    people.behind("loop", t("The customers behind a loop"), t("Loop"), {
        _loop(row): f"{paths.loop_name(row, name)} ({t.number(row['n'])})" for row in rows}, lambda loop: ask(
            path_people.turned, *(unquote(each) for each in loop.split(">")), **steps_are, filters=filters,
            limit=people.MOST), {"times": t("Times")})
    _apart(sides, ["key", "through_key"], lambda row: paths.loop_name(row, name), "loops", t("Loop"))


def _known(row: dict[str, Any]) -> bool:
    """Whether the customers of a cell can be asked for: all others are no value."""
    return row["from_kind"] == "value" and row["to_kind"] in ("value", "end")


def _way(row: dict[str, Any]) -> str:
    return ">".join(quote(each, safe=" ") for each in row["keys"]) + (_LONGER if row["longer"] else "")


def _read(way: str) -> dict[str, Any]:
    return {"keys": [unquote(each) for each in way.removesuffix(_LONGER).split(">")], "longer": way.endswith(_LONGER)}


def _loop(row: dict[str, Any]) -> str:
    return f"{quote(row['key'], safe=' ')}>{quote(row['through_key'], safe=' ')}"


def _of_both(question: Callable[..., pd.DataFrame], asked: dict[str, Any]) -> against.Both | None:
    """Every row there is of both sides, since what is frequent here may be rare there; None where one side is drawn."""
    sides = against.held()
    return against.both(question, most=_ALL, **asked) if sides is not None and sides.drawn else None


def _apart(sides: against.Both | None, on: list[str], row_name: Callable[[dict[str, Any]], str], key: str,
           what: str) -> None:
    """Shares of all who were counted, how many reached the purchase and how it felt, of what is most frequent on either
    side. What is missing there is a share of none."""
    if sides is None:
        return
    t = state.spoken()
    whole = sides.map(_keyed)
    listed = pd.concat([each.head(_SHOWN)[on] for each in (whole.here, whole.beside)]).drop_duplicates()
    compared = whole.map(path_variants.shares_of, listed)
    against.differences(compared, against.rows(compared, on, value="share", n="total"), row_name, key, what=what)
    measured = whole.map(_listed, listed)
    if "conversion" in measured.here and measured.here["conversion"].notna().any():
        against.differences(measured, against.rows(
            measured, on, value="conversion", lower="conversion_lower", upper="conversion_upper"), row_name,
            f"{key}-purchase", what=what, of=t("Reached purchase"))
    against.differences(measured, against.rows(measured, on, value="net", lower="net_lower", upper="net_upper",
                                               n="net_n"), row_name, f"{key}-net", unit="points", what=what,
                        of=t("Net emotion"))
    if note := against.note(compared):
        say(note)


def _listed(found: pd.DataFrame, wanted: pd.DataFrame) -> pd.DataFrame:
    return found.merge(wanted, on=list(wanted.columns))


def _keyed(found: pd.DataFrame) -> pd.DataFrame:
    """Ways by a text, loops as they are."""
    if "keys" not in found.columns:
        return found
    kept = found[found["kind"] == "variant"]
    return kept.assign(way=[_way(row) for row in kept.to_dict("records")])
