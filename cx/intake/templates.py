"""Workbooks to fill in, where there is no export: a sheet with examples, notes and checks for each layout."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from cx.errors import UnknownValue
from cx.language import Language, Text, language, text

_ROWS = 2_000  # so many rows are checked as they are typed


@dataclass(frozen=True)
class _Column:
    """header, what to write, examples (one a row, None = empty), and what a cell is checked against: "date", "moment",
    (lowest, highest) for numbers, or a list of the answers that are offered."""

    header: Text
    help: Text
    examples: Sequence[Any]
    check: str | tuple[float, float] | tuple[Text, ...] | None = None
    needed: bool = False


@dataclass(frozen=True)
class Template:
    """A sheet to fill in. name is that of the sheet and the file."""

    name: Text
    columns: tuple[_Column, ...]


def _days(*days: int | None, hour: int | None = None) -> list[dt.datetime | None]:
    first = dt.datetime(2026, 1, 5, hour or 0, 30 if hour else 0)
    return [None if day is None else first + dt.timedelta(days=day) for day in days]


_CUSTOMER = _Column(text("Customer no"),
                    text("A number or code that is the same for one customer everywhere. An e-mail address works too; "
                         "it is not stored."),
                    ("C-1001", "C-1001", "C-1002", "C-1003", "C-1003", "C-1004"), needed=True)
_EACH = _Column(_CUSTOMER.header, _CUSTOMER.help, ("C-1001", "C-1002", "C-1003", "C-1004", "C-1005", "C-1006"),
                needed=True)
_CHANNEL = _Column(text("Channel"), text("Through what it happened: web, phone, store…"),
                   (text("Web"), text("Phone"), text("Web"), text("Store"), text("E-mail"), text("Web")))
_SEGMENT = _Column(text("Segment"), text("The customer's group, if you have one."),
                   (text("New"), text("New"), text("Loyal"), text("Loyal"), text("Loyal"), text("New")))
_COMMENT = _Column(text("Comment"), text("What the customer said, in words. Leave it empty where there is nothing."),
                   (text("Quick and friendly"), None, text("The parcel came late"), None, text("All fine, thank you"),
                    None))
_YES_NO = (text("Yes"), text("No"))

TEMPLATES: dict[str, Template] = {
    "events": Template(text("Contacts"), (
        _CUSTOMER,
        _Column(text("Date and time"), text("When it happened."), _days(0, 1, 1, 2, 4, 5, hour=10), "moment", True),
        _Column(text("Touchpoint"), text("Where or what it was: a page, a call, a delivery, a visit."),
                (text("Product page"), text("Support call"), text("Product page"), text("Store visit"),
                 text("Delivery"), text("Checkout")), needed=True),
        _CHANNEL, _SEGMENT,
        _Column(text("Satisfaction (1–5)"), text("5 is best. Leave it empty where nobody was asked."),
                (5, 3, None, 4, 2, None), (1, 5)),
        _Column(text("Complaint"), text("Yes where the customer complained."), (None, text("Yes"), None, text("No"),
                                                                                text("Yes"), None), _YES_NO),
        _COMMENT)),
    "survey": Template(text("Survey answers"), (
        _EACH,
        _Column(text("Answered on"), text("The day of the answer."), _days(0, 1, 1, 2, 4, 5), "date", True),
        _Column(text("How likely are you to recommend us? (0–10)"), text("0 to 10."), (9, 10, 4, 7, 8, 2), (0, 10)),
        _Column(text("How satisfied are you with the delivery? (1–5)"), text("5 is best. One column for each thing "
                                                                             "you ask about."),
                (5, 4, 2, 4, None, 1), (1, 5)),
        _Column(text("How satisfied are you with the support? (1–5)"), text("5 is best. One column for each thing "
                                                                            "you ask about."),
                (4, 5, 3, None, 5, 2), (1, 5)),
        _Column(text("How easy was it to order? (1–7)"), text("7 is easiest."), (6, 7, 3, 5, 6, 2), (1, 7)),
        _SEGMENT, _COMMENT)),
    "orders": Template(text("Orders"), (
        _Column(text("Order no"), text("The number of the order, once for each order."),
                ("O-5001", "O-5002", "O-5003", "O-5004", "O-5005", "O-5006"), needed=True),
        _CUSTOMER,
        _Column(text("Order date"), text("When it was ordered."), _days(0, 1, 1, 2, 4, 5), "date", True),
        _Column(text("Promised delivery date"), text("The day that was promised."), _days(3, 4, 4, 5, 7, 8), "date"),
        _Column(text("Delivery date"), text("The day it arrived; empty while it has not."), _days(3, 6, 4, 5, 9, None),
                "date"),
        _Column(text("Amount"), text("What the order was worth, without currency."), (120.5, 80, 45.9, 230, 19.9, 64),
                (0, 1e9)),
        _Column(text("Quantity"), text("How many pieces."), (1, 2, 1, 4, 1, 1), (0, 1e6)),
        _CHANNEL)),
    "milestones": Template(text("Customers and stages"), (
        _EACH,
        _Column(text("First contact date"), text("When the customer was first heard of. Rename, add or remove such "
                                                 "columns as your stages are."), _days(0, 1, 1, 2, 4, 5), "date", True),
        _Column(text("Quote date"), text("Empty where it has not come to this."), _days(3, 4, None, 5, 7, 8), "date"),
        _Column(text("Purchase date"), text("Empty where it has not come to this."), _days(9, None, None, 12, 15, None),
                "date"),
        _CHANNEL, _SEGMENT)),
}


def template(kind: str, language_code: str = "en") -> bytes:
    """The XLSX file of a template ("events", "survey", "orders", "milestones"): examples to overwrite, a comment on
    each header, cells checked as they are typed, and a sheet of notes. Filled in or as it is, it loads without a
    question. Raises UnknownValue."""
    if kind not in TEMPLATES:
        raise UnknownValue(text("Template"), kind, TEMPLATES)
    speak, form = language(language_code), TEMPLATES[kind]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(speak(form.name))
        written = "dd.mm.yyyy" if language_code == "tr" else "yyyy-mm-dd"
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "bottom": 1})
        formats = {kind: book.add_format({"num_format": shown}) for kind, shown in
                   (("date", written), ("moment", f"{written} hh:mm"))}
        for place, column in enumerate(form.columns):
            sheet.write_string(0, place, speak(column.header), head)
            sheet.write_comment(0, place, speak(column.help))
            form_of = formats.get(column.check) if isinstance(column.check, str) else None
            sheet.set_column(place, place, max(14, min(30, len(speak(column.header)) + 2)), form_of)
            _check(sheet, place, column, speak)
            for line, value in enumerate(column.examples, start=1):
                if isinstance(value, dt.datetime):
                    sheet.write_datetime(line, place, value, form_of)
                elif value is not None:
                    sheet.write(line, place, speak(value) if isinstance(value, Text) else value)
        sheet.freeze_panes(1, 0)
        _notes(book, form, speak, head)
    return out.getvalue()


def _check(sheet: xlsxwriter.worksheet.Worksheet, place: int, column: _Column, speak: Language) -> None:
    """Refuse what cannot be meant while it is typed, and say what can."""
    rule: dict[str, Any]
    if column.check is None:
        return
    if isinstance(column.check, str):
        rule = {"validate": "date", "criteria": "between", "minimum": dt.date(1990, 1, 1),
                "maximum": dt.date(2099, 12, 31)}
    elif isinstance(column.check[0], Text):
        rule = {"validate": "list", "source": [speak(each) for each in column.check if isinstance(each, Text)]}
    else:
        rule = {"validate": "decimal", "criteria": "between", "minimum": column.check[0], "maximum": column.check[1]}
    sheet.data_validation(1, place, _ROWS, place, rule | {
        "ignore_blank": True, "error_title": speak(column.header)[:32], "error_message": speak(column.help)[:255]})


def _notes(book: xlsxwriter.Workbook, form: Template, speak: Language, head: object) -> None:
    sheet = book.add_worksheet(speak(text("Notes")))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 42)
    sheet.set_column(1, 1, 80)
    sheet.write_string(0, 0, speak(text("Column")), head)
    sheet.write_string(0, 1, speak(text("What to write")), head)
    for line, column in enumerate(form.columns, start=1):
        sheet.write_string(line, 0, speak(column.header), wrapped)
        needed = " " + speak(text("Needed.")) if column.needed else ""
        sheet.write_string(line, 1, speak(column.help) + needed, wrapped)
    sheet.write_string(len(form.columns) + 2, 0, speak(text(
        "Overwrite the examples with your own rows, or delete them. Further columns may be added: they are kept.")),
        wrapped)
