"""Tables of figures: a period a row and a KPI a column, the other way round, or KPI, period and value a row.

They are loaded as reported history, kept apart from what is computed (cx.metrics.reported).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from cx.filters import DIMENSIONS, segment_named
from cx.intake.mapping import unit_of
from cx.intake.periods import Period, read_periods, year_in
from cx.intake.plan import Receipt, Reject, SheetPlan
from cx.intake.profile import Profile
from cx.intake.table import Cells, Table
from cx.intake.values import decide_numbers, is_missing, read_duration, read_number
from cx.language import Text, text, text_n
from cx.model import clean_name, fold, name_key


@dataclass(frozen=True)
class Named:
    """How a KPI is called in tables of figures. unit and bounds are those of cx.metrics.kpi_registry."""

    unit: str
    names: tuple[str, ...]
    bounds: tuple[float | None, float | None] = (None, None)


FIGURES: dict[str, Named] = {
    "nps": Named("points", ("nps", "net promoter", "net promoter score", "net tavsiye", "netpro"), (-100, 100)),
    "csat": Named("share", ("csat", "satisfaction", "customer satisfaction", "satisfied customers", "satisfied",
                            "memnuniyet", "musteri memnuniyeti", "memnun musteri", "memnun"), (0, 1)),
    "ces": Named("score", ("ces", "customer effort", "effort", "ease", "musteri efor", "kolaylik", "efor"), (1, 7)),
    "expectations_met": Named("share", ("expectations met", "expectation met", "beklenti karsilama",
                                        "karsilanan beklenti", "beklentisi karsilanan"), (0, 1)),
    "net_emotion": Named("points", ("net emotion", "net sentiment", "net duygu"), (-100, 100)),
    "conversion": Named("share", ("conversion", "conversion rate", "cvr", "donusum"), (0, 1)),
    "retention": Named("share", ("retention", "customer retention", "elde tutma", "musteri tutma", "tutundurma",
                                 "musteri elde tutma"), (0, 1)),
    "repurchase": Named("share", ("repurchase", "repeat purchase", "tekrar satin alma"), (0, 1)),
    "churn": Named("share", ("churn", "customer churn", "musteri kaybi", "kayip", "terk"), (0, 1)),
    "loyalty": Named("share", ("loyalty", "customer loyalty", "sadakat", "musteri sadakati"), (0, 1)),
    "complaint_rate": Named("share", ("complaint rate", "complaints rate", "sikayet orani", "sikayet"), (0, 1)),
    "complaints_per_1000": Named("per_1000", ("complaints per 1 000", "complaints per 1000", "complaints per thousand",
                                              "bin temasta sikayet"), (0, 1000)),
    "waiting_time": Named("seconds", ("waiting time", "wait time", "average wait", "asa", "speed of answer", "bekleme",
                                      "bekleme suresi"), (0, None)),
    "late_share": Named("share", ("late deliveries", "delivered late", "late delivery", "geciken teslimat",
                                  "gec teslimat", "gec teslim"), (0, 1)),
    "delay": Named("days", ("delay", "days late", "gecikme", "gecikme gunu"), (0, None)),
    "orders": Named("count", ("orders", "order count", "number of orders", "siparis", "siparis sayisi"), (0, None)),
    "revenue": Named("money", ("revenue", "sales", "turnover", "ciro", "gelir", "satis")),
    "average_order_value": Named("money", ("average order value", "order value", "aov", "average basket",
                                           "sepet tutari", "siparis tutari", "sepet ortalamasi")),
    "orders_per_customer": Named("score", ("orders per customer", "musteri basina siparis"), (1, None)),
}
_NOISE = {"score", "rate", "ratio", "avg", "average", "mean", "monthly", "percent", "percentage", "pct", "skoru",
          "skor", "orani", "oran", "puani", "ortalama", "ort", "aylik", "yuzde", "yuzdesi", "kpi", "tl", "try", "eur",
          "usd", "min", "sec", "dk", "sn", "saniye", "dakika", "minutes", "seconds", "day", "days", "gun", "total",
          "toplam"}
_PERIOD_HEADERS = {"month", "quarter", "week", "period", "year", "ay", "ceyrek", "hafta", "donem", "yil", "aylar",
                   "date", "tarih", "month year", "reporting period", "rapor donemi"}
_NAME_HEADERS = {"kpi", "metric", "indicator", "measure", "gosterge", "metrik", "olcut", "kpi name", "kpi adi"}
_ANSWERS = {"n", "answers", "responses", "respondents", "response count", "number of responses", "sample size", "base",
            "yanit sayisi", "cevap sayisi", "katilimci sayisi", "orneklem", "anket sayisi", "yanit", "cevap",
            "katilimci"}
_VALUES = {"value", "deger", "score", "result", "sonuc", "actual", "gerceklesen"}
_EVERYBODY = {"all", "total", "overall", "everybody", "all channels", "toplam", "genel", "tumu", "hepsi",
              "genel toplam"}
_MOST_ROWS = 400
_ANY_YEAR = 2000  # to see whether a column names months at all; which year they are of is asked
_PERCENT_FROM = 10.0  # a share written as 82; smaller figures of satisfaction are averages of ratings


_Cell = tuple[int, str, Period, str, int | None]  # position of the row, header, period, text, answers


@dataclass(frozen=True)
class Figure:
    """One reported value. source = position of the row it stands in; segment, member = whom it is of, as
    cx.metrics.reported.reported takes them."""

    source: int
    kpi: str
    period: dt.date
    interval: str
    value: float
    n: int | None
    segment: str = ""
    member: str = ""


def kpi_named(name: str) -> str | None:
    """The key of the KPI a header or cell names; None = none."""
    folded = fold(name.replace("%", " percent "))
    words = [word for word in folded.split() if word not in _NOISE]
    for wanted in (folded, " ".join(words)):
        for key, named in FIGURES.items():
            if wanted and wanted in (key.replace("_", " "), *named.names):
                return key
    return None


def _kpi_in(name: str) -> str | None:
    """The one KPI that the name of a sheet speaks of ("NPS by channel 2025"); None = none, or several."""
    folded = f" {fold(name)} "
    found = {key: max(len(each) for each in (key.replace("_", " "), *named.names) if f" {each} " in folded)
             for key, named in FIGURES.items()
             if any(f" {each} " in folded for each in (key.replace("_", " "), *named.names))}
    longest = [key for key, length in found.items() if length == max(found.values())]
    return longest[0] if len(longest) == 1 else None


def lay_out_figures(sheet: SheetPlan, profiles: Sequence[Profile], taken: Mapping[str, str]) -> bool:
    """Give the columns of a table of figures their roles; False where the sheet is none.

    taken  header → field it was recognised as: with a customer or an order in each row it is no table of figures
    """
    if sheet.rows > _MOST_ROWS or {"customer_id", "record_id", "order_id"} & set(taken.values()):
        return False
    segments = [header for header, field in taken.items() if field in DIMENSIONS]
    year = year_in(sheet.name) or _ANY_YEAR
    by_header = {given.header: given for given in profiles}
    naming = next((given.header for given in profiles if given.texts and (
        given.folded in _NAME_HEADERS or given is profiles[0])
        and sum(kpi_named(value) is not None for value in given.texts) >= 0.6 * len(given.texts)), None)
    dated = [given.header for given in profiles if given.header != naming and given.header not in segments
             and _names_periods(given, year, bool(naming or segments))]
    heads = read_periods([given.header for given in profiles if given.header != naming], year)
    if naming and len(heads) >= 2 and not dated:
        roles = {naming: "kpi_name"} | dict.fromkeys(heads, "reported")
    elif len(heads) >= 2 and not dated and (key := _kpi_in(sheet.name)) and all(
            header in heads or header in segments or by_header[header].folded in _ANSWERS for header in by_header):
        sheet.kpis = dict.fromkeys(heads, key)
        roles = dict.fromkeys(heads, "reported")
    elif naming and dated:
        value = next((given.header for given in profiles if given.header not in (naming, dated[0])
                      and given.numbers >= 0.6 and given.folded not in _ANSWERS), None)
        if value is None:
            return False
        roles = {naming: "kpi_name", dated[0]: "period", value: "reported"}
    elif dated:
        kpis = {header: key for header in by_header if header != dated[0] and header not in segments
                and by_header[header].numbers + by_header[header].durations >= 0.6
                and (key := kpi_named(header)) is not None}
        kpis = {header: key for header, key in kpis.items()
                if next(other for other, named in kpis.items() if named == key) == header}
        if not kpis or not _are_figures(by_header[dated[0]], [by_header[header] for header in kpis], year,
                                        of_all=not segments):
            return False
        sheet.kpis = kpis
        roles = {dated[0]: "period"} | dict.fromkeys(kpis, "reported")
    else:
        return False
    segments = [header for header in segments if header not in roles]
    roles |= {header: taken[header] for header in segments}
    answers = next((given.header for given in profiles if given.folded in _ANSWERS and given.header not in roles), None)
    if answers:
        roles[answers] = "answers"
    sheet.layout = "kpis"
    sheet.scores, sheet.milestones, sheet.constants, sheet.formats = {}, {}, {}, {}
    sheet.columns = {given.header: roles.get(given.header, "ignore") for given in profiles}
    sheet.confidence = {header: 0.85 if role != "ignore" else 0.75 for header, role in sheet.columns.items()}
    return True


def assume_figures(sheet: SheetPlan) -> None:
    """Roles of a sheet a person calls a table of figures, from its headers and samples."""
    year = year_in(sheet.name) or _ANY_YEAR
    sheet.kpis = {header: key for header in sheet.header if (key := kpi_named(header)) is not None}
    period = next((header for header in sheet.header
                   if header not in sheet.kpis and read_periods(sheet.samples.get(header, []), year)), None)
    heads = read_periods(sheet.header, year) if period is None else {}
    naming = next((header for header in sheet.header if header not in heads
                   and any(kpi_named(value) for value in sheet.samples.get(header, []))), None)
    for header in sheet.header:
        sheet.columns[header] = ("period" if header == period else "kpi_name" if header == naming
                                 else "reported" if header in sheet.kpis or header in heads
                                 or (naming and fold(header) in _VALUES)
                                 else "answers" if fold(header) in _ANSWERS
                                 else sheet.columns[header] if sheet.columns[header] in DIMENSIONS else "ignore")
        sheet.confidence[header] = 1.0
    sheet.scores, sheet.milestones, sheet.constants, sheet.formats = {}, {}, {}, {}


def _names_periods(given: Profile, year: int | None, repeated: bool) -> bool:
    if not given.texts or not (given.unique or repeated):
        return False
    return len(read_periods(given.texts, year)) >= 0.9 * len(given.texts) and (
        given.times >= 0.7 or given.numbers < 0.5 or bool(_PERIOD_HEADERS & {given.folded, *given.folded.split()}))


def _are_figures(period: Profile, kpis: Sequence[Profile], year: int | None, *, of_all: bool) -> bool:
    """Whether rows are periods and not answers on some days: they are called so, or a value is none anybody answers.
    Where they are not of everybody (of_all), both: answers have a month and a channel too."""
    named = all(period_of[1] != "day" for period_of in read_periods(period.texts, year).values())
    called = bool((_PERIOD_HEADERS - {"date", "tarih"}) & {period.folded, *period.folded.split()})
    impossible = any(given.highest > 10 or given.lowest < 0 or given.whole < 0.5 for given in kpis)
    return named and ((called or impossible) if of_all else (called and impossible))


def across(sheet: SheetPlan) -> set[str]:
    """The columns of figures whose headers name their period."""
    return set(read_periods([header for header, role in sheet.columns.items() if role == "reported"],
                            year_in(sheet.name) or _ANY_YEAR))


def splits_figures(sheet: SheetPlan, profiles: Sequence[Profile]) -> bool:
    """Whether a sheet that is no table of figures of everybody holds figures of months by channel, persona or the like:
    months across over numbers, or months that repeat beside values of KPIs that nobody answers."""
    if sheet.layout == "kpis" or sheet.rows > _MOST_ROWS:
        return False
    year = year_in(sheet.name) or _ANY_YEAR
    across = read_periods([given.header for given in profiles], year)
    if sum(given.header in across and given.numbers >= 0.6 and given.filled > 0 for given in profiles) >= 2:
        return True
    repeated = any(given.texts and not given.unique and len(found := read_periods(given.texts, year)) >= 0.9 * len(
        given.texts) and all(interval != "day" for _, interval in found.values()) for given in profiles
        if _PERIOD_HEADERS & {given.folded, *given.folded.split()})
    return repeated and any(kpi_named(given.header) is not None and given.numbers >= 0.6 and (
        given.highest > 10 or given.lowest < 0 or given.whole < 0.5) for given in profiles)


def lacks_year(sheet: SheetPlan, values: Sequence[str]) -> bool:
    """Whether a table of figures names months or quarters without a year; values: of its column of periods."""
    if year_in(sheet.name):
        return False
    names = values if sheet.column_of("period") else [
        header for header, role in sheet.columns.items() if role == "reported"]
    return bool(names) and not read_periods(names) and bool(read_periods(names, _ANY_YEAR))


def read_figures(table: Table, columns: dict[str, Cells], sheet: SheetPlan,
                 year: int | None) -> tuple[list[Figure], list[Reject], list[Text]]:
    """The values of a table of figures, the rows that have none, and what was decided on the way. `year` is that of
    months without one, where the sheet's name says none either."""
    return _Reader(table, columns, sheet, year).read()


class _Reader:
    def __init__(self, table: Table, columns: dict[str, Cells], sheet: SheetPlan, year: int | None) -> None:
        self.table, self.columns, self.sheet = table, columns, sheet
        self.year = year_in(sheet.name) or year
        self.figures: list[Figure] = []
        self.rejects: list[Reject] = []
        self.notes: list[Text] = []
        self.unread: dict[str, list[str]] = {}
        self.lost: dict[int, tuple[str, Text]] = {}  # position of a row → column and why its figure was not taken
        self.seen: set[tuple[str, dt.date, str, tuple[str, str]]] = set()
        self.dimensions = {role: header for role in DIMENSIONS if (header := sheet.column_of(role)) is not None}
        self.members: dict[int, dict[str, str]] = {}  # position of a row → whom its figures are of

    def read(self) -> tuple[list[Figure], list[Reject], list[Text]]:
        sheet = self.sheet
        reported = [header for header, role in sheet.columns.items() if role == "reported"]
        naming, period, answers = (sheet.column_of(role) for role in ("kpi_name", "period", "answers"))
        heads = read_periods(reported, self.year) if not period else {}
        periods = read_periods(self.columns[period], self.year, sheet.formats.get(period)) if period else {}
        typed = {header for place, header in enumerate(self.table.keys) if place in self.table.numbers}
        conventions = {header: "1,234.56" if header in typed else decide_numbers(
            value for value in self.columns[header] if not is_missing(value))[0]
            for header in (*reported, *([answers] if answers else []))}
        groups: dict[str, list[_Cell]] = {}
        for place in range(len(self.table.rows)):
            named = kpi_named(self.columns[naming][place]) if naming else None
            if naming and named is None:
                self._reject(place, naming, text(
                    "“{value}” is not a KPI this program knows. It knows, for example: {known}.",
                    value=self.columns[naming][place], known="NPS, CSAT, CES"))
                continue
            when = periods.get(self.columns[period][place]) if period else None
            if period and when is None:
                self._reject(place, period, text("“{value}” names no week, month, quarter or year. Write it like "
                                                 "{example}.", value=self.columns[period][place], example="2025-03"))
                continue
            if not self._note_members(place):
                continue
            n = read_number(self.columns[answers][place], conventions[answers]) if answers else None
            found = False
            for header in reported:
                cell, key = self.columns[header][place], named or sheet.kpis.get(header)
                moment = when or heads.get(header)
                if key and moment and not is_missing(cell):
                    groups.setdefault(key if naming or heads else header, []).append(
                        (place, header, moment, cell, int(n) if n is not None and n >= 0 else None))
                    found = True
            if not found:
                self._reject(place, None, text("This row holds no figure, or only figures that stand above already."))
        for group, cells in groups.items():
            self._take(group if naming or heads else sheet.kpis[group], cells, conventions)
        for header, examples in self.unread.items():
            self.notes.append(text_n(
                "Column “{column}”: {n} figure could not be read or cannot be, and was left out, e.g. “{example}”.",
                "Column “{column}”: {n} figures could not be read or cannot be, and were left out, e.g. “{example}”.",
                n=len(examples), column=header, example=examples[0]))
        lost = set(range(len(self.table.rows))) - {each.source for each in self.figures} - {
            self.table.row_numbers.index(each.row) for each in self.rejects}
        for place in sorted(lost):
            self._reject(place, *self.lost.get(place, (None, text(
                "This row holds no figure, or only figures that stand above already."))))
        return self.figures, self.rejects, self.notes

    def _take(self, kpi: str, cells: list[_Cell], conventions: dict[str, str]) -> None:
        """The cells of one KPI, in its unit: shares are written as 0.82, 82 % or 82."""
        named = FIGURES[kpi]
        values: list[float | None]
        if named.unit == "seconds":
            values = [read_duration(cell, unit_of(header), conventions[header]) for _, header, _, cell, _ in cells]
        else:
            values = [read_number(cell, conventions[header]) for _, header, _, cell, _ in cells]
        known = [value for value in values if value is not None]
        factor = 1.0
        if named.unit == "share" and known:
            percent = any("%" in cell for *_, cell, _ in cells) or max(known) > _PERCENT_FROM
            if kpi == "csat" and averages_ratings([cell for *_, cell, _ in cells], max(known)):
                self.notes.append(_no_csat(cells[0][1]))
                self.lost |= {place: (header, _no_csat(header)) for place, header, *_ in cells}
                return
            factor = 0.01 if percent or max(known) > 1 else 1.0
        low, high = named.bounds
        for (place, header, (start, interval), cell, n), value in zip(cells, values, strict=True):
            value = None if value is None else value * factor
            if value is None or (low is not None and value < low) or (high is not None and value > high):
                self.unread.setdefault(header, []).append(cell[:60])
                self.lost[place] = header, text("“{value}” is no figure of that KPI, or cannot be.", value=cell[:60])
            elif (kpi, start, interval, of := segment_named(self.members[place])) not in self.seen:
                self.seen.add((kpi, start, interval, of))
                self.figures.append(Figure(place, kpi, start, interval, round(value, 10), n, *of))

    def _note_members(self, place: int) -> bool:
        """Keep whom the figures of a row are of; False where it does not say."""
        members = self.members[place] = {}
        for dimension, header in self.dimensions.items():
            cell = self.columns[header][place]
            if is_missing(cell):
                self._reject(place, header, text("“{column}” is empty: say whom the figures are of.", column=header))
                return False
            if fold(cell) not in _EVERYBODY:
                members[dimension] = name_key(clean_name(cell))
        return True

    def _reject(self, place: int, header: str | None, reason: Text) -> None:
        self.rejects.append(Reject(
            self.table.name, self.table.row_numbers[place], header,
            str(self.columns[header][place]) if header else "", reason,
            dict(zip(self.table.keys, self.table.rows[place], strict=True))))


def averages_ratings(cells: Iterable[str], highest: float) -> bool:
    """Whether figures called satisfaction are means of answers on a scale (3.4), and not the share of the satisfied."""
    return 1 < highest <= _PERCENT_FROM and not any("%" in cell for cell in cells)


def only_averages(sheet: SheetPlan, profiles: Sequence[Profile]) -> Text | None:
    """Why nothing of a table of figures can be taken, where its only KPI is a mean of ratings; None = something can."""
    kpis = {header: sheet.kpis.get(header) for header, role in sheet.columns.items() if role == "reported"}
    if not kpis or set(kpis.values()) != {"csat"} or sheet.column_of("kpi_name"):
        return None
    values = [given for given in profiles if given.header in kpis]
    averages = averages_ratings([text for given in values for text in given.texts],
                                max((given.highest for given in values), default=0.0))
    return _no_csat(next(iter(kpis))) if averages else None


def _no_csat(column: str) -> Text:
    return text("“{column}” holds averages of ratings and not the share of satisfied customers, so it is not taken "
                "as CSAT.", column=column)


def store_figures(cursor: duckdb.DuckDBPyConnection, receipt: Receipt, figures: Sequence[Figure]) -> None:
    """Add reported values to the workspace and count them: a row is new where one of its values is, or differs."""
    if not figures:
        return
    cursor.register("figures", pa.table({
        "source": pa.array([each.source for each in figures], pa.int64()),
        "kpi": pa.array([each.kpi for each in figures]), "period": pa.array([each.period for each in figures]),
        "interval": pa.array([each.interval for each in figures]),
        "value": pa.array([each.value for each in figures], pa.float64()),
        "n": pa.array([each.n for each in figures], pa.int32()),
        "segment": pa.array([each.segment for each in figures]),
        "member": pa.array([each.member for each in figures])}))
    [(accepted, replaced, corrected)] = cursor.execute("""
        WITH before AS (SELECT kpi, period, interval, segment, member, arg_max(value, upload_id) AS value,
                arg_max(coalesce(n, -1), upload_id) AS n FROM reported_kpis
            GROUP BY kpi, period, interval, segment, member),
        compared AS (SELECT f.source, b.value IS NULL AS fresh,
                b.value IS NOT NULL AND (b.value <> f.value OR b.n <> coalesce(f.n, -1)) AS changed
            FROM figures f LEFT JOIN before b USING (kpi, period, interval, segment, member))
        SELECT count(DISTINCT source) FILTER (fresh OR changed), count(*) FILTER (changed),
            count(DISTINCT source) FILTER (changed) FROM compared""").fetchall()
    cursor.execute("INSERT INTO reported_kpis BY NAME SELECT kpi, period, interval, value, n, segment, member, "
                   "? AS upload_id FROM figures", [receipt.upload_id])
    cursor.unregister("figures")
    receipt.reported = len(figures)
    receipt.accepted += accepted
    receipt.duplicates -= accepted
    receipt.replaced += replaced
    receipt.corrected += corrected


