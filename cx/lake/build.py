"""Building a lake: interactions from a source, and what is derived from them, up to a new version.

Only what changed is written: months of interactions whose rows differ, and in the derived tables the buckets of the
customers whose rows differ; the additive tables take their old share out and put the new one in, as an upload does in a
workspace. Everything else is taken over from the version before.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from cx.engine import layout
from cx.engine.layout import (
    FORMAT,
    PARTITIONS,
    Version,
    bucket_count,
    bucket_sql,
    read_table,
    read_version,
    read_versions,
    version_folder,
    write_version,
)
from cx.engine.session import Session
from cx.lake import tables
from cx.lake.refused import writing
from cx.lake.schema import CUSTOMERS, NAMES, TABLES, columns, ddl, selected
from cx.lake.steps import Made, Say, Steps, clear
from cx.store import derive
from cx.store.additive import ADDITIVE, Additive
from cx.store.derive_sql import STAGES_USED

AT_ONCE = 200_000_000  # interactions that one step derives from, at most
_KEPT = 2  # versions: readers of the one before the present may be under way

_DERIVED_FROM = ("customer_key, interaction_id, occurred_at, stage_id, stage_label_id, channel_id, touchpoint_id, nps, "
                 "csat, csat_max, ces, ces_max, expectation_met, emotion, wait_seconds, delay_days, is_complaint, "
                 "revenue, order_id, campaign")
"""The columns of interactions that derived tables depend on."""


class Source(Protocol):
    """Where the rows of the tables come from that are not derived."""

    name: str
    at_once: int  # interactions that one step writes, about
    derived: Sequence[int] | None  # it has the derived tables too, `attempts` of these stages; None = Spark derives
    left_out: Sequence[str]  # keys of the stages that somebody left out of the funnel

    def prints(self, spark: Any, base: Version | None, root: str) -> Mapping[str, str]:
        """What each part looks like now: "interactions/<month>", the names of the other tables, and of derived tables
        that it has "<table>/<bucket>". A print begins with the number of rows and ":"; equal prints mean equal rows."""

    def frames(self, spark: Any, table: str, parts: Sequence[str] = ()) -> Iterable[Any]:
        """The rows of a table as Spark frames in its columns (of some parts only, with the column `month` or `bucket`
        that tells them apart)."""

    @property
    def put(self) -> Callable[[str, str, Path], None] | None:
        """Writes the rows of a table ("" = all) or of a part as Parquet into a new folder of this machine, quicker than
        through Spark; None = they never come here."""


def build(session: Session, root: str, source: Source, say: Say = lambda _: None) -> Version:
    """Bring the lake at `root` up to what the source holds now; → the version in force then.

    Safe to kill at any moment, and to run again: readers see the version before until the new one is complete. Raises
    EngineError (server lost, no rights, no room, another build was quicker, a lake of a newer program).
    """
    with session.spark() as spark, writing(root):
        base = read_version(spark, root)
        prints = source.prints(spark, base, root)
        if base and dict(base.prints) == dict(prints) and _usable(base):
            return base
        return _Build(spark, root, base, source, prints, say).run()


class _Build:
    """One build, from the version before (`base`) to the next."""

    def __init__(self, spark: Any, root: str, base: Version | None, source: Source, prints: Mapping[str, str],
                 say: Say) -> None:
        self.spark, self.root, self.base, self.source, self.prints = spark, root, base, source, prints
        number = base.version + 1 if base else 1
        what = json.dumps([number, FORMAT, derive.VERSION, source.name, sorted(prints.items())])
        self.steps = Steps(spark, root, hashlib.sha256(what.encode()).hexdigest()[:12], say)
        keeps = base is not None and _usable(base) and base.source == source.name
        self.known = base.prints if base and keeps else {}
        self.whole = not (keeps and self._same("stages"))  # nothing derived can be taken over
        self.buckets = bucket_count(sum(self._rows("interactions").values()), base, source.name)
        self.version = Version(version=number, tables={}, schemas={table: ddl(table) for table in TABLES}, rows={},
                               attempt_stages=[], derived_version=derive.VERSION, buckets=self.buckets, built_at="",
                               source=source.name, prints=dict(prints))
        self.folders: dict[str, list[str]] = {}
        self.steps.total = self._foreseen()

    def run(self) -> Version:
        for name, tables_of_source in self._chunks():
            self._take(name, tables_of_source)
        return self._publish(self._derive() if self.source.derived is None else list(self.source.derived))

    def _chunks(self) -> list[tuple[str, Sequence[str]]]:
        """The tables that the source has, in groups that do not rest on each other."""
        if self.source.derived is not None:
            return [("taken", TABLES)]
        return [("names", NAMES), *((table, (table,)) for table in (*CUSTOMERS, "interactions"))]

    def _foreseen(self) -> int:
        """How many steps there will be, about."""
        taken = sum(len(list(self._groups(tables_of_source))) for _, tables_of_source in self._chunks())
        buckets = len(list(self._bucket_groups(range(self.buckets)))) if self.source.derived is None else 0
        return taken + 1 + (2 + 5 * buckets + len(ADDITIVE) if buckets else 0)

    def _derive(self) -> list[int]:
        """Derived tables computed by Spark; → the stages of `attempts`."""
        self._changed()
        self._additive(next(each for each in ADDITIVE if each.table == "daily_cells"))
        stages = self._stages()
        self._by_customer("steps", tables.steps)
        self._by_customer("journeys", tables.journeys)
        self._by_customer("attempts", lambda rows: tables.attempts(rows, stages),
                          anew=self.base is None or list(self.base.attempt_stages) != stages)
        self._orders()
        self._by_customer("waits", tables.waits)
        for each in ADDITIVE:
            if each.table != "daily_cells":
                self._additive(each)
        return stages

    # --- tables that are not derived ---

    def _take(self, name: str, tables_of_source: Sequence[str]) -> None:
        """Tables as the source has them: what differs from the version before is written."""
        groups = list(self._groups(tables_of_source))
        anew = {(table, part) for group in groups for table, part in group}
        folders = {table: [each for each in self.base.tables[table] if (table, _part(each, table)) not in anew and (
            _part(each, table) in self._rows(table))] if self.base else [] for table in tables_of_source}
        for number, group in enumerate(groups):
            by_table = {table: [part for other, part in group if other == table] for table, _ in group}

            def write(by_table: Mapping[str, list[str]] = by_table, number: int = number) -> Made:
                return {"folders": {table: self._given(table, f"{name}-{number}", parts)
                                    for table, parts in by_table.items()}}
            made = self.steps.do(f"{name}-{number}", write, [(table, f"{name}-{number}") for table in by_table])
            for table in by_table:
                folders[table] += made["folders"][table]
        for table in tables_of_source:
            self._have(table, folders[table])

    def _rows(self, table: str) -> dict[str, int]:
        """Part → number of rows, of a table of the source; "" is the whole of one that has no parts."""
        found = {name.partition("/")[2]: int(said.partition(":")[0]) for name, said in self.prints.items()
                 if name.partition("/")[0] == table}
        return {part: rows for part, rows in found.items() if rows or not part}

    def _groups(self, tables_of_source: Sequence[str]) -> Iterator[list[tuple[str, str]]]:
        """What is to write, as (table, part), in groups of a bounded number of rows."""
        group: list[tuple[str, str]] = []
        held = 0
        for table in tables_of_source:
            for part, rows in sorted(self._rows(table).items()):
                if self._same(f"{table}/{part}" if part else table):
                    continue
                if group and held + rows > self.source.at_once:
                    yield group
                    group, held = [], 0
                group.append((table, part))
                held += rows
        if group:
            yield group

    # --- whose rows changed ---

    def _changed(self) -> None:
        """Views `new_rows` (interactions to derive from) and, unless everything is derived anew, `changed` (customers),
        `old_rows` (their interactions in the version before), `old_customers`, `old_journeys`."""
        if self.whole or self.base is None:
            self.spark.sql(f"SELECT {_DERIVED_FROM} FROM interactions").createOrReplaceTempView("new_rows")
            return
        base = self.base
        for table in ("customers", "journeys", "interactions"):
            read_table(self.spark, self.root, base, table).createOrReplaceTempView(f"old_{table}")
        gone = [each for each in base.tables["interactions"] if each not in self.folders["interactions"]]
        come = [each for each in self.folders["interactions"] if each not in base.tables["interactions"]]
        read_table(self.spark, self.root, base, "interactions", gone).createOrReplaceTempView("gone")
        read_table(self.spark, self.root, self.version, "interactions", come).createOrReplaceTempView("come")

        def write() -> Made:
            said = f"sum(CAST(xxhash64({_DERIVED_FROM}) AS DECIMAL(28, 0)))"
            parts = [_differ(f"customer_key, count(*) AS n, {said} AS print", "gone", "come", " GROUP BY customer_key")]
            if not self._same("customers"):
                parts.append(_differ("customer_key, CAST(anonymous AS INT) AS n, persona_id AS print",
                                     "old_customers", "customers"))
            [folder] = self._write("changed", "all", [self.spark.sql(" UNION ".join(parts))])
            self._view("changed", [folder], "customer_key INT")
            found = self.spark.sql(f"SELECT DISTINCT {bucket_sql('customer_key', self.buckets)} FROM changed").collect()
            chosen = "SELECT i.* FROM {} i LEFT SEMI JOIN changed c ON c.customer_key = i.customer_key"
            made: dict[str, Any] = {"changed": [folder], "buckets": sorted(row[0] for row in found)}
            for name, table in (("new_rows", "interactions"), ("old_rows", "old_interactions")):
                picked = self.spark.sql(chosen.format(f"(SELECT {_DERIVED_FROM} FROM {table})"))
                made[name] = self._write(name, "all", [picked])
                self._view(name, made[name], _needed())
            shared = ("SELECT 1 FROM {} i JOIN {} k ON k.customer_key = i.customer_key WHERE k.anonymous AND "
                      "i.order_id IS NOT NULL")
            made["shared"] = bool(self.spark.sql(
                f"({shared.format('new_rows', 'customers')} LIMIT 1) UNION ALL "
                f"({shared.format('old_rows', 'old_customers')} LIMIT 1)").take(1))
            return made

        made = self.steps.do("changed", write, [(each, "all") for each in ("changed", "new_rows", "old_rows")])
        self.touched, self.shared = made["buckets"], made["shared"]
        self._view("changed", made["changed"], "customer_key INT")
        for name in ("new_rows", "old_rows"):
            self._view(name, made[name], _needed())
        self.scratch = [folder for name in ("changed", "new_rows", "old_rows") for folder in made[name]]

    # --- derived tables ---

    def _by_customer(self, table: str, text: Any, anew: bool = False) -> None:
        """A table whose rows belong to one customer, in buckets."""
        whole = self.whole or self.base is None or anew
        folders: list[str] = []
        touched: Iterable[int] = range(self.buckets)
        rows = "interactions" if whole else "new_rows"
        if not whole and self.base is not None:
            touched = self.touched
            folders = [each for each in self.base.tables[table] if _bucket(each) not in set(touched)]
            kept = [each for each in self.base.tables[table] if _bucket(each) in set(touched)]
            read_table(self.spark, self.root, self.base, table, kept).createOrReplaceTempView(f"kept_{table}")
        for number, group in enumerate(self._bucket_groups(touched)):
            def write(group: Sequence[int] = group, number: int = number) -> Made:
                bucket = bucket_sql("customer_key", self.buckets)
                of_group = rows if len(group) == self.buckets else (
                    f"(SELECT * FROM {rows} WHERE {bucket} IN ({_listed(group)}))")
                found = f"SELECT {selected(table, f'{bucket} AS bucket')} FROM ({text(of_group)})"
                if not whole:
                    found += (f" UNION ALL SELECT {selected(table, 'k.bucket')} FROM kept_{table} k LEFT ANTI JOIN "
                              f"changed c ON c.customer_key = k.customer_key WHERE k.bucket IN ({_listed(group)})")
                return self._write_buckets(table, str(number), found)
            made = self.steps.do(f"{table}-{number}", write, [(table, str(number))])
            folders += made["folders"]
        self._have(table, folders)

    def _orders(self) -> None:
        """Orders by their customer's bucket; those that anonymous respondents may share stand by themselves."""
        mine = "NOT (k.anonymous AND i.order_id IS NOT NULL)"

        def of(rows: str, which: str) -> str:
            return f"(SELECT i.* FROM {rows} i JOIN customers k ON k.customer_key = i.customer_key WHERE {which})"

        self._by_customer("orders", lambda rows: tables.orders(of(rows, mine)))
        before = [each for each in self.base.tables["orders"] if _bucket(each) == -1] if self.base else []
        if not (self.whole or self.shared):
            self.folders["orders"] = sorted({*self.folders["orders"], *before})
        else:
            self.folders["orders"] = [each for each in self.folders["orders"] if _bucket(each) != -1]
            shared = tables.orders(of("interactions", f"NOT ({mine})"))
            found = f"SELECT {selected('orders', '-1 AS bucket')} FROM ({shared})"
            made = self.steps.do("orders-shared", lambda: self._write_buckets("orders", "shared", found),
                                 [("orders", "shared")])
            self.folders["orders"] += made["folders"]
        self._have("orders", self.folders["orders"])

    def _additive(self, table: Additive) -> None:
        def write() -> Made:
            if self.whole:
                found = tables.share(table, "interactions")
            else:
                found = tables.merged(table, [
                    f"SELECT {', '.join((*table.keys, *table.sums))} FROM old_{table.table}",
                    tables.share(table, "old_rows", before="old_"), tables.share(table, "new_rows")])
            frame = self.spark.sql(f"SELECT {selected(table.table)} FROM ({found})")
            return {"folders": self._write(table.table, "all", [frame])}

        if not self.whole and self.base is not None:
            read_table(self.spark, self.root, self.base, table.table).createOrReplaceTempView(f"old_{table.table}")
        made = self.steps.do(table.table, write, [(table.table, "all")])
        self._have(table.table, made["folders"])

    def _stages(self) -> list[int]:
        """The stages that `attempts` has columns for."""
        without = {row[0] for row in self.spark.sql("SELECT stage_id, key FROM stages").collect()
                   if row[1] in self.source.left_out}
        return derive.stages_without([row[0] for row in self.spark.sql(STAGES_USED).collect()], without)

    # --- publishing ---

    def _publish(self, stages: list[int]) -> Version:
        counts = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in TABLES)
        rows = dict(tuple(row) for row in self.spark.sql(counts).collect())
        version = Version(**{**vars(self.version), "tables": self.folders, "rows": rows, "attempt_stages": stages,
                             "built_at": dt.datetime.now(dt.UTC).replace(tzinfo=None).isoformat(timespec="seconds")})
        self.steps.do("publish", lambda: self._put(version))
        self._tidy()
        return version

    def _put(self, version: Version) -> Made:
        write_version(self.spark, self.root, version)
        return {}

    def _tidy(self) -> None:
        """Clear away what no version that may still be read refers to. What is not cleared (a kill) is so next time."""
        known = read_versions(self.spark, self.root)
        used = {folder for each in known[-_KEPT:] for folders in each.tables.values() for folder in folders}
        for old in known[:-_KEPT]:
            for folder in sorted({folder for folders in old.tables.values() for folder in folders} - used):
                clear(self.spark, self.root, folder)
            clear(self.spark, self.root, version_folder(old.version), lines=True)
        for folder in getattr(self, "scratch", ()):
            clear(self.spark, self.root, folder)
        self.steps.forget()

    # --- writing ---

    def _given(self, table: str, name: str, parts: Sequence[str]) -> list[str]:
        """Write parts of a table of the source into one new folder; → the folders of the parts."""
        folder, by = self.steps.folder(table, name), PARTITIONS.get(table, "").partition(" ")[0]
        place = self.steps.here(folder)
        if place is None or self.source.put is None:
            chosen = [part for part in parts if part]
            written = self._write(table, name, self.source.frames(self.spark, table, chosen), by=[by] * bool(by))
            return [f"{folder}/{by}={part}" if part else folder for part in parts] if written else []
        for part in parts:
            self.source.put(table, part, place / f"{by}={part}" if part else place)
        return [f"{folder}/{by}={part}" if part else folder for part in parts]

    def _write(self, table: str, part: str, frames: Iterable[Any], by: Sequence[str] = ()) -> list[str]:
        """Write frames into one new folder; → it (none for no frames)."""
        folder, mode = self.steps.folder(table, part), "overwrite"
        for frame in frames:
            frame.write.mode(mode).partitionBy(*by).parquet(f"{self.root}/{folder}")
            mode = "append"
        return [folder] if mode == "append" else []

    def _write_buckets(self, table: str, part: str, query: str) -> Made:
        frame = self.spark.sql(query).repartition("bucket").sortWithinPartitions(
            "bucket", "customer_key", *(["place"] if table == "steps" else []))
        folders = self._write(table, part, [frame], by=["bucket"])
        found = (self.spark.read.schema("customer_key INT, bucket INT").parquet(f"{self.root}/{folders[0]}")
                 .select("bucket").distinct().collect())
        return {"folders": [f"{folders[0]}/bucket={row[0]}" for row in found]}

    def _bucket_groups(self, buckets: Iterable[int]) -> Iterator[list[int]]:
        at_once, all_buckets = max(1, AT_ONCE // layout.PER_BUCKET), list(buckets)
        for first in range(0, len(all_buckets), at_once):
            yield all_buckets[first:first + at_once]

    def _have(self, table: str, folders: list[str]) -> None:
        """The table is what these folders hold; further steps ask for it by its name."""
        self.folders[table] = folders
        read_table(self.spark, self.root, self.version, table, folders).createOrReplaceTempView(table)

    def _take_over(self, table: str) -> None:
        assert self.base is not None
        self._have(table, list(self.base.tables[table]))

    def _view(self, name: str, folders: Sequence[str], columns: str) -> None:
        self.spark.read.schema(columns).parquet(*(f"{self.root}/{each}" for each in folders)
                                                ).createOrReplaceTempView(name)

    def _same(self, part: str) -> bool:
        """Whether a part of the source looks as it did when the version before was built."""
        return part in self.known and self.known[part] == self.prints.get(part)


def _usable(base: Version) -> bool:
    """Whether parts of a version can stand in one of this program."""
    return base.format == FORMAT and base.derived_version == derive.VERSION


def _differ(columns: str, old: str, new: str, more: str = "") -> str:
    """SELECT of the customers whose n or print differ between two tables, or who stand in one only."""
    return ("SELECT coalesce(o.customer_key, n.customer_key) AS customer_key "
            f"FROM (SELECT {columns} FROM {old}{more}) o FULL OUTER JOIN (SELECT {columns} FROM {new}{more}) n "
            "ON n.customer_key = o.customer_key "
            "WHERE NOT (o.n <=> n.n AND o.print <=> n.print)")


def _needed() -> str:
    """The columns of interactions that derived tables depend on, as Spark reads them."""
    kinds = columns("interactions")
    return ", ".join(f"{name} {kinds[name]}" for name in _DERIVED_FROM.split(", "))


def _part(folder: str, table: str) -> str:
    """The part of a table that a folder holds; "" = all of it."""
    return folder.rpartition("=")[2] if table in PARTITIONS else ""


def _bucket(folder: str) -> int:
    return int(folder.rpartition("=")[2])


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(str(int(each)) for each in numbers)
