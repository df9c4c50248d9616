"""One way to hold a page against another period or group: chosen in the filter bar, in force on every chart.

`both` asks a question of the two sides; `chart` draws them side by side, and chart functions that can show both in one
picture take the other side as `beside`; `differences` says which rows differ more than chance explains.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from cx import against, findings
from cx.against import Against, Held
from cx.charts.theme import Chart
from cx.filters import DIMENSIONS
from cx.findings.compared import Shown, Than, Unit
from cx.findings.funnel import verdict
from cx.language import DASH
from cx.metrics import differences as compared
from cx.metrics import period
from cx.metrics.attributes import attribute_values
from cx.metrics.kpi import minimum_n
from cx.metrics.overview import span
from pages.parts import show, state
from pages.parts.ask import ask
from pages.parts.made import kept
from pages.parts.words import label, markdown, names, say, splits

_OTHERS = ""


@dataclass(frozen=True)
class Both:
    """here, there  answers to one question: of the selection, and of what it is held against (None = nothing is)
    now          of the latest days, where those stand against `there`, the days before; None = `here` does
    drawn        whether the other side is asked for on the charts
    one, other   names of the sides
    than         the words that compare; None = nothing to compare with
    """

    here: Any
    there: Any | None
    drawn: bool
    one: str
    other: str
    than: Than | None
    now: Any | None = None

    @property
    def beside(self) -> Any | None:
        """The other side, where it is to be drawn."""
        return self.there if self.drawn else None

    def map(self, make: Callable[..., Any], *of: Any, **by_name: Any) -> Both:
        """The same of what `make(side, *of, **by_name)` makes of either side, as `made.kept` keeps it."""
        here, there, now = (None if side is None else kept(make, side, *of, **by_name)
                            for side in (self.here, self.there, self.now))
        return replace(self, here=here, there=there, now=now)


def held() -> Held | None:
    """What the selection is held against."""
    return against.held(state.filters(), state.against(), _values)


def recent() -> Held | None:
    """The latest days against those before, where neither a period nor another comparison is chosen."""
    filters = state.filters()
    if (filters.start and filters.end) or filters.compare == "none" or state.against() is not None:
        return None
    found = ask(period.periods, filters)
    if found.current is None or found.previous is None or not found.covered:
        return None
    return Held(found.current, found.previous, "lately", False)


def both(question: Callable[..., Any], *args: Any, on_request: bool = False, lately: bool = False,
         **kwargs: Any) -> Both:
    """A question asked of both sides; it takes `filters`. on_request: of the other only where it is drawn; lately:
    where nothing is chosen to hold against, of the latest days and those before (for a question that is quick)."""
    sides = held()
    here = ask(question, *args, **kwargs, filters=state.filters())
    if sides is None and lately and (sides := recent()) is not None:
        now, there = (ask(question, *args, **kwargs, filters=each) for each in (sides.here, sides.there))
        return Both(here, there, False, "", "", words(sides), now)
    if sides is None or (on_request and not sides.drawn):
        return Both(here, None, False, "", "", None)
    there = ask(question, *args, **kwargs, filters=sides.there)
    return Both(here, there, sides.drawn, *sides_named(sides), words(sides))


def sides_named(sides: Held) -> tuple[str, str]:
    """What to call this selection and the other."""
    t = state.spoken()
    if sides.by_time:
        return sides.here.period_caption(t), sides.there.period_caption(t)
    by = _by()
    one = ", ".join(label(by, each) for each in against.chosen(sides.here, by))
    other = ", ".join(label(by, each) for each in against.chosen(sides.there, by))
    return one, t("all the others") if sides.kind == "others" else other


def words(sides: Held) -> Than:
    """The words that compare."""
    if sides.kind == "lately":
        assert sides.here.start is not None
        assert sides.here.end is not None
        return findings.compared.lately((sides.here.end - sides.here.start).days + 1, state.spoken(),
                                        last_year=sides.here.compare == "last_year")
    return findings.compared.than(sides.kind, sides_named(sides)[1], state.spoken())


def chart(answers: Both, draw: Callable[..., Chart | None], key: str,
          on_pick: Callable[[dict[str, Any]], None] | None = None, *, of: Sequence[Any] = ()) -> None:
    """A chart of this side, or of both side by side. draw: called with a side and what it is drawn `of` beside that;
    None where there is nothing to show."""
    t = state.spoken()

    def one(answer: Any, name: str, pick: Callable[[dict[str, Any]], None] | None) -> None:
        drawn = kept(draw, answer, *of)
        if drawn is None or (answer is answers.there and drawn.data.empty):
            say(t("Nothing to be told for sure here."))
        else:
            show.chart(drawn, name, on_pick=pick)

    if answers.beside is None:
        one(answers.here, key, on_pick)
        return

    def go_there(at: dict[str, Any]) -> None:
        sides = held()
        if sides is not None and on_pick is not None:
            state.look_from(sides.there)
            on_pick(at)

    picks = (on_pick, go_there if on_pick else None)
    for column, answer, name, place, pick in zip(st.columns(2, gap="medium"), (answers.here, answers.beside),
                                                 (answers.one, answers.other), ("", "-there"), picks, strict=True):
        with column:
            say(name, "body")
            one(answer, key + place, pick)


def legend(answers: Both) -> None:
    """Tell the two sides apart where one picture holds both: frames, or anything else."""
    t, there = state.spoken(), answers.beside
    if there is None:
        return
    if isinstance(there, pd.DataFrame) and there.empty:
        say(t("Nothing of this is on the other side: {other}.", other=answers.other))
    else:
        say(t("Purple: {other}.", other=answers.other))


def rows(answers: Both, on: Sequence[str], **columns: str) -> pd.DataFrame | None:
    """`differences()` of two frames; None where nothing is held against. columns: see there."""
    if answers.there is None:
        return None
    here = answers.here if answers.now is None else answers.now
    return kept(compared.differences, here, answers.there, list(on), ask(minimum_n), **columns)


def differences(answers: Both, found: pd.DataFrame | None, name: Callable[[dict[str, Any]], str], key: str, *,
                unit: Unit | Shown = "share", what: str = "", of: str = "") -> None:
    """Which rows surely differ, and all of them as a table; nothing where the other side is not drawn.

    found: of `rows`; what: the words for what is told apart, a column title; of: for what is measured, where it needs
    them; unit: or how a row shows a value, and (sign=True) a difference
    """
    if found is None or not answers.drawn or answers.than is None:
        return
    t = state.spoken()
    shown = unit if callable(unit) else findings.compared.in_unit(unit, t)
    said = findings.compared.told(found, answers.than, t, name, shown)
    say(t("{what}: {said}", what=of, said=said) if of else said, "body")
    show.folded_table(t("All differences: {what}", what=of) if of else t("All differences"),
                      _table(found, answers, name, shown, what or t("Name")), f"{key}-differences",
                      name=t("Comparison"))


def timeless(answers: Both) -> Than | None:
    """The words that compare, where it is no matter of time: what comes after may still come in the later period."""
    sides = held()
    return None if sides is None or sides.by_time else answers.than


def note(answers: Both) -> str:
    """What to bear in mind where journeys of two periods are compared; empty for groups."""
    t, sides = state.spoken(), held()
    return (t("Who came later has had less time to go on.")
            if answers.drawn and sides is not None and sides.by_time else "")


def _table(found: pd.DataFrame, answers: Both, name: Callable[[dict[str, Any]], str], shown: Shown,
           what: str) -> pd.DataFrame:
    t, given = state.spoken(), found.to_dict("records")

    def value(row: dict[str, Any], side: str) -> str:
        if pd.isna(row[f"{side}value"]):
            return DASH
        return f"{shown(row, row[f'{side}value'], False)} ({t('n = {n}', n=int(row[f'{side}n']))})"

    def difference(row: dict[str, Any]) -> str:
        if pd.isna(row["difference"]):
            return DASH
        by, low, high = (shown(row, row[each], True) for each in ("difference", "lower", "upper"))
        if pd.isna(row["lower"]):
            return by
        return f"{by} ({t.interval(low, high)}) {verdict(row['significant'], t)}"

    return pd.DataFrame({what: [name(row) for row in given], answers.one: [value(row, "") for row in given],
                         answers.other + ("\u2009" if answers.one == answers.other else ""):
                             [value(row, "other_") for row in given],
                         t("Difference"): [difference(row) for row in given]})


# --- the choice ---


def button() -> None:
    """The button in the filter bar that chooses what to compare with."""
    t, sides = state.spoken(), held()
    shown = t("Compare")
    if sides is not None and sides.drawn:
        other = {"previous": t("the period before"), "last_year": t("a year earlier"), "period": t("another period"),
                 "others": t("all the others")}.get(sides.kind) or markdown(sides_named(sides)[1])
        shown = f"{shown}: {other if other and len(other) <= 28 else 1}"
    with st.popover(shown, icon=":material/compare_arrows:"):
        _choice()


def _choice() -> None:
    t, filters, chosen = state.spoken(), state.filters(), state.against()
    current = chosen.how if chosen and chosen.how != "compared" else filters.compare
    key = state.widget_key("compare")
    st.session_state.setdefault(key, current)
    options = {"previous": t("the period before"), "last_year": t("the same period a year earlier"),
               "period": t("another period"), "group": t("another group of customers"), "none": t("nothing")}

    def pick() -> None:
        how = st.session_state[key]
        if how in ("period", "group"):
            state.set_against(Against(how, by="persona" if how == "group" else "", start=None, end=None))
        else:
            state.refine(compare=how)
            state.set_against(Against("compared") if chosen and how != "none" else None)

    st.radio(t("Compare with"), list(options), format_func=options.__getitem__, key=key, on_change=pick)
    if current == "period":
        _period()
    elif current == "group":
        _group(chosen or Against("group", by="persona"))
    elif current != "none":
        drawn = state.widget_key("on-charts")
        st.session_state.setdefault(drawn, chosen is not None)
        st.toggle(t("On every chart too"), key=drawn,
                  on_change=lambda: state.set_against(Against("compared") if st.session_state[drawn] else None))
        if filters.compared() is None:
            say(t("Choose a period in the bar above first."))


def _period() -> None:
    t, known, chosen = state.spoken(), ask(span), state.against()
    key = state.widget_key("compare-days")
    given = (chosen.start, chosen.end) if chosen and chosen.start and chosen.end else ()
    st.session_state.setdefault(key, given)

    def keep() -> None:
        picked = st.session_state[key]
        if isinstance(picked, tuple) and len(picked) == 2:
            state.set_against(Against("period", *picked))

    st.date_input(t("From … to …"), key=key, on_change=keep, format="DD.MM.YYYY", min_value=known.first_day,
                  max_value=(known.last_day or dt.date.max) + dt.timedelta(days=1))
    if not given:
        say(t("Choose the first and the last day."))


def _group(chosen: Against) -> None:
    t, filters = state.spoken(), state.filters()
    kinds = {name: said for name, said in splits().items() if name not in against.NO_GROUPS}
    by_key = state.widget_key("compare-by")
    st.session_state.setdefault(by_key, chosen.by if chosen.by in kinds else next(iter(kinds)))
    by = st.selectbox(t("Groups are"), list(kinds), format_func=kinds.__getitem__, key=by_key,
                      on_change=lambda: state.set_against(Against("group", by=st.session_state[by_key])))
    values = _values(by)
    if len(values) < 2:
        say(t("There is only one such group."))
        return
    own = against.chosen(filters, by)
    one_key = state.widget_key(f"compare-one-{by}")
    st.session_state.setdefault(one_key, own[0] if len(own) == 1 and own[0] in values else None)
    st.selectbox(t("Group"), values, format_func=lambda each: label(by, each), key=one_key, placeholder=t("Choose"),
                 on_change=lambda: state.narrow(by, st.session_state[one_key] or ""))
    if not own:
        say(t("Choose the group to look at."))
        return
    others = [_OTHERS, *(each for each in values if each not in own)]
    other_key = state.widget_key(f"compare-other-{by}")
    given = chosen.values[0] if chosen.values else _OTHERS
    st.session_state.setdefault(other_key, given if given in others else _OTHERS)

    def keep() -> None:
        value = st.session_state[other_key]
        state.set_against(Against("group", by=by, values=(value,) if value else ()))

    st.selectbox(t("compared with"), others, key=other_key, on_change=keep,
                 format_func=lambda each: label(by, each) if each else t("all the others"))


def _by() -> str:
    chosen = state.against()
    return chosen.by if chosen else ""


def _values(by: str) -> Sequence[str]:
    return list(names(by)) if by in DIMENSIONS else ask(attribute_values, by)
