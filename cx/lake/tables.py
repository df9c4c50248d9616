"""What Spark computes from interactions: the texts beside those that DuckDB computes with (cx/store/derive_sql.py).

Both give the same rows (tests/spark/test_build.py). Each function gives a SELECT over the tables named; its columns are
brought to order and type by `cx.lake.schema.selected`. Spark has no ASOF join, and rows of its tables have no order:
arrivals are found by running minima over a customer's times, latest first.
"""

from __future__ import annotations

from collections.abc import Sequence

from cx.lake.schema import columns
from cx.model import MOST_STAGES
from cx.store.additive import ACTIVE_DAYS, PLACES, Additive
from cx.store.derive_sql import ORDER_SQL, orders_sql


def steps(rows: str) -> str:
    """The dated interactions of known customers; `place` numbers a customer's: by time, of equal times the earlier
    stage of the model first, no stage last, then as loaded."""
    return f"""
        SELECT i.customer_key, i.occurred_at, i.stage_id, i.stage_label_id, i.channel_id, i.touchpoint_id, i.emotion,
            row_number() OVER (PARTITION BY i.customer_key
                               ORDER BY i.occurred_at, s.position NULLS LAST, i.interaction_id) AS place
        FROM {rows} i JOIN customers c ON c.customer_key = i.customer_key LEFT JOIN stages s ON s.stage_id = i.stage_id
        WHERE NOT c.anonymous AND i.occurred_at IS NOT NULL"""


def journeys(rows: str) -> str:
    """One row per known customer with a dated interaction."""
    moment = "struct(i.occurred_at, i.interaction_id)"

    def at(end: str, column: str) -> str:
        return f"{end}_by(i.{column}, {moment}) FILTER (WHERE i.{column} IS NOT NULL)"

    return f"""
        SELECT i.customer_key, any_value(c.persona_id) AS persona_id, {at("min", "channel_id")} AS first_channel_id,
            {at("max", "channel_id")} AS last_channel_id, min(i.occurred_at) AS first_at, max(i.occurred_at) AS last_at,
            count(*) AS interactions,
            size(collect_set(CASE WHEN {ORDER_SQL}
                             THEN coalesce('#' || i.order_id, CAST(i.interaction_id AS STRING)) END)) AS orders,
            sum(i.revenue) AS revenue, count_if(i.is_complaint) AS complaints, count_if(i.emotion > 0) AS positive,
            count_if(i.emotion < 0) AS negative, count(i.emotion) AS felt, {at("max", "emotion")} AS last_emotion,
            {at("max", "nps")} AS last_nps
        FROM {rows} i JOIN customers c ON c.customer_key = i.customer_key
        WHERE NOT c.anonymous AND i.occurred_at IS NOT NULL GROUP BY i.customer_key"""


def attempts(rows: str, stages: Sequence[int], journeys: str = "journeys") -> str:
    """One row per customer and distinct time of the first stage: t1 and the earliest arrival at or after the stage
    before, for each further stage (null = never)."""
    last = len(stages)
    empty = ", ".join(f"CAST(NULL AS TIMESTAMP_NTZ) AS t{step}" for step in range(max(last, 1) + 1, MOST_STAGES + 1))
    if not stages:
        return (f"SELECT customer_key, persona_id, first_channel_id, CAST(NULL AS TIMESTAMP_NTZ) AS t1, {empty} "
                f"FROM {journeys} WHERE FALSE")
    times = ", ".join(f"max(CASE WHEN stage_id = {int(stage)} THEN occurred_at END) AS a{step}"
                      for step, stage in enumerate(stages, start=1))
    # one exchange, by customer, serves the grouping and every window
    found = (f"SELECT customer_key, occurred_at, {times} FROM (SELECT /*+ REPARTITION(customer_key) */ customer_key, "
             f"occurred_at, stage_id FROM {rows} WHERE stage_id IN ({', '.join(str(int(each)) for each in stages)}) "
             "AND occurred_at IS NOT NULL) GROUP BY customer_key, occurred_at")
    for step in range(last, 1, -1):  # c{step}: the earliest arrival there from now on, with what follows it
        onward = f", 'next', c{step + 1}" if step < last else ""
        found = (f"SELECT *, min(CASE WHEN a{step} IS NOT NULL THEN named_struct('t', a{step}{onward}) END) OVER "
                 f"(PARTITION BY customer_key ORDER BY occurred_at DESC ROWS UNBOUNDED PRECEDING) AS c{step} "
                 f"FROM ({found})")
    arrivals = "".join(f", c2{'.next' * (step - 2)}.t AS t{step}" for step in range(2, last + 1))
    return (f"SELECT f.customer_key, j.persona_id, j.first_channel_id, f.a1 AS t1{arrivals}"
            f"{', ' + empty if empty else ''} FROM ({found}) f JOIN {journeys} j ON j.customer_key = f.customer_key "
            "WHERE f.a1 IS NOT NULL")


def orders(rows: str) -> str:
    """One row per order: its first row's customer, time and place, and the revenue of all its rows."""
    return orders_sql(rows).replace("VARCHAR", "STRING")


def waits(rows: str) -> str:
    """The interactions that have a waiting time or are late."""
    return f"""
        SELECT i.interaction_id, i.customer_key, k.anonymous, k.persona_id, i.occurred_at, i.stage_id, i.channel_id,
            i.touchpoint_id, i.wait_seconds, i.delay_days
        FROM {rows} i JOIN customers k ON k.customer_key = i.customer_key
        WHERE i.wait_seconds IS NOT NULL OR i.delay_days > 0"""


def share(table: Additive, rows: str, before: str = "") -> str:
    """What some rows amount to in a table whose rows add up. With `before`: what is taken away when they go; it is put
    in front of the names of the tables that say how customers were before."""
    kinds, sign = columns(table.table), -1 if before else 1
    found = active_days(rows) if table is ACTIVE_DAYS else table.share.format(rows=rows)
    for other in ("customers", "journeys"):
        found = found.replace(f"JOIN {other} ", f"JOIN {before}{other} ")
    sums = ", ".join(f"{sign} * CAST({name} AS {_room(kinds[name])}) AS {name}" for name in table.sums)
    return f"SELECT {', '.join(table.keys)}, {sums} FROM ({found})"


def active_days(rows: str) -> str:
    """Pairs of days, each with the next one, of all scopes in one pass: the declared text (ACTIVE_DAYS) reads the rows
    once for each. Each row stands for its scopes; of equal days of a customer at a place the last one counts."""
    scopes = {"all": "CAST(NULL AS INT)", "first_channel": "j.first_channel_id",
              **{place: f"CAST(i.{place}_id AS INT)" for place in PLACES}}
    marks, names = [], []
    for complaint in (False, True):
        for number, (scope, place) in enumerate(scopes.items(), start=len(scopes) * complaint):
            if not (complaint and scope == "first_channel"):
                where = ("i.is_complaint" if complaint else
                         "j.customer_key IS NOT NULL AND i.day IS NOT NULL" if scope == "first_channel" else "TRUE")
                mark = f"named_struct('what', CAST({number} AS TINYINT), 'at', {place})"
                marks.append(f"CASE WHEN {where} THEN {mark} END")
                names.append(f"WHEN {number} THEN '{scope}'")
    # one exchange, by customer, serves the joins and the window
    return f"""
        SELECT CASE what {' '.join(names)} END AS scope, what >= {len(scopes)} AS complaint, anonymous, persona_id,
            day AS occurred_at, place_id, following.day AS next_at, count(*) AS customers
        FROM (SELECT *, lead(struct(day)) OVER (PARTITION BY customer_key, what, place_id ORDER BY day NULLS FIRST)
                  AS following
              FROM (SELECT customer_key, anonymous, persona_id, day, inline(marks) AS (what, place_id)
                    FROM (SELECT i.customer_key, k.anonymous, k.persona_id, i.day, array({', '.join(marks)}) AS marks
                          FROM (SELECT /*+ REPARTITION(customer_key) */ customer_key, stage_id, channel_id,
                                    touchpoint_id, is_complaint, date_trunc('day', occurred_at) AS day FROM {rows}) i
                          JOIN customers k ON k.customer_key = i.customer_key
                          LEFT JOIN journeys j ON j.customer_key = i.customer_key)) WHERE what IS NOT NULL)
        WHERE following IS NULL OR NOT following.day <=> day
        GROUP BY what, anonymous, persona_id, day, place_id, following.day"""


def merged(table: Additive, parts: Sequence[str]) -> str:
    """The table with one row for each combination of keys, of parts (SELECTs) that add up."""
    sums = ", ".join(f"sum({name}) AS {name}" for name in table.sums)
    return (f"SELECT {', '.join(table.keys)}, {sums} FROM ({' UNION ALL '.join(parts)}) "
            f"GROUP BY {', '.join(table.keys)} HAVING sum({table.sums[0]}) <> 0")


def _room(kind: str) -> str:
    """A type that may be summed: Spark refuses what overflows, and gives a sum ten more digits."""
    return "BIGINT" if kind == "INT" else kind.replace("DECIMAL(38", "DECIMAL(28")
