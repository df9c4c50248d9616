"""One sheet, from its cells to what the store takes: interactions, attributes, rejects; some rows at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cx.intake.cancelled import bring_nothing, no_orders, note_of, say_cancelled
from cx.intake.check import check, nobodys, reject_empty
from cx.intake.clean import TIMES, Cleaned, Cleaner
from cx.intake.column import MANY, Values, letters_of, mixed_numbers, text_number, together
from cx.intake.figures import Figure, read_figures
from cx.intake.order_lines import find_lines
from cx.intake.plan import Plan, Reject, SheetPlan
from cx.intake.privacy import hide, hide_in_text
from cx.intake.shape import Part, fields_of, most_parts, shape, time_of
from cx.intake.table import Cells, Chunk, Table
from cx.intake.zones import in_utc, stating
from cx.language import Text, text, text_n
from cx.model import clean_name, name_key

_SAME_EVENT = ("customer_id", "occurred_at", "touchpoint", "channel", "stage", "order_id")
_TOLD = {"attribute", "comment", "record_id", "order_id", "touchpoint", "channel", "stage", "persona", "campaign"}
_MAY_NAME_PEOPLE = r"@|\pN(?:[^\pL\pN]*\pN){8}"  # at least the texts in which `hide` may find somebody
_HAS_DIGITS, _LEAST_DIGITS = r"[@0-9²³¹¼½¾]|[^\x00-\x{17F}]", 9  # of any script
_REMEMBERED = 200_000  # stand-ins


@dataclass
class Rows:
    """Interactions of some rows of a sheet, all of one part.

    part        the interactions
    first       True where it is the first interaction of its row
    positions   their order in the sheet: row × parts of a row + part, distinct and rising
    numbers     physical row of each
    person      a number of the customer; of an anonymous row its identity
    identity    a number of what makes two rows the same event; by_id: True where that is a record id
    key         the same of the interaction (a part of the row)
    otherwise   the key it has where its order has another number of rows; None = no such
    content     a number of all that is said
    attributes  attribute key → value
    """

    part: Part
    first: np.ndarray
    positions: np.ndarray
    numbers: np.ndarray
    person: np.ndarray
    identity: np.ndarray
    by_id: np.ndarray
    key: np.ndarray
    content: np.ndarray
    attributes: dict[str, Values]
    otherwise: np.ndarray | None = None


class Prepared:
    """A sheet that is cleaned, checked and shaped by its plan as `rows()` is consumed; `rejects` and `notes` are
    complete after that.

    key         of the pseudonyms
    scope       text that keeps undated rows of different uploads apart
    labels      attribute key → label
    different   attribute key → how many different cells it has
    figures     reported KPI values, of a table of figures; it has no interactions
    joined      its customers are found by a number of its rows (cx.intake.joins)
    parts       how many interactions a row yields at most
    given_time  the time was given for the whole sheet, not found in it
    zone        the time zone in which times that say theirs are read
    stating     the columns of such times
    same        rows that look like earlier ones (cx.intake.seen_before) correct these
    """

    def __init__(self, table: Table, columns: Mapping[str, Cells], plan: Plan, sheet: SheetPlan, key: bytes, *,
                 zone: ZoneInfo | None = None, scope: str = "") -> None:
        self.name, self.signature, self.parts = table.name, sheet.signature, most_parts(sheet)
        self.rows_in_all, self.skipped = len(table.rows) + len(table.skipped), len(table.skipped)
        self.rejects: list[Reject] = []
        self.figures: list[Figure] = []
        self.same = bool(sheet.same)
        self.joined = bool(sheet.join) and sheet.column_of("customer_id") is None
        timed = sheet.layout == "milestones" or sheet.column_of("occurred_at") is not None
        self._default = None if timed or plan.undated else _moment(plan.default_time)
        self.given_time = self._default is not None
        self._scope = scope if not timed and not self.given_time else ""
        self._dated = timed or self.given_time
        self._table, self._columns, self._plan, self._sheet, self._key = table, columns, plan, sheet, key
        self._cleaner = Cleaner(table, columns, sheet, zone)
        self.zone, self.stating = zone or ZoneInfo("UTC"), stating(sheet, columns, TIMES)
        self._numbered = (sheet.layout == "orders" and sheet.column_of("order_id") in columns
                          and sheet.column_of("record_id") is None and not self.joined)
        self._orders_differ = self._have_orders_of_their_own()
        self._lines = None if self._orders_differ else find_lines(table, columns, sheet)
        self._anonymous = self._hidden = False
        self._known: dict[str, str] = {}
        self._texts_hidden = self._rows_alone = self._cancelled = self._nobodys = 0
        self._stand_ins: dict[tuple[str | None, str], str] = {}
        self._figure_notes: list[Text] = []
        if sheet.layout == "kpis":
            year = plan.default_time.year if plan.default_time else None
            self.figures, self.rejects, self._figure_notes = read_figures(table, dict(columns), sheet, year)
            self.rejects = [_hide_people(each, plan, sheet, key) for each in sorted(self.rejects, key=_by_row)]
        delivered = sheet.layout == "orders" and sheet.column_of("delivered_at") is not None
        cancels = sheet.layout == "orders" and any(sheet.cancelled.values())
        self._number_of_cancelled = sheet.column_of("order_id") if cancels and not delivered else None
        self._attributes = {header: name_key(header) for header, role in sheet.columns.items() if header in columns
                            and (role == "attribute" or (role == "order_id" and (delivered or cancels)))}
        self.labels = {key: clean_name(header) for header, key in self._attributes.items()}
        self.different = {key: columns[header].different - ("" in columns[header].distinct)
                          for header, key in self._attributes.items()}

    def rows(self) -> Iterator[tuple[int, list[Rows]]]:
        """(rows of the table done so far, interactions of the last of them by part), from top to bottom."""
        for chunk in self._table.chunks(self._columns) if self._sheet.layout != "kpis" else ():
            yield chunk.start + len(chunk), self._take(chunk)

    def texts(self, *fields: str) -> Iterator[list[Values]]:
        """What the columns of these fields (or attribute keys) say, as it is stored, some rows at a time."""
        headers = [self._header(field) for field in fields]
        for chunk in self._table.chunks(self._columns):
            cleaned = self._cleaner.read(chunk, headers)
            self._hide_told(cleaned)
            row = {"customer_id": cleaned.values[headers[-1]]} if fields[-1] == "customer_id" else {}
            self._hide_customers(row)
            yield [row.get(field, cleaned.values[header]) for field, header in zip(fields, headers, strict=True)]

    def join(self, known: Mapping[str, str]) -> None:
        """Give the rows the customers of the numbers in the column of the plan's join: number → customer."""
        self._known = dict(known)

    def has(self, field: str) -> bool:
        """Whether the sheet has a column of that field or attribute key."""
        return self._sheet.column_of(field) is not None or field in self._attributes.values()

    def _header(self, field: str) -> str:
        return self._sheet.column_of(field) or next(
            header for header, key in self._attributes.items() if key == field)

    @property
    def notes(self) -> list[Text]:
        """What was decided on the way, to be shown."""
        table, found = self._table, self._cleaner.notes()
        notes = [*table.notes, *(map(_hide_in, found) if self._plan.pseudonymise else found)]
        if self._sheet.layout == "kpis":
            return [*table.notes, *self._figure_notes]
        if self._lines:
            notes.extend(self._lines.notes())
        if self._cancelled:
            notes.append(note_of(", ".join(header for header, off in self._sheet.cancelled.items() if off),
                                 self._cancelled, counts=False))
        if self._hidden:
            notes.append(text("Column “{column}” identifies people: a code that cannot be traced back "
                              "is kept instead of what it says.",
                              column=self._sheet.column_of("customer_id")))
        if self._texts_hidden:
            notes.append(text_n(
                "In {n} text, addresses or numbers of people were replaced by what they are, e.g. {example}.",
                "In {n} texts, addresses or numbers of people were replaced by what they are, e.g. {example}.",
                n=self._texts_hidden, example="[e-mail]"))
        if self._rows_alone:
            notes.append(text_n(
                "{n} row has no known customer by “{column}”: it counts as an anonymous respondent. Load the file "
                "that names the customer, then this one again.",
                "{n} rows have no known customer by “{column}”: they count as anonymous respondents. Load the file "
                "that names the customers, then this one again.", n=self._rows_alone, column=self._joined_by()))
        if self._nobodys:
            notes.append(nobodys(self._header("customer_id"), self._nobodys))
        if self.joined:
            notes.append(text("The customers were found by “{column}” in rows loaded before.",
                              column=self._joined_by()))
        elif self._anonymous:
            notes.append(text("There is no customer column: each row counts as an anonymous respondent, in scores but "
                              "not in journeys."))
        if not self._dated:
            notes.append(text("The rows have no date: they count where no period is asked and are left out of trends."))
        if table.mended:
            notes.append(text_n(
                "{n} row held the separator inside a text without quotes; its cells were joined again.",
                "{n} rows held the separator inside a text without quotes; their cells were joined again.",
                n=len(table.mended)))
        if table.skipped:
            notes.append(text_n("{n} row was skipped (blank, or a total).", "{n} rows were skipped (blank, or totals).",
                                n=len(table.skipped)))
        return notes

    def _take(self, chunk: Chunk) -> list[Rows]:
        sheet = self._sheet
        cleaned = self._cleaner.read(chunk)
        self._hide_told(cleaned)
        row = fields_of(sheet, cleaned, self._default, orders_differ=self._orders_differ)
        say_cancelled(sheet, chunk, row)
        continues = self._lines.take(chunk, row) if self._lines else None
        off = row.pop("cancelled").data == 1 if "cancelled" in row else None
        if off is not None:
            bring_nothing(row, off)
        checked = check(self._table, sheet, chunk, cleaned, row, continues)
        if self._lines:
            self._lines.count_once(chunk, row, cleaned, checked.good)
        self._hide_customers(row)
        self._anonymous = "customer_id" not in row
        if self.joined:
            self._find_customers(cleaned, row)
        parts = shape(sheet, cleaned, row, checked.good)
        yielded = np.zeros(len(chunk), dtype=bool)
        for part in parts:
            yielded[part.rows] = True
        reject_empty(sheet, checked, yielded)
        if self._lines and continues is not None:
            self._lines.rows += int((continues & checked.good).sum())
        if off is not None:
            self._cancelled += int((off & checked.good).sum())
        self.rejects += [_hide_people(reject, self._plan, sheet, self._key)
                         for reject in sorted(checked.rejects, key=_by_row)]
        attributes = {key: cleaned.values[header].where(off) if off is not None and header == self._number_of_cancelled
                      else cleaned.values[header] for header, key in self._attributes.items()}
        described = together((values.numbers(key) for key, values in attributes.items()), len(chunk))
        content = together((cells.numbers(header) for header, cells in chunk.columns.items()), len(chunk)
                           ) if self._anonymous else described
        if self.joined and parts:
            self._rows_alone += int((yielded & ~row["customer_id"].filled).sum())
        elif "customer_id" in row:
            self._nobodys += int((yielded & ~row["customer_id"].filled).sum())
        result, seen = [], np.zeros(len(chunk), dtype=bool)
        for part in parts:
            result.append(self._identify(chunk, part, ~seen[part.rows], described[part.rows], content[part.rows], {
                key: values.at(part.rows) for key, values in attributes.items()},
                row["order_id"].at(part.rows) if self._numbered else None,
                off[part.rows] if off is not None and part.number == 0 else None))
            seen[part.rows] = True
        return result

    def _identify(self, chunk: Chunk, part: Part, first: np.ndarray, described: np.ndarray, content: np.ndarray,
                  attributes: dict[str, Values], order: Values | None, off: np.ndarray | None) -> Rows:
        """Numbers for who and what the rows are; see cx.intake.load. `content` is one of all cells of the row; `off` is
        True for cancelled orders, which are told by what they were."""
        fields, rows = part.fields, len(part.rows)
        numbers = {name: values.numbers(name) for name, values in fields.items()}
        same_event = dict(numbers)
        if time_of(self._sheet, part.number) in self.stating:
            same_event["occurred_at"] = in_utc(fields["occurred_at"], self.zone).numbers("occurred_at")
        here = text_number(self._scope) ^ (mixed_numbers(np.array([text_number(self.signature)]))[0]
                                           if self._scope or self._anonymous else np.uint64(0))
        identity = event = mixed_numbers((content if self._anonymous else together(
            (same_event[name] for name in _SAME_EVENT if name in fields), rows)) ^ here)
        ids = numbers.get("record_id", np.zeros(rows, dtype=np.uint64))
        if self.joined:  # what tells rows apart must not change when their customer becomes known
            ids = np.where(ids == 0, mixed_numbers(content), ids)
        by_id = ids != 0
        identity = np.where(by_id, mixed_numbers(ids ^ text_number(self.signature)), identity)
        otherwise = None
        if order is not None:
            otherwise = _key(event if self._orders_differ else mixed_numbers(
                order.numbers("record_id") ^ text_number(self.signature)), part.name)
        known = numbers.get("customer_id", np.zeros(rows, dtype=np.uint64))
        if off is not None and off.any():
            part.fields = no_orders(fields, off, self._sheet.constants["cancelled"])
            numbers = {name: values.numbers(name) for name, values in part.fields.items()}
        if order is not None:  # so that a row says the same whether its order has other rows or not
            numbers["record_id"] = order.numbers("record_id")
        said = together(numbers.values(), rows)
        positions = (chunk.start + part.rows) * self.parts + part.number
        return Rows(part, first, positions, chunk.numbers[part.rows],
                    _signed(np.where(known == 0, identity, known)), _signed(identity), by_id, _key(identity, part.name),
                    _signed(mixed_numbers(said ^ described)), attributes, otherwise)

    def _have_orders_of_their_own(self) -> bool:
        """Whether the rows of an orders sheet have an order number each, no two the same: then it is their id."""
        sheet = self._sheet
        header = sheet.column_of("order_id")
        if (sheet.layout != "orders" or header is None or header not in self._columns
                or sheet.column_of("record_id") is not None):
            return False
        numbers = [self._cleaner.read(chunk, [header]).values[header].numbers()
                   for chunk in self._table.chunks(self._columns)]
        found = np.concatenate(numbers) if numbers else np.empty(0, dtype=np.uint64)
        return bool(found.all()) and len(np.unique(found)) == len(found)

    def _hide_customers(self, row: dict[str, Values]) -> None:
        header = self._sheet.column_of("customer_id")
        kind = self._sheet.personal.get(header) if header else None
        if kind is not None and "customer_id" in row and self._plan.pseudonymise:
            row["customer_id"] = self._hide(row["customer_id"], kind)[0]
            self._hidden = True

    def _hide_told(self, cleaned: Cleaned) -> None:
        """Put stand-ins where columns besides the customer's say who somebody is."""
        for header, values in cleaned.values.items() if self._plan.pseudonymise else ():
            if self._sheet.columns[header] in _TOLD and values.words is not None:
                kind = self._sheet.personal.get(header)
                cleaned.values[header], changed = self._hide(values, kind)
                self._texts_hidden += changed if kind is None else 0

    def _hide(self, values: Values, kind: str | None) -> tuple[Values, int]:
        """(the values with stand-ins for those that say who somebody is, how many rows changed)."""
        words = values.words
        assert words is not None
        counts = np.bincount(values.data[values.data >= 0], minlength=len(words))
        asked = counts > 0
        if kind is None:
            asked &= _may_name_people(words)
        if not asked.any():
            return values, 0
        named = pa.array(asked)
        given = words.filter(named).to_pylist()
        hidden = [self._stand_in(word, kind) for word in given]
        differs = np.array([new != old for new, old in zip(hidden, given, strict=True)])
        spelled = pc.replace_with_mask(words, named, pa.array(hidden, pa.string()))
        return Values("text", values.data, spelled), int(counts[asked][differs].sum())

    def _stand_in(self, value: str, kind: str | None) -> str:
        found = self._stand_ins.get((kind, value))
        if found is None:
            found = hide(value, kind, self._key)
            if len(self._stand_ins) < _REMEMBERED:
                self._stand_ins[kind, value] = found
        return found

    def _find_customers(self, cleaned: Cleaned, row: dict[str, Values]) -> None:
        numbers = cleaned.values[self._joined_by()]
        assert numbers.words is not None
        found = pa.array([self._known.get(word) for word in numbers.words.to_pylist()], pa.string())
        missing = np.append(np.asarray(found.is_null(), dtype=bool), True)
        row["customer_id"] = Values("text", np.where(missing[numbers.data], -1, numbers.data).astype(np.int32),
                                    found.fill_null(""))

    def _joined_by(self) -> str:
        assert self._sheet.join is not None
        return self._header(self._sheet.join["key"])


def _may_name_people(words: pa.Array) -> np.ndarray:
    """True where `hide` may find somebody in a text: at least there."""
    if len(words) < MANY:
        found = np.array(pc.match_substring_regex(words, _HAS_DIGITS), dtype=bool)
    else:
        from cx.intake.column_kernel import with_digits

        found = with_digits(*letters_of(words), _LEAST_DIGITS)
    if found.any():  # the pattern takes milliseconds to be compiled
        found[found] = np.asarray(pc.match_substring_regex(words.filter(pa.array(found)), _MAY_NAME_PEOPLE), dtype=bool)
    return found


def record_keys(signature: str, ids: Values) -> np.ndarray:
    """row_key of the first interaction of the row with each of these record ids, in a sheet with that signature."""
    return _key(mixed_numbers(ids.numbers("record_id") ^ text_number(signature)), "")


def _key(identity: np.ndarray, part: str) -> np.ndarray:
    return _signed(mixed_numbers(identity ^ text_number(part)))


def _by_row(reject: Reject) -> int:
    return reject.row


def _signed(numbers: np.ndarray) -> np.ndarray:
    return numbers.view(np.int64)


def _hide_people(reject: Reject, plan: Plan, sheet: SheetPlan, key: bytes) -> Reject:
    """The reject with stand-ins for what identifies people, and without personal columns that are left out."""
    if not plan.pseudonymise:
        return reject
    shown = {header: cell if not cell else "" if sheet.columns.get(header) == "ignore" and header in sheet.personal
             else hide(cell, sheet.personal.get(header), key) for header, cell in reject.cells.items()}
    value = shown[reject.column] if reject.column in shown and reject.value else hide(reject.value, None, key)
    return replace(reject, value=value, cells=shown, text=_hide_in(reject.text))


def _hide_in(message: Text) -> Text:
    """A message without addresses and numbers of people in what it quotes."""
    return Text(message.id, {name: hide_in_text(value) if isinstance(value, str) else value
                             for name, value in message.values.items()}, message.plural)


def _moment(given: dt.date | None) -> dt.datetime | None:
    if given is None or isinstance(given, dt.datetime):
        return given
    return dt.datetime(given.year, given.month, given.day)
