"""A company's own table of interactions as the source of a lake: names become ids, customers get keys.

The table has a row an interaction, in columns named as the fields of cx.model.FIELDS (docs/scale.md lists them with the
types accepted). Further columns become attributes of the interaction. Ids and keys, once given, stay.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, cast

from cx.engine.layout import Version, read_table
from cx.errors import EngineError
from cx.lake.schema import NAMES, columns, ddl, selected
from cx.lake.workspace import names_frame, names_prints
from cx.language import Text, text
from cx.model import FIELDS, Field
from cx.scales import scale_for
from cx.store import Store, derive_sql, open_store
from cx.store.journey_model import name_ids

MOST_NAMES = 1_000_000
"""Different combinations of month, touchpoint, channel, stage and persona that a table may have."""

_WHOLE = ("tinyint", "smallint", "int", "bigint")
_NUMBER = (*_WHOLE, "decimal", "float", "double")
_ACCEPTED = {"id": ("string", *_WHOLE), "name": ("string",), "text": ("string",), "integer": _NUMBER,
             "decimal": _NUMBER, "seconds": _NUMBER, "emotion": _WHOLE, "flag": ("boolean",),
             "time": ("timestamp", "timestamp_ntz", "date")}
_NEEDED = ("customer_id", "occurred_at")
_SAYS = ("stage", "touchpoint", "channel", "nps", "csat", "ces", "emotion")
_NAMED = {"touchpoint": "touchpoints", "channel": "channels", "stage": "stage_labels", "persona": "personas"}
_TARGETS = {"nps": "TINYINT", "csat": "DECIMAL(9, 3)", "csat_max": "SMALLINT", "ces": "DECIMAL(9, 3)",
            "ces_max": "SMALLINT", "wait_seconds": "INT", "delay_days": "INT", "revenue": "DECIMAL(18, 4)",
            "quantity": "DECIMAL(18, 3)", "emotion": "TINYINT", "expectation_met": "BOOLEAN",
            "is_complaint": "BOOLEAN"}
_FIELDS: Mapping[str, Field] = {each.name: each for each in FIELDS if each.name != "record_id"}
_PLAIN = re.compile(r"(\w+\.)?`[^`]+`|[\w.]+")
_PER_FILE = 2_000_000  # interactions of a month, about
_PIECES = 1024  # that customers are numbered in, side by side


class TableSource:
    """A folder of Parquet, or a table by its name: what stands after FROM in Spark's SQL.

    zone   time zone that times with a zone are told in (times without one are taken as they stand)
    """

    at_once = 200_000_000
    derived: Sequence[int] | None = None
    left_out: Sequence[str] = ()
    put = None

    def __init__(self, name: str, zone: str = "UTC") -> None:
        self.name, self.zone = name, zone
        self._names: Store = open_store(":memory:")
        self._root, self._base = "", cast(Version | None, None)
        self._months: Mapping[str, int] = {}  # rows of each

    def prints(self, spark: Any, base: Version | None, root: str) -> Mapping[str, str]:
        """See `cx.lake.build.Source`. Raises EngineError for columns that lack or are of another type."""
        self._root, self._base = root, base
        if _PLAIN.fullmatch(self.name):
            table = spark.sql(f"SELECT * FROM {self.name}")
        else:  # files that came later may have further columns
            table = spark.read.option("mergeSchema", "true").parquet(self.name)
        table.createOrReplaceTempView("source_table")
        found = {each.name: each.dataType.simpleString() for each in table.schema}
        _check(self.name, found)
        self._attributes = [name for name in found if name not in _FIELDS]
        self._as_given(spark, found)
        said = spark.sql(f"""
            SELECT month, count(*), sum(CAST(print AS DECIMAL(28, 0))), max(CASE WHEN csat_max IS NULL THEN csat END),
                max(CASE WHEN ces_max IS NULL THEN ces END), {', '.join(_NAMED)}
            FROM given GROUP BY month, {', '.join(_NAMED)} LIMIT {MOST_NAMES + 1}""").collect()
        if len(said) > MOST_NAMES:
            raise EngineError(text("{table} has more than {most} different combinations of {columns} in its months. "
                                   "Are they all names?", table=self.name, most=MOST_NAMES, columns=", ".join(_NAMED)))
        self._take_names(spark, {field: {row[5 + place] for row in said} - {None}
                                 for place, field in enumerate(_NAMED)})
        for place, (scale, usual) in enumerate((("csat", 5), ("ces", 7)), start=3):
            highest = max((float(row[place]) for row in said if row[place] is not None), default=0)
            top = scale_for(highest) if highest > usual else usual
            spark.sql(f"SELECT CAST({top} AS SMALLINT) AS top").createOrReplaceTempView(f"scale_{scale}")
        months = dict.fromkeys(sorted({row[0] for row in said}), (0, 0))
        for month, rows, sum_, *_ in said:
            months[month] = (months[month][0] + rows, months[month][1] + int(sum_))
        prints = {f"interactions/{month}": f"{rows}:{sum_}" for month, (rows, sum_) in months.items()
                  } | names_prints(self._names)
        self._months = {month: rows for month, (rows, _) in months.items()}
        whole = hashlib.sha256(repr(sorted(prints.items())).encode()).hexdigest()[:16]
        rows = sum(rows for rows, _ in months.values())
        return {**prints, "customers": f"{rows}:{whole}", "customer_personas": f"{rows}:{whole}",
                "customer_attributes": "0:"}

    def frames(self, spark: Any, table: str, parts: Sequence[str] = ()) -> Iterator[Any]:
        if table in NAMES:
            yield names_frame(spark, self._names, table)
        elif table == "customers":
            yield from self._customers(spark)
        elif table == "customer_personas":
            yield spark.sql(f"SELECT {selected(table)} FROM (SELECT customer_key, persona_id, 0 AS upload_id "
                            "FROM customers WHERE persona_id IS NOT NULL)")
        elif table == "interactions":
            listed = ", ".join(f"'{month}'" for month in parts)
            yield spark.sql(_interactions(f"month IN ({listed})", self._groups(spark)))
        else:
            yield spark.createDataFrame([], ddl(table))

    def _groups(self, spark: Any) -> int:
        """How many groups of customers a file of a month holds, so that it has about _PER_FILE interactions."""
        [(last,)] = spark.sql("SELECT coalesce(max(customer_key), 0) FROM customers").collect()
        files = -(-max(self._months.values(), default=0) // _PER_FILE)
        return int(max(1, (last >> 16) // max(1, files)))

    # --- what the table says ---

    def _as_given(self, spark: Any, found: Mapping[str, str]) -> None:
        """View `given`: the fields in the product's types (null where out of bounds), `customer` (its id, or a mark of
        its own for unknown ones), `month`, `print` and `attributes`."""
        def value(name: str) -> str:
            if name not in found:
                return f"CAST(NULL AS {_TARGETS.get(name, 'STRING')}) AS {name}"
            field, quoted = _FIELDS[name], f"`{name}`"
            if field.kind == "time":
                if found[name] == "timestamp":
                    quoted = f"from_utc_timestamp({quoted}, '{self.zone}')"
                return f"CAST({quoted} AS TIMESTAMP_NTZ) AS {name}"
            if field.kind in ("id", "name", "text"):
                return f"nullif(trim(CAST({quoted} AS STRING)), '') AS {name}"
            if name not in _TARGETS or field.kind == "flag":
                return f"{quoted} AS {name}"
            low, high = (-1, 1) if name == "emotion" else field.bounds
            bounds = [f"{quoted} >= {low}"] * (low is not None) + [f"{quoted} <= {high}"] * (high is not None)
            return (f"CASE WHEN {' AND '.join(bounds) or 'TRUE'} THEN try_cast({quoted} AS {_TARGETS[name]}) END "
                    f"AS {name}")

        pairs = ", ".join(f"'{key}', CAST(`{name}` AS STRING)" for name, key in self._attribute_keys().items())
        attributes = "CAST(map() AS MAP<STRING, STRING>)" if not pairs else (
            f"map_filter(map({pairs}), (k, v) -> v IS NOT NULL)")
        fields = ", ".join(value(name) for name in _FIELDS)
        printed = ", ".join([*_FIELDS, *(f"attributes['{key}']" for key in self._attribute_keys().values())])
        spark.sql(f"""
            SELECT *, coalesce(customer_id, concat('?', hex(print))) AS customer,
                coalesce(date_format(occurred_at, 'yyyy-MM'), 'undated') AS month
            FROM (SELECT *, xxhash64({printed}) AS print
                  FROM (SELECT {fields}, {attributes} AS attributes FROM source_table))
            """).createOrReplaceTempView("given")

    def _attribute_keys(self) -> Mapping[str, str]:
        return {name: re.sub(r"[^0-9a-z_]+", "_", name.lower()) for name in self._attributes}

    def _take_names(self, spark: Any, found: Mapping[str, Collection[str]]) -> None:
        """The names in the table get ids (those known already keep theirs), and views `map_<field>` (name, id)."""
        with self._names.write() as cursor:
            if self._base is not None:
                for table in NAMES:
                    cursor.execute(f"DELETE FROM {table}")
                    cursor.register("known", read_table(spark, self._root, self._base, table
                                                        ).select(*columns(table)).toArrow())
                    cursor.execute(f"INSERT INTO {table} ({', '.join(columns(table))}) SELECT * FROM known")
            name_ids(cursor, "attributes", self._attribute_keys().values())
            for field, table in _NAMED.items():
                ids = name_ids(cursor, table, sorted(found[field]))
                spark.createDataFrame(list(ids.items()), "name STRING, id INT").createOrReplaceTempView(f"map_{field}")

    def _customers(self, spark: Any) -> Iterator[Any]:
        """Every customer of the table: with the key that it had, or with the next ones."""
        if self._base is not None:
            read_table(spark, self._root, self._base, "customers").createOrReplaceTempView("known_customers")
        else:
            spark.createDataFrame([], ddl("customers")).createOrReplaceTempView("known_customers")
        [(last,)] = spark.sql("SELECT coalesce(max(customer_key), 0) FROM known_customers").collect()
        told = spark.sql(f"""
            SELECT e.*, k.customer_key AS known_key, pmod(xxhash64(customer), {_PIECES}) AS piece
            FROM (SELECT customer, bool_or(customer_id IS NULL) AS anonymous,
                      max_by(p.id, occurred_at) FILTER (WHERE p.id IS NOT NULL) AS persona_id
                  FROM given g LEFT JOIN map_persona p ON p.name = g.persona GROUP BY customer) e
            LEFT JOIN known_customers k ON k.customer_id = e.customer""").persist()  # asked twice
        told.createOrReplaceTempView("told")
        yield spark.sql(f"""
            WITH sizes AS (SELECT piece, sum(n) OVER (ORDER BY piece) - n AS before
                           FROM (SELECT piece, count(*) AS n FROM told WHERE known_key IS NULL GROUP BY 1)),
            fresh AS (SELECT t.*, s.before + row_number() OVER (PARTITION BY t.piece ORDER BY customer) AS number
                      FROM told t JOIN sizes s ON s.piece = t.piece WHERE known_key IS NULL)
            SELECT {selected("customers")} FROM (
                SELECT known_key AS customer_key, customer AS customer_id, anonymous, persona_id FROM told
                WHERE known_key IS NOT NULL
                UNION ALL SELECT {last} + number, customer, anonymous, persona_id FROM fresh)""")
        told.unpersist()


def _interactions(where: str, groups: int) -> str:
    """SELECT of the interactions of some months, each month in parts of so many groups of customers, in order.

    An id is made of the month, the group of 65,536 customers, and the row's place in there: the same rows get the same
    ids. One exchange and one sort serve the places, the folders of months and the order in the files."""
    group = "CAST(shiftright(customer_key, 16) AS INT)"
    return f"""
        SELECT {selected("interactions", "month")} FROM (
            SELECT *, {derive_sql.EMOTION_SQL} AS emotion, {derive_sql.EMOTION_SOURCE_SQL} AS emotion_source,
                shiftleft(CASE WHEN occurred_at IS NULL THEN 4095L ELSE CAST(
                    (year(occurred_at) - 1970) * 12 + month(occurred_at) AS BIGINT) END, 48)
                + shiftleft(CAST({group} AS BIGINT), 33) + row_number() OVER (
                    PARTITION BY month, part, {group} ORDER BY customer_key, occurred_at, row_key) AS interaction_id
            FROM (SELECT /*+ REPARTITION(month, part) */ * FROM (
                SELECT c.customer_key, g.occurred_at, coalesce(l.stage_id, t.stage_id) AS stage_id,
                    h.id AS channel_id, mt.id AS touchpoint_id, g.nps, g.csat,
                    CASE WHEN g.csat IS NOT NULL THEN coalesce(g.csat_max, sc.top) END AS csat_max, g.ces,
                    CASE WHEN g.ces IS NOT NULL THEN coalesce(g.ces_max, se.top) END AS ces_max, g.expectation_met,
                    g.emotion AS emotion_given, g.comment, g.wait_seconds, g.delay_days, g.is_complaint, g.revenue,
                    g.quantity, g.order_id, g.campaign, ml.id AS stage_label_id, g.attributes, g.print AS content_key,
                    g.print AS row_key, 0 AS upload_id, CAST(NULL AS STRING) AS sheet, CAST(NULL AS INT) AS row_number,
                    g.month, CAST(shiftright(c.customer_key, 16) / {groups} AS INT) AS part
                FROM given g JOIN customers c ON c.customer_id = g.customer
                LEFT JOIN map_touchpoint mt ON mt.name = g.touchpoint
                LEFT JOIN touchpoints t ON t.touchpoint_id = mt.id
                LEFT JOIN map_stage ml ON ml.name = g.stage
                LEFT JOIN stage_labels l ON l.stage_label_id = ml.id
                LEFT JOIN map_channel h ON h.name = g.channel
                CROSS JOIN scale_csat sc CROSS JOIN scale_ces se WHERE g.{where})))"""


def _check(name: str, found: Mapping[str, str]) -> None:
    """Raises EngineError that names every column that lacks or is of a type that cannot be read."""
    wrong: list[Text] = [text("“{column}” is missing (accepted: {accepted})", column=each,
                              accepted=", ".join(_ACCEPTED[_FIELDS[each].kind]))
                         for each in _NEEDED if each not in found]
    if not any(each in found for each in _SAYS):
        wrong.append(text("no column says what happened (accepted: {accepted})", accepted=", ".join(_SAYS)))
    for column, kind in found.items():
        accepted = _ACCEPTED[_FIELDS[column].kind] if column in _FIELDS else ()
        if accepted and kind.partition("(")[0] not in accepted:
            wrong.append(text("“{column}” is {found} (accepted: {accepted})", column=column, found=kind,
                              accepted=", ".join(accepted)))
    if wrong:
        raise EngineError(text("{table} cannot be read as interactions: {problems}.", table=name,
                               problems="; ".join(str(each) for each in wrong)))
