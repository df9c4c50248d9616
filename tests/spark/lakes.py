"""What the tests of lakes share: interactions with everything that can make engines differ, and comparing a lake with
the workspace that it was built from, row by row."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import duckdb
import pandas as pd

from cx import Store, intake
from cx.engine.layout import Version
from cx.lake.schema import TABLES, columns
from cx.store.additive import ADDITIVE

DAY = dt.datetime(2025, 3, 30)  # clocks go forward at night, where they do
COLUMNS = ["customer_id", "occurred_at", "touchpoint", "channel", "persona", "nps", "csat", "ces", "expectation_met",
           "wait_seconds", "delay_days", "is_complaint", "order_id", "revenue", "comment", "Plan"]


def rows(seed: int, many: int, customers: int = 40) -> pd.DataFrame:
    """Interactions of known and unknown customers, dated and not, many at the same time or with the same order."""
    draw = random.Random(seed)
    one = draw.choice
    found = [(one((None, *(f"c{number}" for number in range(customers)))),
              None if draw.random() < 0.05 else DAY + dt.timedelta(hours=6 * draw.randrange(500),
                                                                   microseconds=one((0, 0, 1, 999_999))),
              one(("Advert", "Search", "Checkout", "Support call", "Review", "Lounge ☕")), one((None, "web", "store")),
              one((None, None, "Ayşe", "Can")), one((None, 0, 6, 7, 9, 10)), one((None, 1, 3, 4, 5)),
              one((None, 1, 2, 5, 7)), one((None, True, False)), one((None, 0, 61, 2_000_000_000)), one((None, -2, 0, 3)),
              one((None, True, False)), one((None, None, None, *(f"o{number}" for number in range(30)))),
              one((None, None, 10.25, 99, 0.0001)), one((None, "çok iyi", "it's \"late\"")), one((None, "gold")))
             for _ in range(many)]
    frame = pd.DataFrame(found, columns=COLUMNS, dtype=object)
    frame["occurred_at"] = pd.to_datetime(frame["occurred_at"])
    return frame


def loaded(store: Store, seed: int, many: int, customers: int = 40) -> int:
    return intake.load_frame(store, rows(seed, many, customers), name=f"upload {seed}").upload_id


def loaded_unknown(store: Store, seed: int, many: int) -> None:
    """An upload without a customer column, and one without times."""
    intake.load_frame(store, rows(seed, many).drop(columns="customer_id"), name=f"upload {seed}")
    undated = rows(seed + 1, many // 2).drop(columns="occurred_at")
    intake.load_frame(store, undated, name=f"upload {seed + 1}")


def files(root: str, version: Version, table: str) -> str:
    """What DuckDB selects from to read the files of a table, without Spark."""
    folders = [f"{root.removeprefix('file://')}/{folder}/**/*.parquet" for folder in version.tables[table]]
    kinds = {**columns(table), "place": "INT"} if table == "steps" else columns(table)
    empty = ", ".join(f"CAST(NULL AS {kind.replace('_NTZ', '').replace('STRING', 'VARCHAR')}) AS {name}"
                      for name, kind in kinds.items()).replace("MAP<VARCHAR,VARCHAR>", "MAP(VARCHAR, VARCHAR)")
    return f"read_parquet({folders}, union_by_name=true)" if folders else f"(SELECT {empty} WHERE FALSE)"


def differing(root: str, version: Version, store: Store) -> dict[str, tuple[int, int]]:
    """table → (rows that the lake lacks, rows that it has too many), where there are any."""
    found = {}
    merged = {each.table: each.merged for each in ADDITIVE}
    with duckdb.connect() as compare:
        for table in TABLES:
            names = [name for name in columns(table) if (table, name) != ("steps", "place")]
            listed = ", ".join(names)
            ours = f"({merged[table]})" if table in merged else table
            if table == "steps":  # the order of a customer's rows counts
                ours = "(SELECT *, row_number() OVER (PARTITION BY customer_key ORDER BY rowid) AS place FROM steps)"
                listed += ", place"
            compare.execute(f"CREATE OR REPLACE VIEW theirs AS SELECT * FROM {files(root, version, table)}")
            with store.reader() as cursor:
                compare.register("ours", cursor.sql(f"SELECT {listed} FROM {ours}").to_arrow_table())
            kinds = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in _kinds(store, table).items())
            kinds += ", place" if table == "steps" else ""
            [both] = compare.execute(f"""
                WITH ours AS (SELECT {kinds} FROM ours), theirs AS (SELECT {kinds} FROM theirs)
                SELECT (SELECT count(*) FROM (FROM ours EXCEPT ALL FROM theirs)),
                       (SELECT count(*) FROM (FROM theirs EXCEPT ALL FROM ours))""").fetchall()
            if any(both):
                found[table] = both
            assert version.rows[table] == compare.execute("SELECT count(*) FROM theirs").fetchall()[0][0], table
    return found


def _kinds(store: Store, table: str) -> dict[str, str]:
    return {row[0]: row[1] for row in store.rows(f"DESCRIBE {table}")}


def root(folder: Path) -> str:
    return f"file://{folder / 'lake'}"
