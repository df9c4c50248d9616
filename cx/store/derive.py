"""What is computed from the interactions with each commit: emotion, steps, journeys, attempts, orders, waits, days.

An upload recomputes its own customers only: their rows are read once (`look_at`), they are taken out (`forget`) before
their rows change, and put in again (`refresh`) after. `rebuild` recomputes all and must give the same tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

import duckdb
import numpy as np
import pyarrow as pa

from cx.model import FEWEST_STAGES
from cx.store import changes
from cx.store import derive_tables as tables
from cx.store.additive import ACTIVE_DAYS, ADDITIVE, DAILY_CELLS, Additive
from cx.store.database import Store, set_setting
from cx.store.derive_days import ActiveDays
from cx.store.derive_rows import Customers, in_order, read_customers, read_rows
from cx.store.derive_sql import ORDER_COLUMNS, PERSONAS, PLACED, STAGES_USED, orders_sql, waits_sql

VERSION = 5
"""Rises when a derived table is computed otherwise: older workspaces are rebuilt at opening."""

_OF_CUSTOMERS = ("steps", "journeys", "attempts", "orders")
TABLES = (*_OF_CUSTOMERS, "waits", *(each.table for each in ADDITIVE))
"""The derived tables."""

_LEFT_OUT = "stages_left_out"  # setting: keys, as JSON
_MERGE_FROM = 50_000  # rows; smaller tables are merged each time
_MERGE_AT = 1.5  # times as many rows as when last merged
_AT_ONCE = 500_000  # interactions in memory
_BUCKET = 256  # customers that are counted together to divide the work


def keep_up(store: Store) -> None:
    """Compute the derived tables of a workspace that an older program derived."""
    if store.setting("derived_version") != str(VERSION):
        with store.write() as cursor:
            rebuild(cursor)


def rebuild(cursor: duckdb.DuckDBPyConnection) -> None:
    """Recompute stages and all derived tables of everybody, inside a `Store.write()`."""
    changes.tell(cursor, None)
    _place_in_stages(cursor)
    for table in TABLES:
        cursor.execute(f"DELETE FROM {table}")
        cursor.execute("DELETE FROM settings WHERE key = ?", [f"merged_{table}"])
    set_setting(cursor, "derived_version", str(VERSION))
    if not cursor.execute("SELECT 1 FROM interactions LIMIT 1").fetchone():
        set_setting(cursor, "attempt_stages", "[]")
        return
    _set_personas(cursor, "TRUE")
    _put_cells(cursor, "TRUE")
    stages = _note_stages(cursor)
    days = ActiveDays(cursor)
    for keys in _parts(cursor, "interactions"):
        _put_customers(cursor, days, "interactions", keys, stages)
    _put_days(cursor, days)
    _put_orders(cursor, "interactions", "TRUE")
    cursor.execute(f"INSERT INTO waits {waits_sql()}")
    _merge(cursor, DAILY_CELLS)


def look_at(cursor: duckdb.DuckDBPyConnection, customers: str) -> None:
    """Read the interactions of some customers, once for all that follows, into the temporary table LOOKED_AT (the
    columns that derived tables need, and row_key): at a hundred million rows every look at them takes seconds.

    customers  name of a table with a column `customer_key`; to be given to `forget` and `refresh` as well
    """
    chosen = _among(customers)
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE {LOOKED_AT} AS SELECT {_NEEDED}, row_key FROM interactions "
                   f"WHERE {chosen}")
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE {_BEFORE} AS SELECT customer_key, anonymous, c.persona_id, "
                   "j.first_channel_id FROM (SELECT * FROM customers WHERE customer_key IN "
                   f"(SELECT customer_key FROM {LOOKED_AT})) c LEFT JOIN (SELECT * FROM journeys WHERE {chosen}) j "
                   "USING (customer_key)")


def forget(cursor: duckdb.DuckDBPyConnection, customers: str, gone: str = "") -> None:
    """Take customers that were looked at out of the derived tables, before their interactions change; `refresh` puts
    them in again.

    gone  SELECT of the ids of interactions (theirs) that are going to leave; "" = none
    """
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE {_GONE} AS {gone or 'SELECT CAST(0 AS BIGINT) LIMIT 0'}")
    if gone:
        _put_cells(cursor, f"interaction_id IN (FROM {_GONE})", _BEFORE, sign=-1)
        cursor.execute(f"DELETE FROM waits WHERE interaction_id IN (FROM {_GONE})")
    cursor.execute("CREATE OR REPLACE TEMP TABLE derived_orders AS SELECT DISTINCT order_id "
                   f"FROM {LOOKED_AT} JOIN {_BEFORE} USING (customer_key) WHERE anonymous AND order_id IS NOT NULL")
    for table in _OF_CUSTOMERS if cursor.execute(f"SELECT 1 FROM {LOOKED_AT} LIMIT 1").fetchone() else ():
        cursor.execute(f"DELETE FROM {table} WHERE {_among(customers)}")


Report = Callable[[float], None]
"""Told which share of a step is done, rising."""


def _untold(_share: float) -> None:
    pass


def _between(report: Report, low: float, high: float) -> Report:
    """Tells of a part of a step."""
    return lambda share: report(low + (high - low) * share)


def refresh(cursor: duckdb.DuckDBPyConnection, customers: str, added: str, report: Report = _untold) -> None:
    """Recompute what is derived for some customers, after `forget`, inside a `Store.write()`.

    customers  as given to `look_at`; others stay untouched, unless a stage came into use or fell out of it (then the
               funnel has other steps, and everybody's attempts are recomputed)
    added      condition on `interactions` that chooses the rows (theirs) that came; all others are as they were
    report     told how far it is, about evenly in time
    """
    chosen = _among(customers)
    _set_personas(cursor, chosen)
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE {_THEM} AS SELECT customer_key, anonymous, persona_id FROM customers "
                   f"WHERE {chosen}")
    _move_cells(cursor, added)
    _put_cells(cursor, added, _THEM)
    report(0.2)
    cursor.execute(f"INSERT INTO waits {waits_sql(added, _THEM)}")
    before, after = stages_in_use(cursor), _note_stages(cursor)
    looked = cursor.execute(f"SELECT 1 FROM {LOOKED_AT} LIMIT 1").fetchone()
    kind = "TABLE" if looked else "VIEW"  # a copy of rows that are all new would cost more than to find them again
    cursor.execute(f"CREATE OR REPLACE TEMP {kind} {_NOW} AS SELECT {_NEEDED} FROM {LOOKED_AT} "
                   f"WHERE interaction_id NOT IN (FROM {_GONE}) "
                   f"UNION ALL SELECT {_NEEDED} FROM interactions WHERE {added}")
    days, steps, known = ActiveDays(cursor), list[pa.Table](), True
    parts = _parts(cursor, f"(SELECT customer_key FROM {LOOKED_AT} UNION ALL SELECT customer_key FROM {_NOW})")
    for number, keys in enumerate(parts):
        steps.append(_put_customers(cursor, days, _NOW, keys, after, chosen, LOOKED_AT, _between(
            report, 0.3 + 0.5 * number / len(parts), 0.3 + 0.5 * (number + 1) / len(parts))))
        if sum(map(len, steps)) > changes.MOST:
            known, steps = False, []
    report(0.8)
    _put_days(cursor, days)
    report(0.9)
    _tell(cursor, customers, steps if known else None)
    if before != after:
        _put_attempts(cursor, after, f"NOT ({chosen})")
    cursor.execute("INSERT INTO derived_orders SELECT DISTINCT order_id FROM "
                   f"{_NOW} JOIN {_THEM} USING (customer_key) WHERE anonymous AND order_id IS NOT NULL")
    shared = ""
    if cursor.execute("SELECT 1 FROM derived_orders LIMIT 1").fetchone():  # with anonymous respondents not chosen
        cursor.execute("DELETE FROM orders WHERE anonymous AND order_id IN (SELECT order_id FROM derived_orders)")
        shared = chosen
    _put_orders(cursor, _NOW, shared)
    for each in ADDITIVE:
        _merge_where_due(cursor, each)
    cursor.execute(f"DROP {kind} {_NOW}")
    for table in (LOOKED_AT, _BEFORE, _GONE, _THEM):
        cursor.execute(f"DROP TABLE {table}")


LOOKED_AT = "derived_rows"
"""What `look_at` read."""

_NOW, _BEFORE, _GONE, _THEM = "derived_now", "derived_before", "derived_gone", "derived_customers"
_NEEDED = ("interaction_id, customer_key, occurred_at, stage_id, stage_label_id, channel_id, touchpoint_id, nps, "
           "emotion, is_complaint, revenue, order_id, campaign")


def _among(customers: str) -> str:
    return f"customer_key IN (SELECT customer_key FROM {customers})"


def _parts(cursor: duckdb.DuckDBPyConnection, source: str, column: str = "customer_key",
           bucket: int = _BUCKET) -> list[str]:
    """Conditions on a column that divide the rows of a table into parts of about _AT_ONCE."""
    counted = cursor.execute(f"SELECT {column} // {bucket} AS bucket, count(*) FROM {source} GROUP BY 1 ORDER BY 1"
                             ).fetchall()
    parts: list[list[int]] = []
    size = 0
    for place, rows in counted:
        if not parts or size + rows > _AT_ONCE:
            parts.append([place, place])
            size = 0
        parts[-1][1] = place
        size += rows
    return [f"{column} BETWEEN {first * bucket} AND {(last + 1) * bucket - 1}" for first, last in parts]


def _put_customers(cursor: duckdb.DuckDBPyConnection, days: ActiveDays, table: str, keys: str, stages: Sequence[int],
                   chosen: str = "TRUE", before: str = "", report: Report = _untold) -> pa.Table:
    """Steps, journeys and attempts of customers, from a table of interactions; their active days go to `days`. → the
    steps.

    keys, chosen  conditions on `customer_key`: of the table, and further ones
    before        table of the interactions of these customers whose active days count already; "" = none
    """
    customers = read_customers(cursor, f"{keys} AND {chosen}")
    rows = read_rows(cursor, f"(SELECT * FROM {table} WHERE {keys})", customers)
    report(0.3)
    positions = dict(cursor.execute("SELECT stage_id, position FROM stages").fetchall())
    steps = tables.steps(rows, positions)
    journeys = tables.journeys(rows)
    channels = tables.by_customer(journeys, "first_channel_id", customers)
    attempts = tables.attempts(rows.first, rows["at"], rows["stage"], customers, channels, stages)
    with ThreadPoolExecutor(1, "cx-days") as aside:  # counts while the database writes
        counted = aside.submit(days.add, rows, channels)
        for number, (name, of_them) in enumerate((("steps", steps), ("journeys", journeys), ("attempts", attempts))):
            report(0.4 + 0.2 * number)
            tables.insert(cursor, name, of_them)
        counted.result()
    if before:
        found = cursor.execute("SELECT customer_key, anonymous, coalesce(persona_id, -1) AS persona, "
                               f"coalesce(first_channel_id, -1) AS channel FROM {_BEFORE} WHERE {keys} "
                               "ORDER BY customer_key").fetchnumpy()
        were = Customers(found["customer_key"], found["anonymous"], found["persona"])
        if len(were.keys):
            days.add(read_rows(cursor, f"(SELECT * FROM {before} WHERE {keys})", were), found["channel"], -1)
    if days.full:
        _put_days(cursor, days)
    return steps


def _tell(cursor: duckdb.DuckDBPyConnection, customers: str, steps: Sequence[pa.Table] | None) -> None:
    keys = cursor.execute(f"SELECT DISTINCT customer_key FROM {customers} ORDER BY 1").fetchnumpy()["customer_key"]
    if steps is None or (len(keys) and not steps):
        changes.tell(cursor, None)
    elif len(keys):
        changes.tell(cursor, changes.Change(np.asarray(keys), pa.concat_tables(steps)))
    else:
        changes.tell(cursor, changes.NOTHING)


def _put_days(cursor: duckdb.DuckDBPyConnection, days: ActiveDays) -> None:
    for each in days.tables():
        tables.insert(cursor, "active_days", each)
    if days.fresh:  # they are added up, or hardly any could be
        _note_merged(cursor, ACTIVE_DAYS)


def _put_attempts(cursor: duckdb.DuckDBPyConnection, stages: Sequence[int], chosen: str) -> None:
    """Recompute the attempts of the customers that a condition chooses from their steps."""
    cursor.execute(f"DELETE FROM attempts WHERE {chosen}")
    for keys in _parts(cursor, f"(SELECT customer_key FROM steps WHERE {chosen})"):
        keys = f"{keys} AND {chosen}"
        customers = read_customers(cursor, keys)
        found = cursor.execute(
            "SELECT rowid AS interaction, customer_key AS customer, epoch_us(occurred_at) AS at, "
            f"coalesce(CAST(stage_id AS INTEGER), -1) AS stage FROM steps WHERE {keys}").fetchnumpy()
        rows = in_order(found, customers)
        journeys = cursor.sql(f"SELECT customer_key, first_channel_id FROM journeys WHERE {keys}").to_arrow_table()
        channels = tables.by_customer(journeys, "first_channel_id", customers)
        tables.insert(cursor, "attempts", tables.attempts(rows.first, rows["at"], rows["stage"], customers, channels,
                                                          stages))


def _put_cells(cursor: duckdb.DuckDBPyConnection, where: str, customers: str = "customers", sign: int = 1) -> None:
    """Add (or with sign -1 take away) what the interactions chosen amount to, a block of rows after the other."""
    source = f"(SELECT interaction_id FROM interactions WHERE {where})"
    for ids in _parts(cursor, source, "interaction_id", _AT_ONCE // 10):
        rows = f"(SELECT * FROM interactions WHERE {ids} AND {where})"
        for each in tables.daily_cells(cursor, rows, customers, sign):
            tables.insert(cursor, "daily_cells", each)


def _move_cells(cursor: duckdb.DuckDBPyConnection, added: str) -> None:
    """What customers with another persona than before did before counts for the new one."""
    cursor.execute(f"""
        CREATE OR REPLACE TEMP TABLE derived_moved AS
        SELECT b.customer_key, b.anonymous, b.persona_id FROM {_BEFORE} b JOIN customers c USING (customer_key)
        WHERE b.persona_id IS DISTINCT FROM c.persona_id""")
    if cursor.execute("SELECT 1 FROM derived_moved LIMIT 1").fetchone():
        theirs = f"customer_key IN (SELECT customer_key FROM derived_moved) AND NOT ({added})"
        _put_cells(cursor, theirs, "derived_moved", sign=-1)
        _put_cells(cursor, theirs)
        cursor.execute("UPDATE waits SET persona_id = c.persona_id FROM customers c WHERE c.customer_key = "
                       "waits.customer_key AND c.customer_key IN (SELECT customer_key FROM derived_moved)")


def _merge_where_due(cursor: duckdb.DuckDBPyConnection, each: Additive) -> None:
    [(rows,)] = cursor.execute(f"SELECT count(*) FROM {each.table}").fetchall()
    known = cursor.execute("SELECT CAST(value AS BIGINT) FROM settings WHERE key = ?",
                           [f"merged_{each.table}"]).fetchone()
    if rows > max(_MERGE_FROM, _MERGE_AT * known[0] if known else 0):
        _merge(cursor, each)


def _merge(cursor: duckdb.DuckDBPyConnection, each: Additive) -> None:
    each.merge(cursor)
    _note_merged(cursor, each)


def _note_merged(cursor: duckdb.DuckDBPyConnection, each: Additive) -> None:
    [(rows,)] = cursor.execute(f"SELECT count(*) FROM {each.table}").fetchall()
    set_setting(cursor, f"merged_{each.table}", str(rows))


def stages_in_use(cursor: duckdb.DuckDBPyConnection) -> list[int]:
    """Stage ids, in order, that `attempts` has columns t1, t2, … for."""
    rows = cursor.execute("SELECT value FROM settings WHERE key = 'attempt_stages'").fetchall()
    return json.loads(rows[0][0]) if rows else []


def left_out(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """Keys of the stages that somebody left out of the funnel, also where nothing has happened there yet."""
    found = cursor.execute("SELECT value FROM settings WHERE key = ?", [_LEFT_OUT]).fetchone()
    return json.loads(found[0]) if found else []


def note_left_out(cursor: duckdb.DuckDBPyConnection, keys: Sequence[str]) -> None:
    """Note that these stages, and no others, are left out; nothing is recomputed."""
    set_setting(cursor, _LEFT_OUT, json.dumps(list(keys)))


def leave_out(cursor: duckdb.DuckDBPyConnection, keys: Sequence[str]) -> None:
    """Leave these stages, and no others, out of the funnel: everybody's attempts are recomputed, inside a
    `Store.write()`."""
    note_left_out(cursor, keys)
    before, after = stages_in_use(cursor), _note_stages(cursor)
    if before != after:
        _put_attempts(cursor, after, "TRUE")
    changes.tell(cursor, None)


def stages_counted(cursor: duckdb.DuckDBPyConnection) -> list[int]:
    """Stage ids, in order, that the funnel has by what is loaded and what somebody left out."""
    ids = dict(cursor.execute("SELECT key, stage_id FROM stages").fetchall())
    without = {ids.get(key) for key in left_out(cursor)}
    return stages_without([stage for (stage,) in cursor.execute(STAGES_USED).fetchall()], without)


def stages_without(used: Sequence[int], without: Collection[int | None]) -> list[int]:
    """The stages in use but those left out; all of them where so few remain (a file was taken back, say) that it were
    no funnel."""
    rest = [stage for stage in used if stage not in without]
    return rest if len(rest) >= FEWEST_STAGES else list(used)


def _note_stages(cursor: duckdb.DuckDBPyConnection) -> list[int]:
    found = stages_counted(cursor)
    set_setting(cursor, "attempt_stages", json.dumps(found))
    return found


def _place_in_stages(cursor: duckdb.DuckDBPyConnection) -> None:
    for table in ("interactions", "shadowed"):
        cursor.execute(f"""
            UPDATE {table} SET stage_id = placed.stage_id
            FROM ({PLACED.format(table=table)} WHERE coalesce(l.stage_id, t.stage_id) IS DISTINCT FROM i.stage_id)
                placed
            WHERE placed.interaction_id = {table}.interaction_id""")


def _set_personas(cursor: duckdb.DuckDBPyConnection, chosen: str) -> None:
    cursor.execute(f"""
        UPDATE customers SET persona_id = latest.persona_id FROM ({PERSONAS.format(chosen=chosen)}) latest
        WHERE latest.customer_key = customers.customer_key
          AND latest.persona_id IS DISTINCT FROM customers.persona_id""")


def _put_orders(cursor: duckdb.DuckDBPyConnection, rows: str, chosen: str) -> None:
    """Orders of these rows, and those that anonymous respondents among the customers share with others; chosen = ""
    where none is shared."""
    if chosen not in ("", "TRUE"):
        rows = (f"(SELECT * FROM {rows} UNION ALL SELECT {_NEEDED} FROM interactions "
                f"WHERE order_id IN (SELECT order_id FROM derived_orders) AND NOT {chosen} AND customer_key IN "
                "(SELECT customer_key FROM customers WHERE anonymous))")
    cursor.execute(f"INSERT INTO orders SELECT {ORDER_COLUMNS} FROM ({orders_sql(rows)}) "
                   "ORDER BY occurred_at, interaction_id")
