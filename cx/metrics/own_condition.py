"""Conditions on one interaction, chosen from drop-downs: a field, an operator, a value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from cx.errors import QueryError, UnknownValue
from cx.filters import DIMENSIONS, Clause, Filters
from cx.language import Text, text
from cx.metrics.kpi_registry import Unit
from cx.model import EMOTIONS, FIELD, STAGES, name_key
from cx.scales import effort_sql, lowest_sql
from cx.store import Store

NUMBER, FLAG, NAME, TEXT = "number", "flag", "name", "text"
OPERATORS: Mapping[str, Mapping[str, Text]] = {
    NUMBER: {"at_least": text("is at least"), "at_most": text("is at most"), "above": text("is above"),
             "below": text("is below"), "equals": text("is exactly")},
    FLAG: {"yes": text("is yes"), "no": text("is no")},
    NAME: {"any_of": text("is one of"), "none_of": text("is none of")},
    TEXT: {},
}
_ALWAYS: Mapping[str, Text] = {"given": text("is given"), "missing": text("is missing")}
_SYMBOLS = {"at_least": ">=", "at_most": "<=", "above": ">", "below": "<", "equals": "="}
_SENTENCES: Mapping[str, Text] = {
    "at_least": text("“{field}” at least {value}"), "at_most": text("“{field}” at most {value}"),
    "above": text("“{field}” above {value}"), "below": text("“{field}” below {value}"),
    "equals": text("“{field}” exactly {value}"), "yes": text("“{field}”: yes"), "no": text("“{field}”: no"),
    "any_of": text("“{field}” one of: {value}"), "none_of": text("“{field}” none of: {value}"),
    "given": text("“{field}” given"), "missing": text("“{field}” missing")}


@dataclass(frozen=True)
class AskedField:
    """A field a condition may be about.

    kind     which operators it has
    value    SQL of its value on `interactions AS i`; of names "" (see `true_sql`)
    known    SQL that tells whether it is known
    label    what screens call it, with the unit in which values are given
    needs    fields of cx.model that somebody must have uploaded
    present  as `Kpi.present`
    unit     of its mean
    factor   what a value given is multiplied by for `value`
    """

    kind: str
    value: str
    known: str
    label: Text
    needs: tuple[str, ...]
    present: tuple[str, ...] = ()
    unit: Unit = "score"
    factor: float = 1.0


def _number(name: str, unit: Unit = "score", label: Text | None = None, factor: float = 1.0) -> AskedField:
    return AskedField(NUMBER, f"i.{name}", f"i.{name} IS NOT NULL", label or FIELD[name].label, (name,), unit=unit,
                      factor=factor)


_CSAT_SQL = f"(100.0 * CAST(i.csat - {lowest_sql('i.csat_max')} AS DOUBLE) / (i.csat_max - {lowest_sql('i.csat_max')}))"
_FIELDS: Mapping[str, AskedField] = {
    "nps": _number("nps"),
    "csat": AskedField(NUMBER, _CSAT_SQL, "i.csat IS NOT NULL AND i.csat_max IS NOT NULL",
                       text("Satisfaction (0–100)"), ("csat",)),
    "ces": AskedField(NUMBER, effort_sql("i.ces", "i.ces_max"), "i.ces IS NOT NULL AND i.ces_max IS NOT NULL",
                      text("Effort (1–7, 7 = easiest)"), ("ces",)),
    "wait_seconds": _number("wait_seconds", "seconds", text("Waiting time in minutes"), 60),
    "delay_days": _number("delay_days", "days"),
    "revenue": _number("revenue", "money"),
    "quantity": _number("quantity"),
    "expectation_met": AskedField(FLAG, "i.expectation_met", "i.expectation_met IS NOT NULL",
                                  FIELD["expectation_met"].label, ("expectation_met",)),
    "is_complaint": AskedField(FLAG, "coalesce(i.is_complaint, FALSE)", "TRUE", FIELD["is_complaint"].label,
                               ("is_complaint",), ("is_complaint",)),
    "emotion": AskedField(NAME, "i.emotion", "i.emotion IS NOT NULL", FIELD["emotion"].label, ()),
    **{name: AskedField(NAME, "", f"i.{name}_id IS NOT NULL", FIELD[name].label, (name,))
       for name in ("stage", "channel", "touchpoint")},
    "persona": AskedField(NAME, "", "i.customer_key IN (SELECT customer_key FROM customers WHERE persona_id IS NOT "
                                    "NULL)", FIELD["persona"].label, ("persona",)),
    "campaign": AskedField(NAME, "i.campaign", "i.campaign IS NOT NULL", FIELD["campaign"].label, ("campaign",)),
    "comment": AskedField(TEXT, "", "i.comment IS NOT NULL", FIELD["comment"].label, ("comment",)),
    "order_id": AskedField(TEXT, "", "i.order_id IS NOT NULL", FIELD["order_id"].label, ("order_id",)),
}
ATTRIBUTE = "a."
"""What the key of a further column of the sheets begins with, as a field."""

_OF_ATTRIBUTE = ("i.attributes[?] IS NOT NULL OR i.customer_key IN (SELECT ca.customer_key FROM customer_attributes ca "
                 "JOIN attributes a ON a.attribute_id = ca.attribute_id WHERE a.key = ?)")


@dataclass(frozen=True)
class Condition:
    """A field, an operator and its values, as texts: numbers in the unit of the field's label, keys of names; in a mean
    only the field counts."""

    field: str
    operator: str = ""
    operands: tuple[str, ...] = ()

    def check(self, store: Store) -> None:
        """Raises UnknownValue for a field or operator there is none of, QueryError for a value that is missing or not
        a number."""
        known = fields(store)
        if self.field not in known:
            raise UnknownValue(text("Field"), self.field, known)
        kind = field_of(self.field).kind
        if self.operator not in operators(self.field):
            raise UnknownValue(text("Operator"), self.operator, operators(self.field))
        if self.operator in OPERATORS[NUMBER]:
            if len(self.operands) != 1:
                raise QueryError(text("Give a value to compare “{field}” with.", field=known[self.field]))
            _as_number(self.operands[0])
        if kind == NAME and self.operator in OPERATORS[NAME] and not self.operands:
            raise QueryError(text("Give a value to compare “{field}” with.", field=known[self.field]))


def fields(store: Store) -> dict[str, Text]:
    """What a condition may be about: key → name. Further columns of the sheets come last."""
    attributes = store.rows("SELECT key, label FROM attributes ORDER BY label, key")
    return {**{name: each.label for name, each in _FIELDS.items()},
            **{ATTRIBUTE + key: Text("{name}", {"name": label}) for key, label in attributes}}


def number_fields() -> dict[str, Text]:
    """Fields that have a mean: key → name."""
    return {name: FIELD[name].label if each.factor != 1 else each.label for name, each in _FIELDS.items()
            if each.kind == NUMBER}


def operators(field: str) -> dict[str, Text]:
    """The operators of a field: key → words."""
    return {**OPERATORS[field_of(field).kind], **_ALWAYS}


def field_of(key: str) -> AskedField:
    """The field of that key; raises UnknownValue (a further column is one that begins with `ATTRIBUTE`)."""
    if key.startswith(ATTRIBUTE):
        return AskedField(NAME, "", "", Text("{name}", {"name": key[len(ATTRIBUTE):]}), ())
    if key not in _FIELDS:
        raise UnknownValue(text("Field"), key, _FIELDS)
    return _FIELDS[key]


def known_sql(condition: Condition) -> Clause:
    """Whether it can be told of `interactions AS i` if the condition holds."""
    if condition.operator in _ALWAYS:
        return Clause("TRUE")
    return _given(condition.field)


def true_sql(condition: Condition) -> Clause:
    """Whether the condition holds of `interactions AS i`; false where it cannot be told."""
    field = field_of(condition.field)
    if condition.operator in _ALWAYS:
        given = _given(condition.field)
        return given if condition.operator == "given" else Clause(f"NOT ({given.sql})", given.params)
    if condition.operator in _SYMBOLS:
        number = _as_number(condition.operands[0]) * field.factor
        return Clause(f"{field.value} {_SYMBOLS[condition.operator]} CAST(? AS DOUBLE)", (number,))
    if field.kind == FLAG:
        return Clause(field.value if condition.operator == "yes" else f"NOT {field.value}")
    held = _among(condition)
    given = _given(condition.field)
    if condition.operator == "any_of":
        return Clause(f"coalesce({held.sql}, FALSE)", held.params)
    return Clause(f"({given.sql}) AND NOT coalesce({held.sql}, FALSE)", (*given.params, *held.params))


def words(store: Store, condition: Condition) -> Text:
    """The condition in words: “Waiting time in minutes” above 5."""
    field = field_of(condition.field)
    value: object = ""
    if condition.operator in _SYMBOLS:
        number = _as_number(condition.operands[0])
        value = int(number) if number == int(number) else number
    elif field.kind == NAME and condition.operands:
        value = _listed([_value_name(store, condition.field, key) for key in condition.operands])
    return Text(_SENTENCES[condition.operator].id, {"field": among_names(store, condition.field), "value": value})


def among_names(store: Store, field: str) -> Text:
    """What screens call the field; of a further column, its header."""
    return fields(store).get(field, field_of(field).label)


def values_of(store: Store, field: str) -> dict[str, Text]:
    """The values to choose from for a field of names: key → name, the most frequent of free ones first."""
    if field == "emotion":
        return {str(key): label for key, label in EMOTIONS.items()}
    if field in DIMENSIONS:
        order = "position" if field == "stage" else "label"
        return {key: _stage(key, label) for key, label in store.rows(
            f"SELECT key, label FROM {DIMENSIONS[field]} ORDER BY {order}")}
    if field == "campaign":
        rows = store.rows("SELECT campaign FROM interactions WHERE campaign IS NOT NULL GROUP BY 1 "
                          "ORDER BY count(*) DESC, 1 LIMIT 200")
        return {value: Text("{name}", {"name": value}) for value, in rows}
    from cx.metrics.attributes import MOST_VALUES, attribute_values

    found = attribute_values(store, field[len(ATTRIBUTE):])[:MOST_VALUES]
    return {value: Text("{name}", {"name": value}) for value in found}


# --- helpers ---


def _given(field: str) -> Clause:
    if field.startswith(ATTRIBUTE):
        key = field[len(ATTRIBUTE):]
        return Clause(_OF_ATTRIBUTE, (key, key))
    return Clause(field_of(field).known)


def _among(condition: Condition) -> Clause:
    """Whether a name is one of the values; null where it is not known."""
    if condition.field.startswith(ATTRIBUTE):
        return Filters(attributes=((condition.field[len(ATTRIBUTE):], condition.operands),)).interactions("i")
    if condition.field in DIMENSIONS:
        return Filters(**{condition.field: condition.operands}).interactions("i")  # type: ignore[arg-type]
    marks = ", ".join("?" * len(condition.operands))
    return Clause(f"CAST({field_of(condition.field).value} AS VARCHAR) IN ({marks})", condition.operands)


def _value_name(store: Store, field: str, key: str) -> Text:
    if field == "emotion":
        return EMOTIONS.get(int(key), Text("{name}", {"name": key}))
    if field in DIMENSIONS:
        return values_of(store, field).get(name_key(key), Text("{name}", {"name": key}))
    return Text("{name}", {"name": key})


def _stage(key: str, label: str) -> Text:
    """A built-in stage nobody renamed is named in the reader's language."""
    return STAGES[key].label if key in STAGES and str(STAGES[key].label) == label else Text("{name}", {"name": label})


def _listed(names: list[Text]) -> Text:
    return Text(", ".join(f"{{n{place}}}" for place in range(len(names))),
                {f"n{place}": name for place, name in enumerate(names)})


def _as_number(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise QueryError(text("“{value}” is not a number.", value=value))
    return number
