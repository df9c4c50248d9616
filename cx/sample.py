"""The sample company that comes with the product: a retailer's spreadsheets, described in data/README.md."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cx import intake
from cx.errors import UnknownValue
from cx.intake import Receipt
from cx.language import text
from cx.store import Store

FOLDER = Path(__file__).resolve().parent.parent / "data" / "sample"

_FILES = {
    "en": ("events.csv", "orders.csv", "survey.xlsx", "support_tickets.xlsx"),
    "tr": ("olaylar.csv", "siparisler.csv", "anket.xlsx", "destek_talepleri.xlsx"),
}


def files(language: str) -> list[Path]:
    """The spreadsheets of a language ("en", "tr"), in the order they are loaded. Raises UnknownValue for another."""
    if language not in _FILES:
        raise UnknownValue(text("Language"), language, _FILES)
    return [FOLDER / language / name for name in _FILES[language]]


def load(store: Store, language: str = "en", progress: Callable[[str], object] | None = None) -> list[Receipt]:
    """Load the spreadsheets of a language as a person would drop them, nothing corrected; one receipt a file.

    progress  called with the name of each file before it is read
    Raises IntakeError where a file is missing or cannot be read; loading it again adds nothing.
    """
    receipts = []
    for path in files(language):
        if progress is not None:
            progress(path.name)
        receipts.append(intake.load(store, path, name=path.name))
    return receipts
