"""Hand-offs: customers who change the channel in the middle of something. How often, how fast, how it felt, and whether
they had to repeat themselves.

A *stay* is a customer's contacts of one stage through one channel, each soon after the one before, with no other
channel between; rows of one moment (the lines of an order) are one contact. A *hand-off* is a stay in another channel
that begins soon after. The rules are in docs/metrics.md.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from cx.errors import QueryError, UnknownValue
from cx.filters import Clause, Filters
from cx.language import text
from cx.metrics import stats
from cx.metrics.dimension import dimension
from cx.metrics.kpi import minimum_n, significant
from cx.metrics.path_rows import ids_of
from cx.store import Store

WITHIN = dt.timedelta(hours=72)
AGAINST: tuple[str, ...] = ("from", "to")
TOTAL, STAGE, CHANNEL, PAIR = "total", "stage", "channel", "pair"

_FELT = ("plus", "minus", "felt")
_COUNTS = ("moves", "movers", "n", "customers", "repeated", "repeat_n", *_FELT, *(f"alone_{each}" for each in _FELT))
_SHARES = ("share", "lower", "upper")
_NET = ("net", "net_lower", "net_upper")


def handoffs(store: Store, within: dt.timedelta = WITHIN, same: str = "touchpoint", against: str = "from",
             stage: str | None = None, filters: Filters = Filters()) -> pd.DataFrame:
    """How customers move between channels.

    within   the longest time between two contacts of one stage that belong together, its end included
    same     touchpoint or a further column: meeting the same value again after the hand-off is repeating oneself
    against  how a hand-off felt is compared with the customers who stayed in the channel it came "from", or who were in
             the channel it went "to" without a hand-off

    Rows, by `kind`: "total" (one), "stage" (key, label), "channel" (key, label), "pair" (key → to_key), the most
    frequent first, stages in the order of the model.

    → kind, key, label, to_key, to_label; moves (from one contact to the next, hand-offs and staying), movers (customers
      with a move), n (hand-offs), customers (with a hand-off), share, lower, upper (n of moves; of a pair: of all),
      from_share (n of the moves from the channel); median_seconds, p90_seconds (between the two contacts); net,
      net_lower, net_upper, net_n (emotion in the stay after the hand-off); alone_net, alone_lower, alone_upper,
      alone_n (compared with); difference, difference_lower, difference_upper, p_adjusted (Benjamini–Hochberg over the
      pairs), significant (None = too few answers); repeated, repeat_n (hand-offs of which it is known), repeat_share,
      repeat_lower, repeat_upper; few (fewer hand-offs than the minimum of answers). What is undefined is null.
    Raises UnknownValue, QueryError.
    """
    if against not in AGAINST:
        raise UnknownValue(text("Comparison"), against, AGAINST)
    asked = _ended(store, within, same, stage, filters)
    found = store.frame(f"""
        WITH {asked.sql}
        SELECT GROUPING(channel_id) = 0 AS of_channel, GROUPING(stage_id) = 0 AS of_stage,
            GROUPING(to_id) = 0 AS of_pair, channel_id, to_id, stage_id,
            CAST(sum(contacts - 1) + count(to_id) AS BIGINT) AS moves,
            count(DISTINCT CASE WHEN contacts > 1 OR to_id IS NOT NULL THEN customer_key END) AS movers,
            count(to_id) AS n, count(DISTINCT CASE WHEN to_id IS NOT NULL THEN customer_key END) AS customers,
            quantile_cont(seconds, 0.5) AS median_seconds, quantile_cont(seconds, 0.9) AS p90_seconds,
            count(repeats) AS repeat_n, coalesce(sum(repeats), 0) AS repeated,
            {', '.join(f"coalesce(sum(CASE WHEN to_id IS NOT NULL THEN next_{each} END), 0) AS {each}, "
                       f"coalesce(sum(CASE WHEN alone THEN {each} END), 0) AS alone_{each}" for each in _FELT)}
        FROM hand_ended GROUP BY GROUPING SETS ((), (stage_id), (channel_id), (channel_id, to_id))""", asked.params)
    frame = found.assign(kind=np.select(
        [found["of_pair"], found["of_channel"], found["of_stage"]], [PAIR, CHANNEL, STAGE], TOTAL))
    frame = frame[(frame["kind"] != PAIR) | frame["to_id"].notna()]
    frame[[*_COUNTS]] = frame[[*_COUNTS]].fillna(0).astype("int64")
    return _measured(store, _named(store, frame), against)


def matrix(found: pd.DataFrame, top: int = 12) -> pd.DataFrame:
    """The pairs of `handoffs()` as a long matrix like that of `path.transitions`: the `top` channels with most
    hand-offs by name, the rest as *other*.

    → from_kind, from_key, to_kind, to_key, n, from_n (moves from there), share (n of from_n), lower, upper (Wilson).
    """
    pairs, channels = found[found["kind"] == PAIR], found[found["kind"] == CHANNEL]
    size = {key: int(n) for key, n in zip(channels["key"], channels["n"], strict=True)}
    for row in pairs.to_dict("records"):
        size[row["to_key"]] += row["n"]
    shown = sorted((key for key in size if size[key]), key=lambda key: (-size[key], key))[:top]
    place = {key: at for at, key in enumerate(shown)}
    moves = channels.assign(at=channels["key"].map(place).fillna(len(shown))).groupby("at")["moves"].sum()
    frame = pairs.assign(_from=pairs["key"].map(place).fillna(len(shown)).astype(int),
                         _to=pairs["to_key"].map(place).fillna(len(shown)).astype(int))
    frame = frame.groupby(["_from", "_to"], as_index=False)["n"].sum()
    frame["from_n"] = frame["_from"].map(moves).astype("int64")
    share = stats.wilson(frame["n"], frame["from_n"])
    names = {side: [shown[at] if at < len(shown) else "" for at in frame[f"_{side}"]] for side in ("from", "to")}
    return pd.DataFrame({
        **{f"{side}_{part}": names[side] if part == "key" else ["value" if each else "other" for each in names[side]]
           for side in ("from", "to") for part in ("kind", "key")},
        "n": frame["n"], "from_n": frame["from_n"], "share": share.value, "lower": share.lower, "upper": share.upper})


def customers(store: Store, key: str, to_key: str, within: dt.timedelta = WITHIN, same: str = "touchpoint",
              stage: str | None = None, filters: Filters = Filters(), limit: int = 1000) -> pd.DataFrame:
    """The hand-offs from one channel (key) to another, the latest first.

    → customer_id, stage (key), left_at, arrived_at, seconds, emotion (the sign of the stay after it, null = not known),
      repeats (True, False, None = not known). Raises UnknownValue, QueryError.
    """
    asked = _ended(store, within, same, stage, filters)
    found = store.frame(f"""
        WITH {asked.sql}
        SELECT c.customer_id, s.key AS stage, e.ended_at AS left_at, e.next_at AS arrived_at, e.seconds,
            CASE WHEN e.next_felt = 0 THEN NULL ELSE sign(e.next_plus - e.next_minus) END AS emotion, e.repeats
        FROM hand_ended e JOIN customers c ON c.customer_key = e.customer_key
        JOIN stages s ON s.stage_id = e.stage_id WHERE e.channel_id = ? AND e.to_id = ?
        ORDER BY e.ended_at DESC, c.customer_id LIMIT {int(limit)}""",
        [*asked.params, *ids_of(store, "channel", key), *ids_of(store, "channel", to_key)])
    repeats = pd.Series([None if pd.isna(each) else bool(each) for each in found["repeats"]], index=found.index,
                        dtype=object)
    return found.assign(repeats=repeats)


def _ended(store: Store, within: dt.timedelta, same: str, stage: str | None, filters: Filters) -> Clause:
    """Common table expressions; the last, hand_ended, has a row per stay that ended in the period: customer_key,
    stage_id, channel_id, contacts, plus, minus, felt (emotions), ended_at, to_id (the channel of the hand-off that
    followed, or null), next_at, seconds, next_plus, next_minus, next_felt (of the stay it led to), repeats (1, 0,
    null), alone (no hand-off before or after)."""
    if within < dt.timedelta(0):
        raise QueryError(text("The time between two contacts cannot be negative."))
    longest = within // dt.timedelta(microseconds=1)
    meant = dimension(store, same)
    value, join = meant.value("i"), meant.join("i")
    there = "IS NOT NULL" if stage is None else f"= {ids_of(store, 'stage', stage)[0]}"
    journeys, steps, period = filters.journeys("j"), filters.steps("i"), filters.period("ended_at")
    order = "ORDER BY occurred_at, interaction_id"
    of_stage = "PARTITION BY customer_key, stage_id"
    gap = "epoch_us(next_at) - epoch_us(ended_at)"
    return Clause(f"""
        hand_contacts AS (
            SELECT i.customer_key, i.stage_id, i.channel_id, i.occurred_at, i.interaction_id, i.emotion,
                {value.sql} AS value
            FROM interactions i JOIN journeys j ON j.customer_key = i.customer_key {join.sql}
            WHERE i.occurred_at IS NOT NULL AND i.stage_id {there} AND i.channel_id IS NOT NULL
                AND ({journeys.sql}) AND ({steps.sql})),
        hand_marked AS (
            SELECT *, CASE WHEN lag(channel_id) OVER stage = channel_id
                    AND epoch_us(occurred_at) - lag(epoch_us(occurred_at)) OVER stage <= {longest} THEN 0 ELSE 1 END
                    AS starts,
                CASE WHEN value IS NOT NULL
                    THEN lead(occurred_at) OVER ({of_stage}, value {order}) END AS again_at
            FROM hand_contacts WINDOW stage AS ({of_stage} {order})),
        hand_numbered AS (
            SELECT *, sum(starts) OVER ({of_stage} {order} ROWS UNBOUNDED PRECEDING) AS stay FROM hand_marked),
        hand_stays AS (
            SELECT customer_key, stage_id, stay, max(channel_id) AS channel_id, count(DISTINCT occurred_at) AS contacts,
                min(occurred_at) AS begun_at, max(occurred_at) AS ended_at,
                count(CASE WHEN emotion > 0 THEN 1 END) AS plus, count(CASE WHEN emotion < 0 THEN 1 END) AS minus,
                count(emotion) AS felt, count(value) AS valued,
                arg_max({{'at': again_at}}, (occurred_at, interaction_id)) FILTER (WHERE value IS NOT NULL) AS again
            FROM hand_numbered GROUP BY customer_key, stage_id, stay),
        hand_neighbours AS (
            SELECT *, lead(channel_id) OVER stays AS next_id, lead(begun_at) OVER stays AS next_at,
                {', '.join(f'lead({each}) OVER stays AS next_{each}' for each in _FELT)},
                lag(channel_id) OVER stays <> channel_id
                    AND epoch_us(begun_at) - lag(epoch_us(ended_at)) OVER stays <= {longest} AS came
            FROM hand_stays WINDOW stays AS ({of_stage} ORDER BY stay)),
        hand_moved AS (
            SELECT *, CASE WHEN next_id <> channel_id AND {gap} <= {longest} THEN next_id END AS to_id
            FROM hand_neighbours WHERE {period.sql}),
        hand_ended AS (
            SELECT *, CASE WHEN to_id IS NOT NULL THEN ({gap}) / 1000000.0 END AS seconds,
                CASE WHEN to_id IS NULL OR valued = 0 THEN NULL
                    WHEN epoch_us(again.at) - epoch_us(ended_at) <= {longest} THEN 1 ELSE 0 END AS repeats,
                to_id IS NULL AND NOT coalesce(came, FALSE) AS alone
            FROM hand_moved)""",
                  (*value.params, *join.params, *journeys.params, *steps.params, *period.params))


def _named(store: Store, frame: pd.DataFrame) -> pd.DataFrame:
    """Keys and labels for the ids, and the rows in the order they are told in."""
    channels, stages = dimension(store, "channel").labels(store), dimension(store, "stage").labels(store)
    rows = frame.to_dict("records")
    here = [stages[row["stage_id"]] if row["kind"] == STAGE else ("", "", None) if row["kind"] == TOTAL
            else channels[row["channel_id"]] for row in rows]
    there = [channels[row["to_id"]] if row["kind"] == PAIR else ("", "", None) for row in rows]
    frame = frame.assign(key=[each[0] for each in here], label=[each[1] for each in here],
                         to_key=[each[0] for each in there], to_label=[each[1] for each in there],
                         _place=[each[2] or 0 for each in here],
                         _kind=frame["kind"].map({kind: place for place, kind in enumerate(
                             (TOTAL, STAGE, CHANNEL, PAIR))}))
    frame = frame.sort_values(["_kind", "_place", "n", "key", "to_key"], ascending=[True, True, False, True, True])
    return frame.reset_index(drop=True)


def _measured(store: Store, frame: pd.DataFrame, against: str) -> pd.DataFrame:
    """Shares, intervals and the comparison with those who did not change the channel."""
    pair = (frame["kind"] == PAIR).to_numpy()
    of_channel = frame[frame["kind"] == CHANNEL].set_index("key")
    total = int(frame.loc[frame["kind"] == TOTAL, "moves"].sum())
    from_moves = frame["key"].map(of_channel["moves"]).where(pair, frame["moves"])
    frame["moves"] = frame["moves"].where(~pair, total)
    compared = frame["key" if against == "from" else "to_key"]
    for each in _FELT:
        name = f"alone_{each}"
        frame[name] = compared.map(of_channel[name]).where(pair, frame[name]).fillna(0).astype("int64")
    share, net = stats.wilson(frame["n"], frame["moves"]), _net(frame, "")
    alone, repeat = _net(frame, "alone_"), stats.wilson(frame["repeated"], frame["repeat_n"])
    change = stats.difference_of_net_scores(*(frame[f"{prefix}{each}"] for prefix in ("", "alone_") for each in _FELT))
    minimum = minimum_n(store)
    enough = pair & (frame["felt"] >= minimum) & (frame["alone_felt"] >= minimum)
    with np.errstate(invalid="ignore", divide="ignore"):
        from_share = frame["n"].to_numpy(float) / from_moves.to_numpy(float)
    frame = frame.assign(
        **dict(zip(_SHARES, (share.value, share.lower, share.upper), strict=True)), from_share=from_share,
        **dict(zip(_NET, (net.value, net.lower, net.upper), strict=True)), net_n=frame["felt"],
        alone_net=alone.value, alone_lower=alone.lower, alone_upper=alone.upper, alone_n=frame["alone_felt"],
        difference=change.value, difference_lower=change.lower, difference_upper=change.upper,
        p_adjusted=stats.adjusted(np.where(enough, change.p, np.nan)), repeat_share=repeat.value,
        repeat_lower=repeat.lower, repeat_upper=repeat.upper, few=frame["n"] < minimum)
    frame["significant"] = significant(frame["p_adjusted"])
    return frame[["kind", "key", "label", "to_key", "to_label", "moves", "movers", "n", "customers", *_SHARES,
                  "from_share", "median_seconds", "p90_seconds", *_NET, "net_n", "alone_net", "alone_lower",
                  "alone_upper", "alone_n", "difference", "difference_lower", "difference_upper", "p_adjusted",
                  "significant", "repeated", "repeat_n", "repeat_share", "repeat_lower", "repeat_upper", "few"]]


def _net(frame: pd.DataFrame, prefix: str) -> stats.Interval:
    return stats.net_score(*(frame[f"{prefix}{each}"] for each in _FELT))
