"""A workspace of any size, filled inside DuckDB with the product's own tables: the same rows every time.

20 interactions a customer in 10 visits over about half a year, two years of customers, 5 stages, 5 personas,
6 channels, 12 touchpoints; scores, answers, waiting, delays, complaints and orders on a few percent of the rows each.
"""

from __future__ import annotations

from pathlib import Path

import cx
from cx import Store
from cx.store import derive_sql
from cx.store.journey_model import assign_stages, name_ids
from cx.store.schema import INTERACTION_COLUMNS

PER_CUSTOMER = 20
START, DAYS = "2024-01-01", 730
AT_ONCE = 5_000_000  # rows written, and taken up again, together

TOUCHPOINTS = {"Advert": "awareness", "Landing page": "awareness", "Search result": "consideration",
               "Product page": "consideration", "Comparison": "consideration", "Checkout": "purchase",
               "Order": "purchase", "Delivery": "retention", "Support call": "retention", "Support chat": "retention",
               "Review": "advocacy", "Referral": "advocacy"}
CHANNELS = ("Web", "Mobile app", "E-mail", "Phone", "Store", "Social")
PERSONAS = ("Ayşe", "Mehmet", "Zeynep", "Can", "Elif")


def rows_sql(first: int, last: int, uploads: int = 1) -> str:
    """SELECT of the interactions of customers first … last - 1, in the columns of `interactions` but interaction_id.

    `touch` is the id of a touchpoint, weighted towards the beginning of the journey; times are whole seconds.
    """
    def chance(salt: int, size: int) -> str:
        return f"CAST(hash(c * {PER_CUSTOMER} + k, {salt}) % {size} AS INTEGER)"

    pick = "CASE " + " ".join(f"WHEN draw < {bound} THEN {touch}" for touch, bound in enumerate(
        (14, 26, 38, 54, 61, 69, 75, 82, 87, 92, 97, 100), start=1)) + " END"
    return f"""
        WITH each AS (
            SELECT CAST(c AS INTEGER) AS customer_key, k, {chance(1, 100)} AS draw,
                {chance(2, 6)} AS any_channel, {chance(3, 100)} AS percent, {chance(4, 1000)} AS mille,
                {chance(5, 11)} AS ten, {chance(6, 5)} AS five, {chance(7, 3600)} AS within, c,
                CAST(hash(c, 8) % {DAYS - 180} AS INTEGER) AS starts,
                CAST(hash(c * 10 + k // 2, 9) % 180 AS INTEGER) AS visit,
                CAST(hash(c * 10 + k // 2, 10) % 80000 AS INTEGER) AS clock
            FROM range({first}, {last}) customers(c), range({PER_CUSTOMER}) places(k)),
        placed AS (SELECT *, CAST({pick} AS INTEGER) AS touchpoint_id FROM each),
        said AS (
            SELECT customer_key,
                TIMESTAMP '{START}' + to_days(starts + visit) + to_seconds(clock + within) AS occurred_at,
                CAST(NULL AS TINYINT) AS stage_id, 1 + (any_channel + touchpoint_id // 4) % 6 AS channel_id,
                touchpoint_id, CASE WHEN percent < 4 THEN greatest(0, ten - mille % 2) END AS nps,
                CASE WHEN percent BETWEEN 4 AND 9 THEN 1 + five END AS csat,
                CASE WHEN percent BETWEEN 4 AND 9 THEN 5 END AS csat_max,
                CASE WHEN percent BETWEEN 10 AND 12 THEN 1 + ten % 7 END AS ces,
                CASE WHEN percent BETWEEN 10 AND 12 THEN 7 END AS ces_max,
                CASE WHEN percent BETWEEN 13 AND 15 THEN mille > 300 END AS expectation_met,
                CASE WHEN percent BETWEEN 40 AND 69 THEN five // 2 - 1 END AS emotion_given,
                CAST(NULL AS VARCHAR) AS comment,
                CASE WHEN touchpoint_id IN (9, 10) THEN 5 + within * mille // 1500 END AS wait_seconds,
                CASE WHEN touchpoint_id = 8 THEN ten // 2 - 2 END AS delay_days,
                CASE WHEN touchpoint_id IN (8, 9, 10) THEN mille < 90 END AS is_complaint,
                CASE WHEN touchpoint_id = 7 THEN 10 + mille * 0.37 END AS revenue,
                CASE WHEN touchpoint_id = 7 THEN 1 END AS quantity,
                CASE WHEN touchpoint_id = 7 THEN 'O' || (c * {PER_CUSTOMER} + k) END AS order_id,
                CAST(NULL AS VARCHAR) AS campaign, CAST(NULL AS INTEGER) AS stage_label_id,
                CAST(MAP {{}} AS MAP(VARCHAR, VARCHAR)) AS attributes,
                CAST(hash(c * {PER_CUSTOMER} + k, 11) >> 1 AS BIGINT) AS row_key,
                CAST(hash(c * {PER_CUSTOMER} + k, 12) >> 1 AS BIGINT) AS content_key,
                1 + (starts + visit) * {uploads} // {DAYS} AS upload_id, 'sheet' AS sheet,
                CAST(NULL AS INTEGER) AS row_number
            FROM placed)
        SELECT s.* REPLACE (t.stage_id AS stage_id), {derive_sql.EMOTION_SQL} AS emotion,
            {derive_sql.EMOTION_SOURCE_SQL} AS emotion_source
        FROM said s JOIN touchpoints t USING (touchpoint_id)"""


def generate(path: Path, interactions: int) -> Store:
    """A workspace with that many interactions in order of time (of each block), nothing derived; what an earlier run
    left unfinished is gone on with."""
    customers = interactions // PER_CUSTOMER
    store = cx.open_store(path)
    if not store.value("SELECT count(*) FROM customers"):
        _begin(store, customers, interactions)
    done = store.value("SELECT coalesce(max(customer_key), 0) FROM interactions")
    listed = ", ".join(INTERACTION_COLUMNS)
    block = AT_ONCE // PER_CUSTOMER
    for first in range(done + 1, customers + 1, block):
        last = min(first + block, customers + 1)
        with store.write() as cursor:
            cursor.execute(f"INSERT INTO interactions ({listed}) SELECT {listed} FROM (SELECT "
                           f"{(first - 1) * PER_CUSTOMER} + row_number() OVER (ORDER BY occurred_at) AS interaction_id,"
                           f" * FROM ({rows_sql(first, last)})) ORDER BY interaction_id")
    return store


def _begin(store: Store, customers: int, interactions: int) -> None:
    with store.write() as cursor:
        for table, names in (("touchpoints", TOUCHPOINTS), ("channels", CHANNELS), ("personas", PERSONAS)):
            name_ids(cursor, table, names)
    assign_stages(store, {key: stage for (key,), stage in zip(
        store.rows("SELECT key FROM touchpoints ORDER BY touchpoint_id"), TOUCHPOINTS.values(), strict=True)})
    with store.write() as cursor:
        cursor.execute(f"INSERT INTO customers SELECT c, 'C' || c, FALSE, NULL FROM range(1, {customers + 1}) t(c)")
        cursor.execute(f"INSERT INTO customer_personas SELECT c, 1 + hash(c, 13) % {len(PERSONAS)}, 1 "
                       f"FROM range(1, {customers + 1}) t(c)")
        cursor.execute("INSERT INTO uploads VALUES (1, 'generated', '', NULL, TIMESTAMP '2026-01-01', NULL, ?, 0, 0, "
                       "0, NULL)", [interactions])
