"""The gravest problems and the greatest wins, each with what it is worth, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cx.findings.friction import NOTHING, delights, hurts, impact, sampled, there
from cx.language import Language, text
from cx.metrics.friction import MEASURES, Selection, place
from cx.metrics.friction_words import is_overall, measured
from cx.metrics.highlight import Mended, Problem, Row

_MEANING = text("First what fixing is surely worth most, then the largest: customers × how far it is off. If fixed: if "
                "it went there as on average elsewhere, over the selected period; an association, not a promise.")
_MEANING_BOTH = text("First what fixing is surely worth most, then the largest: customers × how far it is off. If "
                     "fixed: if it went there as on average elsewhere (where it says so: as at the same touchpoint "
                     "outside the selection), over the selected period; an association, not a promise.")
_MOST_WORTHS = 2


def meaning(one_in: int, t: Language, selection: Selection = "") -> str:
    """How problems and wins are to be read. one_in, selection: of `friction.friction()`."""
    return f"{t(_MEANING_BOTH if selection == 'both' else _MEANING)} {sampled(one_in, t)}".rstrip()


@dataclass(frozen=True)
class Told:
    """A place, what is sure of it with its n, how many customers (`n`) were there, and what it is worth."""

    kind: str
    cell: str
    place: str
    worth: str
    what: str
    customers: str
    n: int


def told(rows: Sequence[Row], worths: Sequence[Mended], t: Language) -> Told:
    """rows: a place, of `highlight.top()`; worths: of `highlight.mended()`, none for a win."""
    first = rows[0]
    where, what = place(first), measured(first)
    return Told(first["kind"], first["cell"], t(where), mending(worths, t) or whole(rows, t), t(what),
                there(first, t),
                int(first["customers"]))


@dataclass(frozen=True)
class First:
    """What to do first: the place in a sentence, why, and the place to look at closer (`cell`; "" = none)."""

    what: str
    why: str
    cell: str

    @property
    def line(self) -> str:
        """All of it on one line."""
        return f"{self.what} {self.why}".strip()


def first(problems: Sequence[Problem], tested: int, t: Language, selection: Selection = "") -> First:
    """What to do first, of the problems in their order; no place is named where no worth is sure. tested: how many
    places and measures could be (`Friction.tested`); selection: `Friction.selection`."""
    if not tested:
        return First(t("What to fix first cannot be told: there are too few answers to compare places."), "", "")
    if not problems:
        return First({"": t("Nothing needs fixing first: no place is surely worse than elsewhere."),
                      "within": t("Nothing needs fixing first: no place is surely worse than elsewhere in this "
                                  "selection."),
                      "both": t("Nothing needs fixing first: no place is surely worse than elsewhere in this selection "
                                "or than outside it.")}[selection], "", "")
    best = problems[0]
    card = told(best.rows, best.worths, t)
    if not any(each.value > 0 for each in best.worths):
        return First(t("What to do first cannot be told: no fix of the gravest places is surely worth something."),
                     t("Largest pain point: {where}.", where=card.place), card.cell)
    if not best.advised:
        largest = t("Largest pain point: {where}.", where=card.place)
        return First(t("What to do first cannot be told: each fix that is surely worth something also surely costs "
                       "something."), f"{largest} {card.worth}", card.cell)
    return First(t("Fix this first: {place}.", place=card.place), f"{card.worth} {card.what} {card.customers}.",
                 card.cell)


def heading(kind: str, rows: Sequence[object], t: Language, selection: Selection = "") -> str:
    """What stands above problems ("pain") and wins; rows: the places; selection: `Friction.selection`."""
    if rows:
        return t("What to fix first") if kind == "pain" else t("What delights most")
    return (hurts if kind == "pain" else delights)(NOTHING, t, selection)


def mending(worths: Sequence[Mended], t: Language) -> str:
    """What mending a place is surely worth, and all that it surely costs; empty where nothing is sure."""
    shown = []
    gains, costs = ([each for each in worths if (each.value > 0) == good] for good in (True, False))
    for each in [*gains[:_MOST_WORTHS], *costs]:
        digits = 1 if each.what == "nps" else 0
        value, *ends = (t.number(number, digits, sign=True) for number in (each.value, each.lower, each.upper))
        numbers = {"value": value, "interval": t.interval(*ends)}
        shown.append(
            t("revenue {value} ({interval})", **numbers) if each.what == "revenue" else
            t("customers kept {value} ({interval})", **numbers) if each.what == "kept" else
            t("NPS {value} ({interval})", **numbers))
    return t("If fixed: {worth}.", worth="; ".join(shown)) if shown else ""


def whole(rows: Sequence[Row], t: Language) -> str:
    """What a place does to the overall result: to NPS where that is sure, else to the measure it stands out by most."""
    known = [row for row in rows if is_overall(row)]
    if not known:
        return t("What fixing it is worth cannot be told for sure.")
    row = next((each for each in known if each["measure"] == "nps"), known[0])
    name = MEASURES[row["measure"]].name
    words = {"measure": t(name), "impact": impact(row, t)}
    return t("Overall effect: {measure} {impact}.", **words)
