"""Write the sample data, or millions of interactions of the same world for benchmarks.

    python data/generate.py --sample                                 data/sample/en and data/sample/tr, as committed
    python data/generate.py --rows 10000000 --out events.parquet     columns as cx.intake.load_frame takes them

The world is simulated in data/world.py, its words stand in data/words.py, its planted truths in data/README.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

if not __package__:  # run as a script: the folder above is where `data` is found
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from data import words, world
from data.world import World

SAMPLE = Path(__file__).resolve().parent / "sample"
CUSTOMERS_A_CHUNK = 50_000  # about a million interactions
FIRST_CUSTOMER, FIRST_ORDER, FIRST_TICKET = 10001, 250001, 70001
CREATED = dt.datetime(2026, 11, 2, 9, 0)
TOP = {"csat": 5, "ces": 7}

Names = Mapping[object, tuple[str, str]]


# --- the sheets of a company ---


def sheets(of: World, language: str) -> dict[str, pd.DataFrame]:
    """events, orders, survey and tickets, with headers and names in that language; dates are datetimes, numbers
    numbers, blanks None/NaN. The rows are the same in both languages."""
    column = words.LANGUAGES.index(language)
    frames = {"events": _events(of, column), "orders": _orders(of, column),
              "survey": _survey(of, language), "tickets": _tickets(of, language)}
    return {name: frame.set_axis(list(words.HEADERS[name][column]), axis=1) for name, frame in frames.items()}


def _names(codes: object, keys: tuple[str, ...], table: Names, column: int) -> np.ndarray:
    """Labels of codes; None where the code is negative."""
    labels = np.asarray([*(table[key][column] for key in keys), None], dtype=object)
    return labels[np.asarray(codes)]


def _times(minutes: pd.Series) -> np.ndarray:
    """Minutes since START as datetimes; negative ones become NaT."""
    times = world.START.astype("datetime64[s]") + minutes.to_numpy().astype("timedelta64[m]")
    return np.where(minutes < 0, np.datetime64("NaT", "s"), times)


def _dates(days: pd.Series) -> np.ndarray:
    """Days since START as datetimes; -1 becomes NaT."""
    days = days.to_numpy()
    dates = world.START.astype("datetime64[s]") + days.astype("timedelta64[D]")
    return np.where(days < 0, np.datetime64("NaT", "s"), dates)


def _customers(codes: pd.Series) -> pd.Series:
    return "C" + (codes.astype(np.int64) + FIRST_CUSTOMER).astype(str)


def _events(of: World, column: int) -> pd.DataFrame:
    rows, who = of.events, of.customers.iloc[of.events["customer"]]
    return pd.DataFrame({
        "id": np.arange(1, len(rows) + 1), "time": _times(rows["time"]), "customer": _customers(rows["customer"]),
        "touchpoint": _names(rows["touchpoint"], world.TOUCHPOINTS, words.TOUCHPOINTS, column),
        "channel": _names(rows["channel"], world.CHANNELS, words.CHANNELS, column),
        "persona": _names(who["persona"], world.PERSONAS, words.PERSONAS, column),
        "region": _names(who["region"], world.REGIONS, words.REGIONS, column),
        "campaign": _names(rows["campaign"], tuple(name for name, _, _ in world.CAMPAIGNS), words.CAMPAIGNS, column)})


def _orders(of: World, column: int) -> pd.DataFrame:
    rows, who = of.orders, of.customers.iloc[of.orders["customer"]]
    return pd.DataFrame({
        "id": np.arange(FIRST_ORDER, FIRST_ORDER + len(rows)), "customer": _customers(rows["customer"]),
        "time": _times(rows["time"]), "promised": _dates(rows["promised"]), "delivered": _times(rows["delivered"]),
        "amount": rows["amount"], "quantity": rows["quantity"],
        "channel": _names(rows["channel"], world.CHANNELS, words.CHANNELS, column),
        "method": [words.METHODS[bool(pickup)][column] for pickup in rows["pickup"]],
        "region": _names(who["region"], world.REGIONS, words.REGIONS, column)})


def _survey(of: World, language: str) -> pd.DataFrame:
    rows, column = of.survey, words.LANGUAGES.index(language)
    said = [None if np.isnan(wording) else words.comment(_theme(touchpoint, delay, wait, slow, wallet), mood, wording,
                                                         language, days=int(delay), minutes=_minutes(wait))
            for touchpoint, delay, wait, slow, wallet, mood, wording in rows[
                ["touchpoint", "delay", "wait", "slow", "wallet", "mood", "wording"]].itertuples(index=False)]
    return pd.DataFrame({
        "id": [f"R{number:05d}" for number in range(1, len(rows) + 1)], "time": _times(rows["time"]),
        "customer": _customers(rows["customer"]),
        "touchpoint": _names(rows["touchpoint"], world.TOUCHPOINTS, words.TOUCHPOINTS, column),
        "channel": _names(rows["channel"], world.CHANNELS, words.CHANNELS, column),
        "nps": rows["nps"], "csat": rows["csat"], "ces": rows["ces"],
        "expectation": [None if np.isnan(met) else words.YES_NO[bool(met)][column] for met in rows["expectation"]],
        "comment": pd.Series(said, dtype=object)})


def _theme(touchpoint: int, delay: float, wait: float, slow: bool, wallet: bool) -> str:
    """Which comments fit an answer."""
    theme = words.THEMES[world.TOUCHPOINTS[touchpoint]]
    if theme == "delivery" and delay >= 2:
        return "delivery_late"
    if theme == "chat" and wait >= 300:
        return "chat_wait"
    if theme == "refund" and slow:
        return "refund_slow"
    return "wallet" if wallet else theme


def _minutes(wait: float) -> int:
    return 0 if np.isnan(wait) else round(wait / 60)


def _tickets(of: World, language: str) -> pd.DataFrame:
    rows, column = of.tickets, words.LANGUAGES.index(language)
    said = [None if np.isnan(wording) else words.ticket(world.TOPICS[topic], wording, language)
            for topic, wording in rows[["topic", "wording"]].itertuples(index=False)]
    return pd.DataFrame({
        "id": [f"T{number}" for number in range(FIRST_TICKET, FIRST_TICKET + len(rows))], "time": _times(rows["time"]),
        "customer": _customers(rows["customer"]),
        "touchpoint": _names(rows["touchpoint"], world.TOUCHPOINTS, words.TOUCHPOINTS, column),
        "channel": _names(rows["channel"], world.CHANNELS, words.CHANNELS, column),
        "wait": rows["wait"], "complaint": [words.YES_NO[bool(each)][column] for each in rows["complaint"]],
        "topic": _names(rows["topic"], world.TOPICS, words.TOPICS, column), "resolved": _dates(rows["resolved"]),
        "comment": pd.Series(said, dtype=object)})


# --- files ---


def write_sample(folder: Path = SAMPLE) -> list[Path]:
    """Write both languages' files below `folder`; returns their paths. The same bytes each time (XLSX: with the same
    zlib)."""
    of = world.simulate()
    written = []
    for column, language in enumerate(words.LANGUAGES):
        target = folder / language
        target.mkdir(parents=True, exist_ok=True)
        for name, frame in sheets(of, language).items():
            path = target / words.FILES[name][column]
            if path.suffix == ".csv":
                _write_csv(frame, path, language, with_time={"events": (1,), "orders": (2, 4)}[name])
            else:
                _write_xlsx(frame, path, name, column)
            written.append(path)
    return written


def _write_csv(frame: pd.DataFrame, path: Path, language: str, with_time: tuple[int, ...]) -> None:
    """English: comma, UTF-8, ISO dates. Turkish: semicolon, windows-1254, CRLF, DD.MM.YYYY, 1.234,56.

    with_time  positions of the columns that have a time of day; the other datetime columns are dates
    """
    turkish = language == "tr"
    shown = frame.copy()
    for position, name in enumerate(frame.columns):
        if pd.api.types.is_datetime64_any_dtype(frame[name]):
            day = "%d.%m.%Y" if turkish else "%Y-%m-%d"
            time = (" %H:%M" if turkish else "T%H:%M:%S") if position in with_time else ""
            shown[name] = frame[name].dt.strftime(day + time)
        elif pd.api.types.is_float_dtype(frame[name]):
            shown[name] = [_amount(value, turkish) for value in frame[name]]
    shown.to_csv(path, index=False, sep=";" if turkish else ",", encoding="windows-1254" if turkish else "utf-8",
                 lineterminator="\r\n" if turkish else "\n")


def _amount(value: float, turkish: bool) -> str:
    """`1234.56` or `1.234,56`."""
    return f"{value:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".") if turkish else f"{value:.2f}"


def _write_xlsx(frame: pd.DataFrame, path: Path, name: str, column: int) -> None:
    """A workbook as people keep them: two title rows and a blank one above the header, real dates, a filter."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": words.TITLES[name][0][column], "created": CREATED})
        sheet = book.add_worksheet(words.SHEETS[name][column])
        bold, grey = book.add_format({"bold": True, "font_size": 14}), book.add_format({"font_color": "#666666"})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        stamp = book.add_format({"num_format": "dd.mm.yyyy hh:mm" if column else "yyyy-mm-dd hh:mm"})
        date = book.add_format({"num_format": "dd.mm.yyyy" if column else "yyyy-mm-dd"})
        titles = words.TITLES[name]
        sheet.write_string(0, 0, titles[0][column], bold)
        sheet.write_string(1, 0, titles[1][column], grey)
        top = 3
        sheet.write_row(top, 0, list(frame.columns), head)
        for position, header in enumerate(frame.columns):
            values = frame[header]
            if pd.api.types.is_datetime64_any_dtype(values):
                form = stamp if position == 1 else date
                for row, value in enumerate(values, start=top + 1):
                    if not pd.isna(value):
                        sheet.write_datetime(row, position, value.to_pydatetime(), form)
            elif pd.api.types.is_numeric_dtype(values):
                for row, value in enumerate(values, start=top + 1):
                    if not np.isnan(value):
                        sheet.write_number(row, position, int(value))
            else:
                for row, value in enumerate(values, start=top + 1):
                    if isinstance(value, str):
                        sheet.write_string(row, position, value)
            widest = {"comment": 60}.get(_role(name, position), 17)
            sheet.set_column(position, position, widest)
        sheet.autofilter(top, 0, top + len(frame), len(frame.columns) - 1)
        sheet.freeze_panes(top + 1, 0)


def _role(name: str, position: int) -> str:
    return "comment" if position == len(words.HEADERS[name][0]) - 1 else ""


# --- interactions, for benchmarks ---


def interactions(of: World, language: str = "en", chunk: int = 0) -> pd.DataFrame:
    """Everything that happened as one frame, rows in time order, columns as cx.intake.load_frame takes them (and
    `region`, an attribute). Names are categories."""
    column = words.LANGUAGES.index(language)
    first_order = FIRST_ORDER + chunk * 1_000_000
    events = of.events[["customer", "time", "touchpoint", "channel", "campaign"]]
    orders = of.orders[["customer", "time", "channel"]].assign(
        touchpoint=np.int8(world.T["order"]), revenue=of.orders["amount"], quantity=of.orders["quantity"],
        order_id=np.arange(first_order, first_order + len(of.orders)))
    brought = of.orders[of.orders["delivered"] >= 0]
    deliveries = pd.DataFrame({
        "customer": brought["customer"], "time": brought["delivered"], "touchpoint": np.int8(world.T["delivery"]),
        "delay_days": brought["delivered"] // world.DAY - brought["promised"]})
    survey = of.survey[["customer", "time", "touchpoint", "channel", "nps", "csat", "ces"]].assign(
        expectation_met=of.survey["expectation"])
    tickets = of.tickets[["customer", "time", "touchpoint", "channel"]].assign(
        wait_seconds=of.tickets["wait"], is_complaint=of.tickets["complaint"].astype(float))
    rows = pd.concat([events, orders, deliveries, survey, tickets], ignore_index=True)
    rows = rows.sort_values(["time", "customer"], kind="stable", ignore_index=True)
    who = of.customers.iloc[rows["customer"]]

    def named(codes: pd.Series, keys: tuple[str, ...], table: Names) -> pd.Categorical:
        return pd.Categorical.from_codes(codes.fillna(-1).to_numpy().astype(np.int8),
                                         [table[key][column] for key in keys])

    def whole(values: pd.Series) -> pd.Series:
        return values.astype("Int32")

    ids = [f"C{FIRST_CUSTOMER + chunk * CUSTOMERS_A_CHUNK + number}" for number in range(len(of.customers))]
    return pd.DataFrame({
        "customer_id": pd.Categorical.from_codes(rows["customer"].to_numpy(), ids),
        "occurred_at": _times(rows["time"]),
        "touchpoint": named(rows["touchpoint"], world.TOUCHPOINTS, words.TOUCHPOINTS),
        "channel": named(rows["channel"], world.CHANNELS, words.CHANNELS),
        "persona": named(who["persona"].reset_index(drop=True), world.PERSONAS, words.PERSONAS),
        "region": named(who["region"].reset_index(drop=True), world.REGIONS, words.REGIONS),
        "campaign": named(rows["campaign"], tuple(name for name, _, _ in world.CAMPAIGNS), words.CAMPAIGNS),
        "nps": whole(rows["nps"]),
        "csat": rows["csat"], "csat_max": whole(rows["csat"].where(rows["csat"].isna(), TOP["csat"])),
        "ces": rows["ces"], "ces_max": whole(rows["ces"].where(rows["ces"].isna(), TOP["ces"])),
        "expectation_met": rows["expectation_met"].astype("boolean"),
        "wait_seconds": whole(rows["wait_seconds"]), "delay_days": whole(rows["delay_days"]),
        "is_complaint": rows["is_complaint"].astype("boolean"), "revenue": rows["revenue"],
        "quantity": rows["quantity"], "order_id": rows["order_id"].astype("Int64").astype("string")})


def many(rows: int, language: str = "en", seed: int = world.SEED) -> Iterator[pd.DataFrame]:
    """Frames of `interactions`, `rows` in all, about a million each; customers do not cross frames."""
    chunk, left = 0, rows
    while left > 0:
        # the first chunk of a small request holds no more customers than it needs
        customers = min(CUSTOMERS_A_CHUNK, max(50, left // 15))
        frame = interactions(world.simulate(customers, seed, chunk), language, chunk).head(left)
        yield frame
        left -= len(frame)
        chunk += 1


def write_parquet(rows: int, path: Path, language: str = "en", seed: int = world.SEED) -> int:
    """Write that many interactions to one Parquet file, a frame at a time; returns the number of rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer, written = None, 0
    for frame in many(rows, language, seed):
        table = pa.Table.from_pandas(frame, preserve_index=False)
        table = table.cast(pa.schema([field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field
                                      for field in table.schema]).remove_metadata())
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
        written += len(frame)
    if writer:
        writer.close()
    return written


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", action="store_true", help="write data/sample/en and data/sample/tr")
    parser.add_argument("--rows", type=int, help="write this many interactions instead")
    parser.add_argument("--out", type=Path, help="the Parquet file for --rows; with --sample, the folder")
    parser.add_argument("--language", choices=words.LANGUAGES, default="en", help="language of the names for --rows")
    parser.add_argument("--seed", type=int, default=world.SEED, help="another world for --rows")
    given = parser.parse_args(arguments)
    if given.sample == (given.rows is not None):
        parser.error("say either --sample or --rows N --out FILE.parquet")
    if given.sample:
        for path in write_sample(given.out or SAMPLE):
            print(f"{path}  {path.stat().st_size / 1e6:.1f} MB")
        return
    if given.out is None or given.rows < 1:
        parser.error("--rows needs a number above 0 and --out FILE.parquet")
    print(f"{given.out}  {write_parquet(given.rows, given.out, given.language, given.seed):,} interactions")


if __name__ == "__main__":
    main()
