"""Where questions run: in the workspace's own DuckDB, or over a data lake on Apache Spark through Spark Connect.

A metric is declared once, in DuckDB's SQL. On Spark `dialect` writes the same question in Spark's, or refuses; `cursor`
stands in for DuckDB's cursor; `store.LakeStore` is the workspace whose large tables are in the lake. docs/scale.md.
"""
