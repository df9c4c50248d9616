"""The sample company that comes with the product: a retailer's spreadsheets, described in data/README.md."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from cx import intake
from cx.errors import QueryError, Stopped, UnknownValue
from cx.intake import Receipt
from cx.intake.progress import Progress, unwatched
from cx.language import Text, text
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


def load(store: Store, language: str = "en", progress: Progress = unwatched) -> list[Receipt]:
    """Load the spreadsheets of a language as a person would drop them, nothing corrected; one receipt a file.

    progress  told how many thousandths are done, and of which file; where it stops the work (cx.errors.Stopped), the
              files that were loaded are taken back
    Raises IntakeError where a file is missing or cannot be read; loading it again adds nothing.
    """
    receipts: list[Receipt] = []
    given = files(language)
    sizes = [path.stat().st_size if path.exists() else 1 for path in given]
    try:
        for path, size in zip(given, sizes, strict=True):
            before = sum(sizes[:len(receipts)])

            def report(done: int, total: int | None, _doing: Text | None = None, /, *, name: str = path.name,
                       before: int = before, size: int = size) -> None:
                share = (before + size * (done / total if total else 0)) / sum(sizes)
                progress(int(share * 1000), 1000, text("Loading {name}…", name=name))

            receipts.append(intake.load(store, path, name=path.name, progress=report))
    except Stopped:
        for receipt in reversed(receipts):
            with suppress(QueryError):  # somebody undid it meanwhile
                intake.undo(store, receipt.upload_id)
        raise
    return receipts
