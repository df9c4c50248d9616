"""Hand-offs, repeat contacts and attribution as the tables and bars a reader sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import pandas as pd

from cx.language import DASH, Language
from cx.metrics.attribution import RULES
from pages.parts import tables

Name = Callable[[str], str]
ARROW = " → "


def pairs(found: pd.DataFrame, t: Language, name: Name, same: str) -> pd.DataFrame:
    """Every hand-off from one channel to another as a table. same: what is met again, in words."""
    rows = found[found["kind"] == "pair"].to_dict("records")
    return pd.DataFrame({
        t("From"): [name(row["key"]) for row in rows], t("To"): [name(row["to_key"]) for row in rows],
        t("Hand-offs"): [row["n"] for row in rows], t("Customers"): [row["customers"] for row in rows],
        t("Of all moves"): [_share(t, row, "share", "lower", "upper") for row in rows],
        t("Median time between"): [t.duration(row["median_seconds"]) for row in rows],
        t("9 in 10 within"): [t.duration(row["p90_seconds"]) for row in rows],
        t("Net emotion after"): [_net(t, row, "net", "net_lower", "net_upper", "net_n") for row in rows],
        t("Without the change"): [_net(t, row, "alone_net", "alone_lower", "alone_upper", "alone_n") for row in rows],
        t("Difference"): [_difference(t, row) for row in rows],
        same: [_share(t, row, "repeat_share", "repeat_lower", "repeat_upper", "repeat_n") for row in rows]})


def pair_bars(found: pd.DataFrame, t: Language, name: Name, most: int = 12) -> pd.DataFrame:
    """The most frequent hand-offs as rows of bars."""
    rows = found[found["kind"] == "pair"].head(most).to_dict("records")
    return pd.DataFrame({
        "key": [pair_key(row) for row in rows],
        "name": [ARROW.join((name(row["key"]), name(row["to_key"]))) for row in rows],
        "value": [row["share"] for row in rows],
        "text": [f"{t.percent(row['share'])} ({t.number(row['n'])})" for row in rows],
        "interval": [_range(t, row["lower"], row["upper"]) for row in rows],
        "customers": [t.number(row["customers"]) for row in rows]})


def pair_key(row: dict[str, Any]) -> str:
    """A hand-off as one value of a page's address."""
    return ">".join(quote(row[name], safe=" ") for name in ("key", "to_key"))


def stage_dots(found: pd.DataFrame, t: Language, name: Name) -> pd.DataFrame:
    """The share of moves that change the channel in each stage, with its interval."""
    rows = found[(found["kind"] == "stage") & (found["moves"] > 0)].to_dict("records")
    return pd.DataFrame({
        "key": [row["key"] for row in rows], "name": [name(row["key"]) for row in rows],
        "value": [row["share"] for row in rows], "lower": [row["lower"] for row in rows],
        "upper": [row["upper"] for row in rows], "text": [t.percent(row["share"]) for row in rows],
        "interval": [_range(t, row["lower"], row["upper"]) for row in rows],
        "moves": [t.number(row["moves"]) for row in rows]})


def handed_customers(frame: pd.DataFrame, t: Language, stage: Name, same: str) -> pd.DataFrame:
    """The customers of a hand-off."""
    rows = frame.to_dict("records")
    return pd.DataFrame({
        t("Customer"): frame["customer_id"], t("Stage"): [stage(row["stage"]) for row in rows],
        t("Left"): frame["left_at"], t("Arrived"): frame["arrived_at"],
        t("Time between"): [t.duration(row["seconds"]) for row in rows],
        t("Felt after"): [tables.mood(row["emotion"], t) for row in rows],
        same: [DASH if row["repeats"] is None else t("yes") if row["repeats"] else t("no") for row in rows]})


def repeat_dots(found: pd.DataFrame, t: Language, name: Name) -> pd.DataFrame:
    """The share of repeat contacts of each part, with its interval; sure differences are marked."""
    rows = found[found["kind"] == "part"].to_dict("records")
    return pd.DataFrame({
        "key": [row["key"] for row in rows],
        "name": [name(row["key"]) + (" *" if row["significant"] is True else "") for row in rows],
        "value": [row["share"] for row in rows], "lower": [row["lower"] for row in rows],
        "upper": [row["upper"] for row in rows], "text": [t.percent(row["share"]) for row in rows],
        "interval": [_range(t, row["lower"], row["upper"]) for row in rows],
        "contacts": [t.number(row["contacts"]) for row in rows]})


def repeats(found: pd.DataFrame, t: Language, name: Name) -> pd.DataFrame:
    """Repeat contacts and first-contact resolution as a table, all together first."""
    rows = found.to_dict("records")
    table = pd.DataFrame({
        t("Name"): [t("all together") if row["kind"] == "total" else name(row["key"]) for row in rows],
        t("Contacts"): [row["contacts"] for row in rows], t("Repeats"): [row["repeats"] for row in rows],
        t("Share of contacts"): [_share(t, row, "share", "lower", "upper") for row in rows],
        t("Share of customers"): [_share(t, row, "customer_share", "customer_lower", "customer_upper", "customers")
                                  for row in rows],
        t("Median time between"): [t.duration(row["median_seconds"]) for row in rows],
        t("First contacts nothing followed"): [
            _share(t, row, "implied", "implied_lower", "implied_upper", "implied_n") for row in rows]})
    if found["told_n"].any():
        table[t("First contacts resolved, as told")] = [
            _share(t, row, "told", "told_lower", "told_upper", "told_n") for row in rows]
    return table.assign(**{t("Note"): [t("few answers") if row["few"] else "" for row in rows]})


def repeat_customers(frame: pd.DataFrame, t: Language) -> pd.DataFrame:
    """Customers with repeat contacts."""
    return pd.DataFrame({t("Customer"): frame["customer_id"], t("Repeats"): frame["repeats"],
                         t("Contacts"): frame["contacts"], t("First contact"): frame["first_at"],
                         t("Last contact"): frame["last_at"]})


def credit_dots(found: pd.DataFrame, rule: str, of: str, t: Language, name: Name) -> pd.DataFrame:
    """What one rule gives to each channel, the most first, with its interval."""
    share, lower, upper = (("share", "lower", "upper") if of == "conversions" else
                           ("revenue_share", "revenue_lower", "revenue_upper"))
    rows = known(found)
    rows = rows[rows["rule"] == rule].sort_values(share, ascending=False)
    return pd.DataFrame({
        "key": rows["key"], "name": [name(key) for key in rows["key"]], "value": rows[share],
        "lower": rows[lower].fillna(rows[share]), "upper": rows[upper].fillna(rows[share]),
        "text": [t.percent(value) for value in rows[share]],
        "interval": [_range(t, low, high) for low, high in zip(rows[lower], rows[upper], strict=True)],
        "amount": [t.number(value, 0 if of == "revenue" else 1) for value in rows[of]],
        "took_part": [t.number(value) for value in rows["took_part"]]})


def credits(found: pd.DataFrame, of: str, t: Language, name: Name) -> pd.DataFrame:
    """Channels against rules as a table of amounts; every column adds up to all purchases or all revenue."""
    wide, keys = known(found).pivot(index="key", columns="rule", values=of), channels_of(found)
    first = found.drop_duplicates("key")
    digits = 1 if of == "conversions" else 0
    columns: Mapping[str, Any] = {
        t("Channel"): [name(key) for key in keys],
        t("Took part in"): first.set_index("key").loc[keys, "took_part"].tolist(),
        **{t(words): wide.loc[keys, rule].round(digits).tolist() for rule, words in RULES.items()}}
    return pd.DataFrame(columns)


def channels_of(found: pd.DataFrame) -> list[str]:
    """The channels in the order of `credits`."""
    return list(dict.fromkeys(known(found)["key"]))


def known(found: pd.DataFrame) -> pd.DataFrame:
    """Without the row of what is not known where there is nothing of it."""
    return found[(found["key"] != "") | (found["conversions"] > 0)]


def _share(t: Language, row: dict[str, Any], value: str, lower: str, upper: str, n: str | None = None) -> str:
    if pd.isna(row[value]):
        return DASH
    of = f", n = {t.number(row[n])}" if n else ""
    return f"{t.percent(row[value])} ({_range(t, row[lower], row[upper])}{of})"


def _range(t: Language, lower: float, upper: float) -> str:
    return t.interval(t.percent(lower), t.percent(upper))


def _net(t: Language, row: dict[str, Any], value: str, lower: str, upper: str, n: str) -> str:
    if pd.isna(row[value]):
        return DASH
    low, high = (t.number(row[each], 0, sign=True) for each in (lower, upper))
    return f"{t.number(row[value], 0, sign=True)} ({t.interval(low, high)}, n = {t.number(row[n])})"


def _difference(t: Language, row: dict[str, Any]) -> str:
    if pd.isna(row["difference"]):
        return DASH
    shown = t.number(row["difference"], 0, sign=True)
    if row["significant"] is None:
        return f"{shown} ({t('few answers')})"
    return shown if row["significant"] else f"{shown} ({t('within chance')})"
