"""DuckDB's SQL in Spark's words: each trap by what the text must say, and what is refused."""

import pytest

pytest.importorskip("sqlglot", reason="requirements-spark.txt is not installed")

from cx.engine.dialect import NotPortable, question, reads
from cx.language import language


@pytest.mark.parametrize(("duckdb", "spark"), [
    # nulls stand last in every order
    ("SELECT x FROM t ORDER BY x, y DESC", "SELECT x FROM t ORDER BY x NULLS LAST, y DESC"),
    ("SELECT lag(x) OVER (ORDER BY y) FROM t", "SELECT LAG(x) OVER (ORDER BY y NULLS LAST) FROM t"),
    # exact, not approximate
    ("SELECT quantile_cont(x, 0.9) FILTER (WHERE y) FROM t",
     "SELECT PERCENTILE(CAST(x AS DOUBLE), 0.9) FILTER(WHERE y) FROM t"),
    # division and averages of decimals are doubles
    ("SELECT a + b / c FROM t", "SELECT a + CAST(b AS DOUBLE) / CAST(c AS DOUBLE) FROM t"),
    ("SELECT avg(x) FROM t", "SELECT AVG(CAST(x AS DOUBLE)) FROM t"),
    # whole numbers by rounding
    ("SELECT CAST(x AS INTEGER) FROM t", "SELECT CAST(ROUND(x) AS INT) FROM t"),
    ("SELECT CAST(x AS HUGEINT) FROM t", "SELECT CAST(ROUND(x) AS DECIMAL(38, 0)) FROM t"),
    # what is picked is never null; pairs are compared with nulls as the largest
    ("SELECT arg_max(x, y) FROM t", "SELECT MAX_BY(x, y) FILTER(WHERE NOT (x) IS NULL) FROM t"),
    ("SELECT arg_min(x, (y, z)) FILTER (WHERE a OR b) FROM t",
     "SELECT MIN_BY(x, STRUCT((y) IS NULL, y, (z) IS NULL, z)) FILTER(WHERE (a OR b) AND NOT (x) IS NULL) FROM t"),
    ("SELECT any_value(x) FROM t", "SELECT ANY_VALUE(x) IGNORE NULLS FROM t"),
    ("SELECT min(x, 400) FILTER (WHERE y) FROM t", "SELECT MIN_BY(x, x, 400) FILTER(WHERE y) FROM t"),
    # time
    ("SELECT epoch_us(x) FROM t", "SELECT UNIX_MICROS(CAST(x AS TIMESTAMP_LTZ)) FROM t"),
    ("SELECT date_trunc('week', x) FROM t", "SELECT CAST(DATE_TRUNC('WEEK', x) AS TIMESTAMP_NTZ) FROM t"),
    ("SELECT TIMESTAMP '2025-01-01 10:00:00.000001'", "SELECT CAST('2025-01-01 10:00:00.000001' AS TIMESTAMP_NTZ)"),
    # a key that is not there; a backslash is a letter
    ("SELECT attributes[?] FROM t", "SELECT TRY_ELEMENT_AT(attributes, :p0) FROM t"),
    ("SELECT x = 'a\\b''c' FROM t", "SELECT x = 'a\\\\b\\'c' FROM t"),
    # bound values keep their places, also where an expression is written twice
    ("SELECT arg_max(coalesce(x, ?), y) FROM t WHERE z = ? LIMIT ?",
     "SELECT MAX_BY(COALESCE(x, :p0), y) FILTER(WHERE NOT (COALESCE(x, :p0)) IS NULL) FROM t WHERE z = :p1 LIMIT :p2"),
    ("SELECT '?' FROM t WHERE x = ?", "SELECT '?' FROM t WHERE x = :p0"),
    # a period chooses the months that are read, where it is one of interactions and known beforehand
    ("SELECT i.nps FROM interactions i JOIN t USING (x) WHERE i.occurred_at >= ? AND i.occurred_at < ? AND i.nps > 3",
     "SELECT i.nps FROM interactions AS i JOIN t USING (x) WHERE i.occurred_at >= :p0 AND i.occurred_at < :p1 AND "
     "i.nps > 3 AND i.month >= DATE_FORMAT(:p0, 'yyyy-MM') AND i.month <= DATE_FORMAT(:p1, 'yyyy-MM')"),
    ("SELECT nps FROM interactions WHERE occurred_at > ?",
     "SELECT nps FROM interactions WHERE occurred_at > :p0 AND month >= DATE_FORMAT(:p0, 'yyyy-MM')"),
    *((same, same) for same in (
        "SELECT w.x FROM waits AS w WHERE w.occurred_at >= '2025-01-01'",
        "SELECT i.x FROM interactions AS i WHERE i.occurred_at >= i.y",
        "SELECT i.x FROM interactions AS i WHERE i.occurred_at >= (SELECT MAX(y) FROM t)",
        "SELECT i.x FROM interactions AS i WHERE i.occurred_at >= '2025-01-01' OR i.x")),
])
def test_a_question_means_the_same_on_spark(duckdb, spark) -> None:
    assert question(duckdb).spark({}) == spark


@pytest.mark.parametrize("sql", [
    "SELECT * FROM a ASOF LEFT JOIN b ON a.x = b.x AND a.t <= b.t", "SELECT hash(x) FROM t", "SELECT x LIKE 'a%' FROM t",
    "SELECT strftime(x, '%Y') FROM t", "SELECT list(x ORDER BY y) FROM t", "SELECT x // 2 FROM t",
    "SELECT x FROM t USING SAMPLE 10", "SELECT list_transform(x, lambda y: y + 1) FROM t", "SELECT x FROM range(3) t(x)",
    "SELECT mode(x) FROM t", "SELECT x FROM t QUALIFY row_number() OVER () = 1", "DELETE FROM t", "SELECT 1; SELECT 2",
    "SELECT date_diff('day', x, y) FROM t", "SELECT extract(dow FROM x) FROM t", "SELECT CAST(x AS FLOAT) FROM t",
    "SELECT DISTINCT ON (x) x, y FROM t", "SELECT approx_quantile(x, 0.5) FROM t", "SELECT regexp_matches(x, 'a') FROM t"])
def test_what_is_not_known_to_mean_the_same_is_refused(sql) -> None:
    with pytest.raises(NotPortable, match="cannot be answered on Spark") as error:
        question(sql)
    assert "Spark" in language("tr")(error.value.text)


def test_tables_are_called_as_the_lake_calls_them_but_not_what_a_question_names_itself() -> None:
    asked = question("WITH seen AS (SELECT * FROM steps) SELECT steps.x FROM seen JOIN steps USING (x) JOIN Orders o "
                     "ON o.x = steps.x")
    assert asked.tables == {"steps", "orders"}
    assert asked.spark({"steps": "cx_v7_steps", "orders": "cx_v7_orders", "seen": "wrong"}) == (
        "WITH seen AS (SELECT * FROM cx_v7_steps AS steps) SELECT steps.x FROM seen JOIN cx_v7_steps AS steps USING (x) "
        "JOIN cx_v7_orders AS o ON o.x = steps.x")


def test_a_temporary_table_is_told_by_its_name() -> None:
    asked = question("CREATE OR REPLACE TEMP TABLE kept AS SELECT x FROM steps")
    assert (asked.made, asked.spark({})) == ("kept", "SELECT x FROM steps")


def test_of_a_text_that_cannot_be_read_every_word_may_be_a_table() -> None:
    assert "interactions" in reads("SELECT ((( FROM interactions")
