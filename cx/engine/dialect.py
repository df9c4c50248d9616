"""DuckDB's SQL as Spark's: the same question with the same answer, or an error.

sqlglot reads and writes; where its Spark text would answer something else, the rules below say what is meant. What
neither is known to mean the same nor has a rule is refused (`NotPortable`): a new construct is looked at, then listed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from sqlglot import ErrorLevel, exp, parse
from sqlglot.errors import SqlglotError

from cx.errors import EngineError
from cx.language import text
from cx.store.shell import tokens


class NotPortable(EngineError):
    """A question uses something that the two engines do not understand alike."""

    def __init__(self, what: str, sql: str) -> None:
        super().__init__(text("This question cannot be answered on Spark yet: it uses {what}.", what=what))
        self.sql = sql


@dataclass(frozen=True, eq=False)
class Question:
    """A query as a tree. Bound values are named p0, p1 … in the order of DuckDB's question marks."""

    tree: exp.Expr
    text: str
    tables: frozenset[str]
    made: str | None

    def spark(self, names: dict[str, str]) -> str:
        """Spark's text, with tables called as `names` says."""
        return _written(self, tuple(sorted(names.items())))


@lru_cache(maxsize=2000)
def _written(asked: Question, names: tuple[tuple[str, str], ...]) -> str:
    called, tree = dict(names), asked.tree.copy()
    for table in tree.find_all(exp.Table):
        name = table.name.lower()
        if not table.db and name in called and name in asked.tables:
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
            table.set("this", exp.to_identifier(called[name]))
    try:
        return tree.sql("spark", unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        raise NotPortable(str(error).split("\n")[0], asked.text) from error


@lru_cache(maxsize=2000)
def question(sql: str) -> Question:
    """The query, with Spark's meaning the same as DuckDB's.

    tables  names of the tables it reads, in small letters
    made    the temporary table that it makes (CREATE OR REPLACE TEMP TABLE … AS), None = it answers
    Raises NotPortable.
    """
    places = iter(range(len(sql)))
    numbered = "".join(f"$p{next(places)}" if token == "?" else token for token in tokens(sql))
    try:
        trees = [tree for tree in parse(numbered, read="duckdb") if tree is not None]
    except SqlglotError as error:
        raise NotPortable(str(error).split("\n")[0], sql) from error
    if len(trees) != 1:
        raise NotPortable(f"{len(trees)} statements", sql)
    [tree] = trees
    made = None
    if isinstance(tree, exp.Create):
        if tree.args.get("kind") != "TABLE" or not isinstance(tree.expression, exp.Query):
            raise NotPortable("CREATE", sql)
        made, tree = tree.this.name.lower(), tree.expression
    if not isinstance(tree, exp.Query):
        raise NotPortable(type(tree).__name__.upper(), sql)
    for node in tree.walk():
        _look_at(node, sql)
    meant = _meant(tree)
    return Question(meant, sql, _tables(meant, sql), made)


def spark_text(sql: str) -> str | None:
    """A question with its values in it, in Spark's words; None where it is none for Spark."""
    try:
        return question(sql).spark({})
    except NotPortable:
        return None


def _tables(tree: exp.Expr, sql: str) -> frozenset[str]:
    common = {each.alias.lower() for each in tree.find_all(exp.CTE)}
    found = {table.name.lower() for table in tree.find_all(exp.Table) if not table.db}
    if any(not isinstance(table.this, exp.Identifier) for table in tree.find_all(exp.Table)):
        raise NotPortable("a table function", sql)
    return frozenset(found - common)


# --- what is understood ---

_ALIKE = (
    # the shape of a query
    exp.Select, exp.From, exp.Where, exp.Group, exp.GroupingSets, exp.Having, exp.Order, exp.Ordered, exp.Limit,
    exp.Offset, exp.Join, exp.Subquery, exp.Union, exp.With, exp.CTE, exp.Table, exp.TableAlias, exp.Alias, exp.Column,
    exp.Identifier, exp.Star, exp.Distinct, exp.Tuple, exp.Paren, exp.Window, exp.WindowSpec, exp.Filter, exp.Values,
    # values and conditions
    exp.Literal, exp.Null, exp.Boolean, exp.Placeholder, exp.DataType, exp.DataTypeParam, exp.Var, exp.And, exp.Or,
    exp.Not, exp.Is, exp.In, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.NullSafeEQ,
    exp.NullSafeNEQ, exp.Exists, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Least, exp.Greatest, exp.Add, exp.Sub,
    exp.Mul, exp.Neg, exp.Abs, exp.Interval, exp.Mod,
    # aggregates and windows
    exp.Count, exp.Sum, exp.LogicalOr, exp.LogicalAnd, exp.RowNumber, exp.Lag, exp.Lead, exp.Grouping,
    # text
    exp.Lower, exp.Contains, exp.Replace, exp.DPipe, exp.Trim, exp.Length, exp.StartsWith, exp.MapKeys,
    # numbers, and values in a bag
    exp.Ln, exp.Pow, exp.Sign, exp.Array, exp.Struct, exp.PropertyEQ, exp.Dot)
"""Nodes that mean the same on both engines as sqlglot writes them (NULLs last in an ORDER BY included)."""


def _look_at(node: exp.Expr, sql: str) -> None:
    if isinstance(node, exp.Join) and (node.method or node.args.get("match_condition")):
        raise NotPortable(f"{node.method} JOIN", sql)
    if isinstance(node, exp.Distinct) and node.args.get("on"):
        raise NotPortable("DISTINCT ON", sql)
    if type(node) in _ALIKE:
        return
    if isinstance(node, exp.Anonymous):
        if node.name.lower() not in _NAMED:
            raise NotPortable(f"{node.name}()", sql)
    elif type(node) not in _RULES:
        raise NotPortable(type(node).__name__, sql)


def _meant(tree: exp.Expr) -> exp.Expr:
    """The tree with its meaning on Spark: rules from the leaves up."""
    for node in reversed(list(tree.walk(bfs=True))):
        rule = _NAMED[node.name.lower()] if isinstance(node, exp.Anonymous) else _RULES.get(type(node))
        if rule is None:
            continue
        parent, key, index = node.parent, node.arg_key, node.index
        new = rule(node)
        if new is node:
            continue
        if parent is None or key is None:
            return new
        parent.set(key, new, index)
    for select in tree.find_all(exp.Select):
        _by_month(select)
    return tree


def _by_month(select: exp.Select) -> None:
    """Let a period choose the folders that are read: interactions are in folders by their month."""
    where = select.args.get("where")
    source = select.args.get("from_") or select.args.get("from")
    tables = [each.this for each in (source, *select.args.get("joins", ())) if each is not None]
    named = {table.alias_or_name: table for table in tables if isinstance(table, exp.Table)}
    if where is None:
        return
    for each in list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]:
        moment = each.args.get("this") if isinstance(each, (exp.GT, exp.GTE, exp.LT, exp.LTE)) else None
        if not isinstance(moment, exp.Column) or moment.name != "occurred_at" or each.find(exp.Column) is not moment:
            continue
        table = named.get(moment.table) if moment.table else tables[0] if len(tables) == 1 else None
        if not isinstance(table, exp.Table) or table.name != "interactions" or table.db:
            continue
        if any(column is not moment for column in each.find_all(exp.Column)) or each.find(exp.Query):
            continue  # against what the rows say: nothing is known before they are read
        month = exp.Column(this=exp.to_identifier("month"), table=moment.args.get("table"))
        bound = _call("date_format", each.expression.copy(), exp.Literal.string("yyyy-MM"))
        wider = exp.GTE if isinstance(each, (exp.GT, exp.GTE)) else exp.LTE
        where.set("this", exp.And(this=where.this, expression=wider(this=month, expression=bound)))


def _as(value: exp.Expr, kind: str) -> exp.Cast:
    return exp.Cast(this=value, to=exp.DataType.build(kind, dialect="spark"))


def _call(name: str, *given: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(given))


def _divided(node: exp.Expr) -> exp.Expr:
    """DuckDB divides as doubles; Spark divides decimals as decimals."""
    return exp.Div(this=_as(node.this, "double"), expression=_as(node.expression, "double"), typed=False, safe=False)


def _averaged(node: exp.Expr) -> exp.Expr:
    return exp.Avg(this=_as(node.this, "double"))


_WHOLE = ("TINYINT", "SMALLINT", "INT", "BIGINT")
_KINDS = (*_WHOLE, "DOUBLE", "BOOLEAN", "TEXT", "VARCHAR", "DATE", "TIMESTAMP", "TIMESTAMPNTZ", "DECIMAL", "ARRAY")


def _cast(node: exp.Expr) -> exp.Expr:
    """Numbers become whole by rounding in DuckDB, by cutting off in Spark; HUGEINT has no name there."""
    kind = node.args["to"].this.name
    if kind == "INT128":
        return _as(_call("round", node.this), "decimal(38, 0)")
    if kind not in _KINDS:
        raise NotPortable(f"CAST AS {kind}", "")
    inner = node.this.unnest()
    if kind in _WHOLE and not isinstance(inner, (exp.Count, exp.Placeholder, exp.Null, exp.Predicate, exp.Connector,
                                                 exp.Not)):
        node.set("this", _call("round", node.this))
    return node


def _picked(node: exp.Expr) -> exp.Expr:
    """arg_min, arg_max: DuckDB leaves out rows whose picked value is null; of pairs, a null is the largest."""
    if isinstance(node.expression, exp.Tuple):
        parts: list[exp.Expr] = []
        for part in node.expression.expressions:
            parts += [exp.Is(this=exp.Paren(this=part.copy()), expression=exp.Null()), part]
        node.set("expression", _call("struct", *parts))
    known = exp.Not(this=exp.Is(this=exp.Paren(this=node.this.copy()), expression=exp.Null()))
    if isinstance(node.parent, exp.Filter):
        where = node.parent.expression
        where.set("this", exp.And(this=exp.Paren(this=where.this), expression=known))
        return node
    return exp.Filter(this=node, expression=exp.Where(this=known))


def _quantile(node: exp.Expr) -> exp.Expr:
    """Exact, between two neighbours; sqlglot would make it approximate in places."""
    return _call("percentile", _as(node.this, "double"), node.expression)


def _extreme(node: exp.Expr) -> exp.Expr:
    """min(x, n), the n smallest as a list."""
    many = node.args.get("count")
    if many is None:
        return node
    return _call("min_by" if isinstance(node, exp.Min) else "max_by", node.this, node.this.copy(), many)


def _truncated(node: exp.Expr) -> exp.Expr:
    return _as(node, "timestamp_ntz")


def _element(node: exp.Expr) -> exp.Expr:
    """A key that a map does not have gives null."""
    [key] = node.expressions
    return _call("try_element_at", node.this, key)


def _microseconds(node: exp.Expr) -> exp.Expr:
    [moment] = node.expressions
    return _call("unix_micros", _as(moment, "timestamp_ltz"))


def _same(node: exp.Expr) -> exp.Expr:
    return node


_Rule = Callable[[exp.Expr], exp.Expr]
_RULES: dict[type[exp.Expr], _Rule] = {
    exp.Div: _divided, exp.Avg: _averaged, exp.Cast: _cast, exp.ArgMax: _picked, exp.ArgMin: _picked,
    exp.PercentileCont: _quantile, exp.AnyValue: _same, exp.IgnoreNulls: _same, exp.TimestampTrunc: _truncated,
    exp.Bracket: _element, exp.Min: _extreme, exp.Max: _extreme, exp.Explode: _same, exp.GroupConcat: _same}
_NAMED: dict[str, _Rule] = {"epoch_us": _microseconds, "map_entries": _same}


@lru_cache(maxsize=2000)
def reads(sql: str) -> frozenset[str]:
    """Names of the tables that a statement reads, in small letters; of one that cannot be read, all its words."""
    try:
        return _tables_of(sql)
    except SqlglotError:
        return frozenset(token.lower().strip('"') for token in tokens(sql))


def _tables_of(sql: str) -> frozenset[str]:
    found: set[str] = set()
    for tree in parse(sql, read="duckdb"):
        if tree is not None:
            common = {each.alias.lower() for each in tree.find_all(exp.CTE)}
            found |= {table.name.lower() for table in tree.find_all(exp.Table) if not table.db} - common
    return frozenset(found)
