"""The rows an upload did not take, to be mended and uploaded again."""

from __future__ import annotations

import io
import json
import re

import pandas as pd
import xlsxwriter

from cx.intake.plan import Reject, rejects_frame, text_from_json
from cx.language import Language, Text, language, text
from cx.store import Store

_HEADINGS = (text("Sheet"), text("Row"), text("Column"), text("Value"), text("Reason"))


def rejects(store: Store, upload_id: int, most: int | None = None) -> pd.DataFrame:
    """The rejects of an upload, as Receipt.rejects has them; the first of them where `most` is given."""
    rows = store.rows("SELECT sheet, row_number, column_name, value, reason, row_values FROM rejects "
                      "WHERE upload_id = ? ORDER BY sheet, row_number LIMIT ?", [upload_id, most])
    return rejects_frame([Reject(sheet, row, column, value, text_from_json(json.loads(reason)), json.loads(cells))
                          for sheet, row, column, value, reason, cells in rows])


def reasons(store: Store, upload_id: int, most: int) -> list[tuple[int, int, Text]]:
    """Why rows of an upload were rejected, the most frequent reasons first: (how many rows, the first of them, what was
    said of it)."""
    rows = store.rows("""
        SELECT count(*), min(row_number), arg_min(reason, row_number) FROM rejects WHERE upload_id = ?
        GROUP BY sheet, column_name, json_extract_string(reason, '$.id') ORDER BY count(*) DESC, min(row_number) LIMIT ?
        """, [upload_id, most])
    return [(n, row, text_from_json(json.loads(reason))) for n, row, reason in rows]


def rejects_workbook(store: Store, upload_id: int, language_code: str = "en") -> bytes:
    """An XLSX file: for each sheet its rejected rows under their own header, the wrong cell marked, so that they can be
    mended and uploaded again as they are; and a sheet that lists the reasons.

    Every cell is written as text: nothing in it is calculated or opened as a link.
    """
    frame = rejects(store, upload_id)
    speak = language(language_code)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                   "strings_to_numbers": False}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrong = book.add_format({"bg_color": "#FFE699"})
        taken: set[str] = set()
        for sheet_name, rows in frame.groupby("sheet", sort=False):
            _write_rows(book.add_worksheet(_sheet_name(str(sheet_name), taken)), rows, speak, head, wrong)
        reasons = book.add_worksheet(_sheet_name(speak(text("Reasons")), taken))
        for column, heading in enumerate(_HEADINGS):
            reasons.write_string(0, column, speak(heading), head)
        for line, each in enumerate(frame.itertuples(index=False), start=1):
            cells = (each.sheet, str(each.row), each.column or "", each.value or "", speak(each.text))
            for column, cell in enumerate(cells):
                reasons.write_string(line, column, str(cell)[:32_000])
        reasons.set_column(4, 4, 80)
    return out.getvalue()


def _write_rows(sheet: xlsxwriter.worksheet.Worksheet, rows: pd.DataFrame, speak: Language, head: object,
                wrong: object) -> None:
    headers = list(rows["cells"].iloc[0])
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, head)
    sheet.freeze_panes(1, 0)
    for line, each in enumerate(rows.itertuples(index=False), start=1):
        for column, header in enumerate(headers):
            marked = header == each.column
            sheet.write_string(line, column, str(each.cells.get(header, ""))[:32_000], wrong if marked else None)
            if marked:
                sheet.write_comment(line, column, speak(each.text))


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name a workbook accepts and does not have yet."""
    base = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:28] or "Rows"
    chosen, count = base, 2
    while chosen.lower() in taken:
        chosen, count = f"{base[:25]} {count}", count + 1
    taken.add(chosen.lower())
    return chosen
