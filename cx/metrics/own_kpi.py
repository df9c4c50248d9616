"""KPIs a company adds itself: the share or mean of a field, among all interactions or those that meet a condition.

They are made of drop-downs only: fields and operators come from the tables below, values are always bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from cx.errors import QueryError, UnknownValue
from cx.language import Text, text
from cx.metrics.kpi_registry import KPIS, Kpi, Unit, mean_parts, share_parts
from cx.metrics.own_condition import (
    Condition,
    among_names,
    field_of,
    known_sql,
    number_fields,
    true_sql,
    words,
)
from cx.model import clean_name, name_key
from cx.store import Store

MOST = 30
"""So many KPIs of one's own; each is computed with every page of KPIs."""

LONGEST_NAME = 60
KINDS: Mapping[str, Text] = {"share": text("a share"), "mean": text("a mean")}


@dataclass(frozen=True)
class OwnKpi:
    """A KPI of a company's own.

    kind         share: of the interactions in which `what` can be told, those in which it holds; mean: of the number
                 `what.field`, in the unit of that field
    only         which interactions count; None = all
    direction    +1 higher is better, -1 lower is better, 0 neither
    number       its number in the workspace; None = not saved yet
    """

    name: str
    kind: Literal["share", "mean"]
    what: Condition
    only: Condition | None = None
    direction: Literal[-1, 0, 1] = 1
    on_overview: bool = False
    number: int | None = None

    @property
    def key(self) -> str:
        return f"own_{self.number}"


def save(store: Store, own: OwnKpi) -> str:
    """Add it, or change the one of its `number`; → its key. Raises QueryError for a name that is missing, too long or
    taken, an operator without a value, or too many KPIs; UnknownValue for a field or operator there is none of."""
    own = replace(own, name=clean_name(own.name))
    _check(store, own)
    with store.write(derived=False) as cursor:
        number = own.number
        if number is None:
            number = (cursor.execute("SELECT coalesce(max(own_kpi_id), 0) + 1 FROM own_kpis").fetchone() or (1,))[0]
        cursor.execute("DELETE FROM own_kpis WHERE own_kpi_id = ?", [number])
        only = own.only or Condition("", "")
        cursor.execute("INSERT INTO own_kpis VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [
            number, own.name, own.kind, own.what.field, own.what.operator or None, list(own.what.operands),
            only.field or None, only.operator or None, list(only.operands), own.direction, own.on_overview])
    return replace(own, number=number).key


def remove(store: Store, key: str) -> None:
    """Take a KPI of one's own away, with its targets. Raises UnknownValue."""
    own = _of_key(store, key)
    with store.write(derived=False) as cursor:
        cursor.execute("DELETE FROM own_kpis WHERE own_kpi_id = ?", [own.number])
        cursor.execute("DELETE FROM goals WHERE kpi = ?", [key])


def own_kpis(store: Store) -> list[OwnKpi]:
    """Those saved, in the order they were added."""
    return [_stored(*row) for row in store.kept(
        "SELECT own_kpi_id, name, kind, field, operator, operands, only_field, only_operator, only_operands, "
        "direction, on_overview FROM own_kpis ORDER BY own_kpi_id")]


def registry(store: Store) -> dict[str, Kpi]:
    """Key → KPI: the product's, then the company's own."""
    own = own_kpis(store)
    return {**KPIS, **{each.key: declared(store, each) for each in own}}


def find(store: Store, key: str) -> Kpi:
    """The KPI of that key, the company's own included; raises UnknownValue with the keys there are."""
    if key in KPIS:
        return KPIS[key]
    known = registry(store)
    if key not in known:
        raise UnknownValue(text("KPI"), key, known)
    return known[key]


def on_overview(store: Store) -> list[str]:
    """The keys of those that have a tile on the Overview."""
    return [own.key for own in own_kpis(store) if own.on_overview]


def declared(store: Store, own: OwnKpi) -> Kpi:
    """The registry entry that follows from it: SQL, unit, and its definition in words."""
    what = field_of(own.what.field)
    rows = [known_sql(own.what)]
    if own.only:
        rows += [known_sql(own.only), true_sql(own.only)]
    label = among_names(store, own.what.field)
    among = words(store, own.only) if own.only else None
    common: dict[str, Any] = {
        "key": own.key, "name": Text("{name}", {"name": own.name}), "direction": own.direction,
        "source": "interactions", "own": True,
        "fields": tuple((each,) for each in dict.fromkeys(what.needs + (field_of(own.only.field).needs if own.only
                                                                        else ()))),
        "present": what.present}
    common["fields"] = (tuple(field for way in common["fields"] for field in way),) if common["fields"] else ()
    if own.kind == "mean":
        definition = text("The mean of “{field}”.", field=label) if among is None else text(
            "The mean of “{field}” of interactions with: {among}.", field=label, among=among)
        formula = text("sum of “{field}” ÷ interactions that have it", field=label) if among is None else text(
            "sum of “{field}” ÷ interactions that have it, of those with: {among}", field=label, among=among)
        return Kpi(**common, definition=definition, formula=formula, unit=what.unit, method="mean",
                   parts=mean_parts(what.value, rows))
    hit = words(store, own.what)
    definition = text("The share of interactions with: {hit}.", hit=hit) if among is None else text(
        "The share of interactions with: {hit}; of those with: {among}.", hit=hit, among=among)
    every = text("all interactions") if own.what.operator in ("given", "missing") or own.what.field == "is_complaint" \
        else text("interactions in which “{field}” is known", field=label)
    formula = text("interactions with: {hit} ÷ {every}", hit=hit, every=every) if among is None else text(
        "interactions with: {hit} ÷ {every}; both of those with: {among}", hit=hit, every=every, among=among)
    unit: Unit = "share"
    return Kpi(**common, definition=definition, formula=formula, unit=unit, method="share", bounds=(0, 1),
               parts=share_parts([*rows, true_sql(own.what)], rows))


# --- helpers ---


def _check(store: Store, own: OwnKpi) -> None:
    if not own.name:
        raise QueryError(text("Give the KPI a name."))
    if len(own.name) > LONGEST_NAME:
        raise QueryError(text("The name is longer than {most} characters.", most=LONGEST_NAME))
    others = own_kpis(store)
    if name_key(own.name) in {name_key(each.name) for each in others if each.number != own.number} | _taken():
        raise QueryError(text("There is a KPI called “{name}” already.", name=own.name))
    if own.number is None and len(others) >= MOST:
        raise QueryError(text("There are {most} KPIs of your own already: remove one first.", most=MOST))
    if own.number is not None and own.number not in {each.number for each in others}:
        raise UnknownValue(text("KPI"), own.key, [each.key for each in others])
    if own.kind not in KINDS:
        raise UnknownValue(text("Kind"), own.kind, KINDS)
    if own.direction not in (-1, 0, 1):
        raise UnknownValue(text("Direction"), own.direction, (-1, 0, 1))
    if own.kind == "mean":
        if own.what.field not in number_fields():
            raise UnknownValue(text("Field"), own.what.field, number_fields())
    else:
        own.what.check(store)
    if own.only:
        own.only.check(store)


def _taken() -> set[str]:
    """The names of the product's KPIs in every language."""
    from cx.language import LANGUAGES, language

    return {name_key(language(code)(kpi.name)) for code in LANGUAGES for kpi in KPIS.values()}


def _of_key(store: Store, key: str) -> OwnKpi:
    known = {own.key: own for own in own_kpis(store)}
    if key not in known:
        raise UnknownValue(text("KPI"), key, known)
    return known[key]


def _stored(number: int, name: str, kind: Literal["share", "mean"], field: str, operator: str | None,
            operands: list[str], only_field: str | None, only_operator: str | None, only_operands: list[str],
            direction: Literal[-1, 0, 1], shown: bool) -> OwnKpi:
    only = Condition(only_field, only_operator or "", tuple(only_operands)) if only_field else None
    return OwnKpi(name, kind, Condition(field, operator or "", tuple(operands)), only, direction, shown, number)
