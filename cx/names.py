"""What things are called on a screen or in a report: names as the spreadsheets gave them, our own translated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cx.filters import DIMENSIONS
from cx.language import Language
from cx.model import STAGES
from cx.store import Store

Known = Callable[[str], Mapping[str, str]]
"""dimension, or "attribute" → {key: name as given}."""

_IN_ORDER = {"persona": ("personas", "key"), "channel": ("channels", "key"), "stage": ("stages", "position"),
             "touchpoint": ("touchpoints", "key"), "attribute": ("attributes", "key")}


def names_sql(dimension: str) -> str:
    """The question for {key: name} of a dimension or of the attributes, in order of the journey or the alphabet."""
    table, order = _IN_ORDER[dimension]
    return f"SELECT key, label FROM {table} ORDER BY {order}"


def stored(store: Store) -> Known:
    """The names of a workspace, each dimension asked for once."""
    found: dict[str, dict[str, str]] = {}

    def known(dimension: str) -> Mapping[str, str]:
        if dimension not in found:
            found[dimension] = dict(store.rows(names_sql(dimension)))
        return found[dimension]

    return known


def label(known: Known, t: Language, dimension: str, key: str) -> str:
    """The name to show for a key of a dimension, in the reader's language where the product knows the name.

    For an attribute the dimension is the attribute's key, and a key of "" asks for the attribute's own name.
    """
    if dimension == "stage":
        return stage_label(t, key, known(dimension).get(key, key))
    if dimension in DIMENSIONS:
        return known(dimension).get(key, key) or t("not given")
    return known("attribute").get(dimension, dimension) if key == "" else key


def stage_label(t: Language, key: str, given: str) -> str:
    """A built-in stage that nobody renamed is shown in the reader's language; the company's own names as they are."""
    built_in = STAGES.get(key)
    return t(built_in.label) if built_in and given == str(built_in.label) else given or t("no stage")


def told_apart(names: Sequence[str], most: int) -> list[str]:
    """The names so that about `most` characters tell them apart: of those that begin alike what they share gives way to
    "…", but for its last words ("…rate the food", "…rate the show")."""
    return _told_apart([(name, name) for name in names], most, most // 2)


def _told_apart(names: Sequence[tuple[str, str]], most: int, kept: int) -> list[str]:
    """names: (what is left of it, what is shown of it); kept: characters at most of what they share."""
    alike: dict[str, list[int]] = {}
    for place, (left, _) in enumerate(names):
        if len(left) > most:
            alike.setdefault(left[:most], []).append(place)
    shown = [told for _, told in names]
    for places in alike.values():
        if len({names[place][0] for place in places}) < 2:
            continue
        lefts = [names[place][0] for place in places]
        first, last = min(lefts), max(lefts)  # what these share all of them do
        differ = next((at for at, (one, other) in enumerate(zip(first[:-1], last, strict=False)) if one != other),
                      len(first) - 1)
        begins = first[:differ].rfind(" ") + 1 or differ  # the word they differ in
        shown_from = first.find(" ", max(0, begins - kept - 1), begins - 1) + 1 or begins
        cut = [(left[begins:], "…" + left[shown_from:]) for left in lefts]
        for place, told in zip(places, _told_apart(cut, kept, kept), strict=True):
            shown[place] = told
    return shown
