"""What comments say of how an interaction felt, where no score, answer or complaint says it (see cx.sentiment)."""

from __future__ import annotations

import duckdb

from cx.sentiment import VERSION, judge_all
from cx.store.database import Store, set_setting
from cx.store.derive import rebuild

_AT_ONCE = 50_000  # comments in memory
_UNSAID = "comment IS NOT NULL AND (emotion_source IS NULL OR emotion_source = 'comment')"


def judge_comments(cursor: duckdb.DuckDBPyConnection, comments: str) -> None:
    """Temporary table `comment_moods` (comment, mood -1, 0, 1) of the comments that a query gives in its only column.

    Comments without a confident judgement are not in it.
    """
    import pyarrow as pa  # takes long to load, and most starts of the program judge nothing

    cursor.execute("CREATE OR REPLACE TEMP TABLE comment_moods (comment VARCHAR, mood TINYINT)")
    cursor.execute("CREATE OR REPLACE TEMP TABLE asked_comments AS SELECT comment, row_number() OVER () - 1 AS place "
                   f"FROM (SELECT DISTINCT comment FROM ({comments}) c(comment) WHERE comment IS NOT NULL)")
    [(count,)] = cursor.execute("SELECT count(*) FROM asked_comments").fetchall()
    for start in range(0, count, _AT_ONCE):
        texts = [text for (text,) in cursor.execute(
            "SELECT comment FROM asked_comments WHERE place >= ? AND place < ?", [start, start + _AT_ONCE]).fetchall()]
        cursor.register("judged_comments", pa.table({"comment": pa.array(texts, pa.string()),
                                                     "mood": pa.array(judge_all(texts), pa.int8())}))
        cursor.execute("INSERT INTO comment_moods SELECT * FROM judged_comments WHERE mood IS NOT NULL")
        cursor.unregister("judged_comments")
    cursor.execute("DROP TABLE asked_comments")


def keep_up(store: Store) -> None:
    """Judge all comments again where they were judged by other rules than this program's (or never)."""
    if store.setting("sentiment_version") == VERSION:
        return
    with store.write() as cursor:
        judge_comments(cursor, f"SELECT comment FROM interactions WHERE {_UNSAID} "
                               f"UNION ALL SELECT comment FROM shadowed WHERE {_UNSAID}")
        changed = 0
        for table in ("interactions", "shadowed"):
            [(count,)] = cursor.execute(f"""
                UPDATE {table} SET emotion = felt.mood,
                    emotion_source = CASE WHEN felt.mood IS NOT NULL THEN 'comment' END
                FROM (SELECT i.interaction_id, m.mood FROM {table} i LEFT JOIN comment_moods m USING (comment)
                      WHERE {_UNSAID} AND m.mood IS DISTINCT FROM i.emotion) felt
                WHERE felt.interaction_id = {table}.interaction_id""").fetchall()
            changed += count
        set_setting(cursor, "sentiment_version", VERSION)
        if changed:
            rebuild(cursor)
