"""Cells written in the plainest way, read many at a time.

Each function says of which cells it is sure; for those it gives what the careful readers of cx.intake.values and
cx.intake.times give, cell by cell (a test compares them). The others are left to them.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cx.intake.column import MANY, letters_of
from cx.intake.values import COMMA

_NAME = r"^[!-~]+(?: [!-~]+)*$"
_PERHAPS_EMPTY = r"^[^0-9@]{0,30}$|^\s*#"  # every word of cx.intake.values that says "nothing" is of this form
_NUMBER = {False: r"^-?\d{1,15}(?:\.\d+)?$", True: r"^-?\d{1,15}(?:,\d{1,2})?$"}
_ISO = r"^(?:199\d|20\d\d)-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?$"
_ISO_LENGTHS = (10, 16, 19, *range(21, 27))
_FIRST, _LAST = np.datetime64("1990-01-01"), np.datetime64("2100-01-01")
_PAIR = r"^(\d\d)[-/.](\d\d)[-/.]((?:199|20\d)\d)((?: \d\d:\d\d(?::\d\d)?)?)$"
_SHORT = r"^\d[-/.]|^\d\d[-/.]\d[-/.]| \d:"

Sure = np.ndarray
"""True where a cell was read."""


def plain_names(cells: pa.Array) -> Sure:
    """Names and ids that stand for themselves: printable ASCII, single spaces, not a word for "nothing"."""
    if len(cells) >= MANY:
        from cx.intake.column_kernel import names

        found: Sure = names(*letters_of(cells))
        return found
    return _matches(cells, _NAME) & ~_matches(cells, _PERHAPS_EMPTY)


def plain_texts(cells: pa.Array) -> Sure:
    """Free texts that are not a word for "nothing"."""
    return ~_matches(cells, _PERHAPS_EMPTY)


def plain_numbers(cells: pa.Array, convention: str) -> tuple[np.ndarray, Sure]:
    """(float64, sure): digits with a decimal point (or comma, by the convention) and nothing else."""
    comma = convention == COMMA
    sure = _matches(cells, _NUMBER[comma])
    bare = pc.if_else(pa.array(sure), cells, pa.scalar(None, pa.string()))
    if comma:
        bare = pc.replace_substring(bare, ",", ".")
    return np.array(pc.cast(bare, pa.float64()).fill_null(np.nan)), sure


def plain_times(cells: pa.Array, order: str) -> tuple[np.ndarray, Sure]:
    """(datetime64[us], sure): ISO without an offset, or day and month in this order and a year of four digits."""
    at_once = _iso_times(cells)
    if at_once is not None:
        return at_once, np.ones(len(cells), dtype=bool)
    sure = _matches(cells, _ISO)
    if not sure.all():
        texts = _turned(cells, order)
        cells = pc.if_else(pa.array(sure), cells, texts)
        sure |= _matches(cells, _ISO)
    wanted = pc.if_else(pa.array(sure), cells, pa.scalar(None, pa.string()))
    try:
        moments = pc.cast(wanted, pa.timestamp("us"))
    except pa.ArrowInvalid:  # 31 February among them: each on its own
        return np.full(len(cells), np.datetime64("NaT"), dtype="datetime64[us]"), np.zeros(len(cells), dtype=bool)
    return np.array(moments.to_numpy(zero_copy_only=False), dtype="datetime64[us]"), sure


def _iso_times(cells: pa.Array) -> np.ndarray | None:
    """datetime64[us] where all cells are as in _ISO, without looking at each with a pattern; None = perhaps not."""
    if not np.isin(pc.binary_length(cells), _ISO_LENGTHS).all():  # not 13, 15, 17: an hour alone, a time without colons
        return None
    try:
        moments = np.array(pc.cast(cells, pa.timestamp("us")).to_numpy(zero_copy_only=False), dtype="datetime64[us]")
    except pa.ArrowInvalid:
        return None
    return moments if ((moments >= _FIRST) & (moments < _LAST)).all() else None


def _turned(cells: pa.Array, order: str) -> pa.Array:
    """Dates like 31.12.2025 09:05 (12/31/2025 where the month comes first) in ISO form; others as they are."""
    padded = cells
    if _matches(cells, _SHORT).any():
        padded = pc.replace_substring_regex(padded, r"^(\d)([-/.])", r"0\1\2")
        padded = pc.replace_substring_regex(padded, r"^(\d\d[-/.])(\d)([-/.])", "\\10\\2\\3")
        padded = pc.replace_substring_regex(padded, r" (\d:)", r" 0\1")
    alike = np.asarray(pc.equal(pc.utf8_slice_codeunits(padded, 2, 3), pc.utf8_slice_codeunits(padded, 5, 6)))
    turned = pc.replace_substring_regex(padded, _PAIR, r"\3-\1-\2\4" if order == "mdy" else r"\3-\2-\1\4")
    return pc.if_else(pa.array(alike), turned, cells)


def _matches(cells: pa.Array, pattern: str) -> np.ndarray:
    return np.asarray(pc.match_substring_regex(cells, pattern))
