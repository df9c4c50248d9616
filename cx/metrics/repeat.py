"""Repeat contacts and first-contact resolution: who had to come back about the same thing soon after, where, how often.

A *contact* is an interaction at a touchpoint where customers ask for something; which touchpoints these are is chosen,
or guessed from waiting times, complaints and channels. The rules are in docs/metrics.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cx.errors import QueryError
from cx.filters import Clause, Filters
from cx.language import text
from cx.metrics import stats
from cx.metrics.attributes import filterable
from cx.metrics.dimension import Dimension, dimension, in_order, with_labels
from cx.metrics.kpi import minimum_n, significant
from cx.metrics.path_rows import ids_of
from cx.model import NO, YES, fold
from cx.store import Store

WITHIN = dt.timedelta(days=7)
SERVICE_SHARE = 0.2
"""From this share of rows with a waiting time or a complaint on, a touchpoint is guessed to be one of contacts."""

_MOSTLY = 0.8  # of the answers of a column that says resolved are yes or no
_SPOKEN = ("phone", "call", "chat", "whatsapp", "hotline", "ivr", "telefon", "cagri", "canli destek", "sohbet")
_RESOLVED_COLUMNS = frozenset({
    "resolved", "is resolved", "was resolved", "issue resolved", "solved", "is solved", "fcr", "resolved yes no",
    "resolved on first contact", "first contact resolution", "first call resolution", "resolved first time", "cozuldu",
    "cozuldu mu", "cozumlendi", "cozumlendi mi", "sorun cozuldu", "sorun cozuldu mu", "ilk temasta cozuldu",
    "ilk temasta cozuldu mu", "ilk temasta cozum", "ilk aramada cozuldu", "ilk aramada cozum"})
_RESOLVED = YES | {"resolved", "solved", "fixed", "cozuldu", "cozumlendi", "giderildi"}
_UNRESOLVED = NO | {"unresolved", "not resolved", "unsolved", "not solved", "open", "pending", "cozulmedi",
                    "cozumlenmedi", "cozulemedi", "acik", "beklemede", "giderilemedi"}
_SERVED = "i.wait_seconds IS NOT NULL OR i.is_complaint IS NOT NULL"
_SCORED = "i.nps IS NOT NULL OR i.csat IS NOT NULL OR i.ces IS NOT NULL OR i.expectation_met IS NOT NULL"
_EVERYBODY = Clause("TRUE")


def service_touchpoints(store: Store) -> list[str]:
    """Keys of the touchpoints that look like contacts: at least 20 % of their rows have a waiting time or are
    complaints, or at least half are by phone or chat. Those with most rows first; empty where none looks so."""
    rows = store.rows("""
        SELECT t.key, h.key, count(*), count(CASE WHEN i.wait_seconds IS NOT NULL OR i.is_complaint THEN 1 END)
        FROM interactions i JOIN touchpoints t ON t.touchpoint_id = i.touchpoint_id
        LEFT JOIN channels h ON h.channel_id = i.channel_id GROUP BY 1, 2""")
    sums: dict[str, list[int]] = {}
    named = {channel: f" {fold(channel or '')}" for channel in {row[1] for row in rows}}
    for key, channel, n, served in rows:
        spoken = any(f" {word}" in named[channel] for word in _SPOKEN)
        before = sums.get(key, [0, 0, 0])
        sums[key] = [before[0] + n, before[1] + served, before[2] + (n if spoken else 0)]
    found = {key: n for key, (n, served, spoken) in sums.items() if served >= SERVICE_SHARE * n or spoken >= n / 2}
    return sorted(found, key=lambda key: (-found[key], key))


def resolution_column(store: Store) -> str | None:
    """Key of the further column that says whether a contact was resolved (`Resolved`, `Çözüldü`…: yes or no); None
    where there is none."""
    for key, label in store.rows("SELECT key, label FROM attributes ORDER BY key"):
        if fold(label) in _RESOLVED_COLUMNS and any(_answers(store, key)):
            return str(key)
    return None


def topics(store: Store) -> list[str]:
    """Keys of the further columns of single interactions that can tell what a contact was about."""
    given = {row[0] for row in store.rows("SELECT DISTINCT unnest(map_keys(attributes)) FROM interactions")}
    return [key for key in filterable(store) if key in given]


def repeats(store: Store, touchpoints: Sequence[str] | None = None, same: str = "touchpoint",
            within: dt.timedelta = WITHIN, by: str = "touchpoint", filters: Filters = Filters()) -> pd.DataFrame:
    """How often customers contact again about the same thing, all together and by a dimension.

    touchpoints  those whose interactions are contacts; None = `service_touchpoints`
    same         what makes it the same thing: touchpoint or a further column (the topic); contacts without it are left
                 out
    within       how soon after the contact before, the end included

    → kind ("total", "part"), key, label; contacts, repeats (contacts with one about the same thing shortly before),
      share, lower, upper; customers, repeat_customers, customer_share, customer_lower, customer_upper; median_seconds
      (since the contact before, of repeats); difference, difference_lower, difference_upper (to the share of all other
      parts), p_adjusted (Benjamini–Hochberg), significant (None = too few contacts); firsts (contacts that repeat
      nothing), implied, implied_lower, implied_upper, implied_n (first-contact resolution as far as silence tells: of
      the firsts whose time has run out, those that were not followed by a repeat), told, told_lower, told_upper, told_n
      (as the column of `resolution_column` says of the firsts that have it); few. Nobody → no rows. What is undefined
      is null. Raises UnknownValue, QueryError.
    """
    split = dimension(store, by)
    asked = _contacts(store, touchpoints, same, within, split, filters)
    if asked is None:
        return _measured(store, pd.DataFrame(columns=["key", "label", "total", *_COUNTS]).astype(
            dict.fromkeys(_COUNTS, "int64")).assign(median_seconds=0.0))
    found = store.frame(f"""
        WITH {asked.sql}
        SELECT GROUPING(part) = 1 AS total, part AS value, count(*) AS contacts, coalesce(sum(again), 0) AS repeats,
            count(DISTINCT customer_key) AS customers,
            count(DISTINCT CASE WHEN again = 1 THEN customer_key END) AS repeat_customers,
            quantile_cont(CASE WHEN again = 1 THEN seconds END, 0.5) AS median_seconds,
            coalesce(sum(1 - again), 0) AS firsts,
            count(CASE WHEN again = 0 AND settled THEN 1 END) AS implied_n,
            count(CASE WHEN again = 0 AND settled AND followed = 0 THEN 1 END) AS implied,
            count(CASE WHEN again = 0 THEN resolved END) AS told_n,
            count(CASE WHEN again = 0 AND resolved = 1 THEN 1 END) AS told
        FROM repeat_contacts GROUP BY GROUPING SETS ((), (part))""", asked.params)
    found = found[found["contacts"] > 0]
    found[[*_COUNTS]] = found[[*_COUNTS]].fillna(0).astype("int64")
    parts = in_order(store, with_labels(store, found[~found["total"]], split), split, size="contacts")
    total = found[found["total"]].drop(columns="value").assign(key="", label="")
    return _measured(store, pd.concat([total, parts], ignore_index=True))


def followed(store: Store, within: dt.timedelta = WITHIN, among: Clause = _EVERYBODY) -> Clause | None:
    """SELECT interaction_id, followed of the contacts (at `service_touchpoints`) whose time has run out; followed: 1 =
    the customer came back to the same touchpoint within that time, else 0. None where no touchpoint is one of
    contacts. among: a condition on interactions i, the same for all of a customer's."""
    asked = _contacts(store, None, "touchpoint", within, dimension(store, "touchpoint"), Filters(), among)
    if asked is None:
        return None
    return Clause(f"WITH {asked.sql} SELECT interaction_id, followed FROM repeat_contacts WHERE settled", asked.params)


def customers(store: Store, touchpoints: Sequence[str] | None = None, same: str = "touchpoint",
              within: dt.timedelta = WITHIN, filters: Filters = Filters(), limit: int = 1000) -> pd.DataFrame:
    """Customers with repeat contacts, those with most first: customer_id, contacts, repeats, first_at, last_at.

    Raises UnknownValue, QueryError."""
    asked = _contacts(store, touchpoints, same, within, dimension(store, "touchpoint"), filters)
    if asked is None:
        return pd.DataFrame(columns=["customer_id", "contacts", "repeats", "first_at", "last_at"])
    return store.frame(f"""
        WITH {asked.sql}
        SELECT c.customer_id, count(*) AS contacts, CAST(sum(r.again) AS BIGINT) AS repeats,
            min(r.occurred_at) AS first_at, max(r.occurred_at) AS last_at
        FROM repeat_contacts r JOIN customers c ON c.customer_key = r.customer_key
        GROUP BY c.customer_id HAVING sum(r.again) > 0
        ORDER BY repeats DESC, contacts DESC, c.customer_id LIMIT {int(limit)}""", asked.params)


_COUNTS = ("contacts", "repeats", "customers", "repeat_customers", "firsts", "implied_n", "implied", "told_n", "told")


def _contacts(store: Store, touchpoints: Sequence[str] | None, same: str, within: dt.timedelta, by: Dimension,
              filters: Filters, among: Clause = _EVERYBODY) -> Clause | None:
    """Common table expressions; the last, repeat_contacts, has a row per contact in the period: customer_key,
    occurred_at, interaction_id, part (value of the dimension), again (1 = a repeat), seconds (since the contact
    before), followed (1 = by a repeat), settled (its time has run out), resolved (1, 0, null). None where no touchpoint
    is one of contacts."""
    if within < dt.timedelta(0):
        raise QueryError(text("The time between two contacts cannot be negative."))
    meant = dimension(store, same)
    chosen = service_touchpoints(store) if touchpoints is None else touchpoints
    if not chosen:
        return None
    ids = ", ".join(map(str, ids_of(store, "touchpoint", chosen)))
    longest = within // dt.timedelta(microseconds=1)
    column = resolution_column(store)
    yes, no = _answers(store, column) if column else ([], [])
    told = dimension(store, column) if column else None
    (value, join), (part, part_join) = _aliased(meant, "same"), _aliased(by, "part")
    answer, answer_join = _aliased(told, "told") if told else (Clause("NULL"), Clause(""))
    resolved = (f"CASE WHEN answer IN ({_marks(yes)}) THEN 1 WHEN answer IN ({_marks(no)}) THEN 0 END" if told
                else "CAST(NULL AS INTEGER)")
    journeys, steps, period = filters.journeys("j"), filters.steps("i"), filters.period("occurred_at")
    same_thing = "PARTITION BY customer_key, value ORDER BY occurred_at, interaction_id"
    # where contacts carry waiting times or complaint marks, a row with nothing but scores is an answer about a contact
    return Clause(f"""
        repeat_rows AS (
            SELECT i.customer_key, i.occurred_at, i.interaction_id, {value.sql} AS value, {part.sql} AS part,
                {answer.sql} AS answer
            FROM interactions i JOIN journeys j ON j.customer_key = i.customer_key
            {join.sql} {part_join.sql} {answer_join.sql}
            WHERE i.occurred_at IS NOT NULL AND i.touchpoint_id IN ({ids}) AND ({journeys.sql}) AND ({steps.sql})
                AND ({among.sql}) AND NOT (({_SCORED}) AND NOT ({_SERVED}) AND i.touchpoint_id IN (
                    SELECT i.touchpoint_id FROM interactions i WHERE i.touchpoint_id IS NOT NULL AND ({_SERVED})))),
        repeat_placed AS (
            SELECT *, epoch_us(occurred_at) - lag(epoch_us(occurred_at)) OVER thing AS since,
                lead(epoch_us(occurred_at)) OVER thing - epoch_us(occurred_at) AS until
            FROM repeat_rows WHERE value IS NOT NULL WINDOW thing AS ({same_thing})),
        repeat_contacts AS (
            SELECT customer_key, occurred_at, interaction_id, part,
                CASE WHEN since <= {longest} THEN 1 ELSE 0 END AS again,
                since / 1000000.0 AS seconds, CASE WHEN until <= {longest} THEN 1 ELSE 0 END AS followed,
                (SELECT epoch_us(max(occurred_at)) FROM interactions) - epoch_us(occurred_at) >= {longest} AS settled,
                {resolved} AS resolved
            FROM repeat_placed WHERE {period.sql})""",
                  (*value.params, *part.params, *answer.params, *join.params, *part_join.params, *answer_join.params,
                   *journeys.params, *steps.params, *among.params, *(yes + no if told else []), *period.params))


def _aliased(of: Dimension, name: str) -> tuple[Clause, Clause]:
    """Value and join of a dimension under a name of its own, so that several can be read at once."""
    value, join = of.value("i"), of.join("i")
    return (Clause(value.sql.replace("by_dimension", f"{name}_dimension"), value.params),
            Clause(join.sql.replace("by_dimension", f"{name}_dimension"), join.params))


def _answers(store: Store, key: str) -> tuple[list[str], list[str]]:
    """The values of a further column that mean resolved, and not; both empty where it mostly says something else."""
    of = dimension(store, key)
    value, join = of.value("i"), of.join("i")
    found = store.frame(f"SELECT {value.sql} AS value, count(*) AS n FROM interactions i {join.sql} GROUP BY 1",
                        [*value.params, *join.params]).dropna()
    read = found["value"].map(lambda each: fold(each) or each.strip())
    yes, no = read.isin(_RESOLVED), read.isin(_UNRESOLVED)
    if found["n"][yes | no].sum() < _MOSTLY * found["n"].sum():
        return [], []
    return found["value"][yes].tolist(), found["value"][no].tolist()


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values)) or "NULL"


def _measured(store: Store, frame: pd.DataFrame) -> pd.DataFrame:
    minimum = minimum_n(store)
    part = ~frame["total"].astype(bool).to_numpy()
    total = frame.loc[~part, ["contacts", "repeats"]].sum()
    rest, rest_repeats = total["contacts"] - frame["contacts"], total["repeats"] - frame["repeats"]
    share, who, implied, told = (stats.wilson(frame[hits], frame[n]) for hits, n in (
        ("repeats", "contacts"), ("repeat_customers", "customers"), ("implied", "implied_n"), ("told", "told_n")))
    change = stats.difference_of_shares(frame["repeats"], frame["contacts"], rest_repeats, rest)
    enough = part & (frame["contacts"] >= minimum) & (rest >= minimum)
    frame = frame.assign(
        kind=np.where(part, "part", "total"), share=share.value, lower=share.lower, upper=share.upper,
        customer_share=who.value, customer_lower=who.lower, customer_upper=who.upper, difference=change.value,
        difference_lower=change.lower, difference_upper=change.upper,
        p_adjusted=stats.adjusted(np.where(enough, change.p, np.nan)), implied=implied.value,
        implied_lower=implied.lower, implied_upper=implied.upper, told=told.value, told_lower=told.lower,
        told_upper=told.upper, few=frame["contacts"] < minimum)
    frame["significant"] = significant(frame["p_adjusted"])
    return frame[["kind", "key", "label", "contacts", "repeats", "share", "lower", "upper", "customers",
                  "repeat_customers", "customer_share", "customer_lower", "customer_upper", "median_seconds",
                  "difference", "difference_lower", "difference_upper", "p_adjusted", "significant", "firsts",
                  "implied", "implied_lower", "implied_upper", "implied_n", "told", "told_lower", "told_upper",
                  "told_n", "few"]].reset_index(drop=True)
