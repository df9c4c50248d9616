"""Values of columns as exports have them, and sheets made of them."""

from __future__ import annotations

import csv
import io
import itertools
from pathlib import Path

from tests.intake.files import text_file

Sheet = tuple[str, dict[str, tuple[list[str], str]]]
"""Layout, and header → (values that repeat, the role a person would give; "a|b" = either)."""

ROWS = 60
DATES = [f"2025-{1 + n % 12:02}-{1 + n % 28:02} 1{n % 10}:05:00" for n in range(ROWS)]
TR_DATES = [f"{1 + n % 28:02}.{1 + n % 12:02}.2025 1{n % 10}:05" for n in range(ROWS)]
DAYS = [f"2025-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(ROWS)]
LATER = [f"2025-{1 + n % 12:02}-{1 + (n * 7) % 28:02}" for n in range(ROWS)]
UNIQUE = [f"R-{n:05}" for n in range(ROWS)]
PEOPLE = [f"C{100 + n % 20}" for n in range(ROWS)]
EACH = [f"C{100 + n}" for n in range(ROWS)]
EVENTS = ["home", "product_view", "add_to_cart", "checkout", "purchase"]
NPS = [str(value) for value in (9, 10, 7, 3, 8, 0, 6, 10, 5, 2, 1, 4)]
FIVE = ["5", "4", "3", "2", "1", "4", "5"]
SEVEN = ["7", "6", "5", "2", "1", "3", "4"]
AMOUNTS = ["12.50", "199.90", "1,250.00", "8.75"]
TR_AMOUNTS = ["12,50", "199,90", "1.250,00", "8,75"]
WORDS = ["Great service and quick delivery", "It took far too long", "Fine, thank you", "Never again, the parcel was broken"]
MAILS = [f"ayse{n}@example.com" for n in range(ROWS)]
PHONES = [f"+90 532 {100 + n} 45 {10 + n % 80}" for n in range(ROWS)]
YORUMLAR = ["Hızlı ve güler yüzlü hizmet", "Kargo çok geç geldi, kimse aramadı", "İdare eder", "Bir daha almam, ürün kırık"]


def written(folder: Path, columns: dict[str, tuple[list[str], str]], delimiter: str = ",", rows: int = 0) -> Path:
    """A file of that many rows, the values of each column in turn; 0 = as many as the sheet of its author has."""
    longest = max(len(values) for values, _ in columns.values())
    rows = rows or (longest if 20 <= longest <= ROWS else ROWS)  # short lists are to be repeated
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(columns)
    streams = [itertools.cycle(values) for values, _ in columns.values()]
    writer.writerows([next(stream) for stream in streams] for _ in range(rows))
    return text_file(folder, out.getvalue())
