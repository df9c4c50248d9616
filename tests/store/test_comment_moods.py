"""A comment says how it felt only where nothing else does; with new rules, comments already loaded are read again."""

import pandas as pd
import pytest

from cx import intake, open_store
from cx.store.comment_moods import judge_comments

GOOD, BAD, PLAIN = "Harika bir ürün", "Awful service", "I called on Tuesday"
ROWS = pd.DataFrame([
    {"customer_id": "a", "occurred_at": "2025-01-01", "comment": GOOD},
    {"customer_id": "a", "occurred_at": "2025-01-02", "comment": BAD},
    {"customer_id": "b", "occurred_at": "2025-01-01", "comment": PLAIN},
    {"customer_id": "b", "occurred_at": "2025-01-02", "comment": GOOD, "csat": 1, "csat_max": 5},
    {"customer_id": "c", "occurred_at": "2025-01-01", "comment": BAD, "nps": 10},
    {"customer_id": "c", "occurred_at": "2025-01-02", "comment": GOOD, "is_complaint": True},
    {"customer_id": "d", "occurred_at": "2025-01-01", "comment": GOOD, "is_complaint": False},
    {"customer_id": "d", "occurred_at": "2025-01-02", "comment": BAD, "emotion": 0},
])
FELT = [(1, "comment"), (-1, "comment"), (None, None), (-1, "csat"), (1, "nps"), (-1, "complaint"), (1, "comment"),
        (0, "given")]
ASKED = "SELECT emotion, emotion_source FROM interactions ORDER BY customer_key, occurred_at"


@pytest.fixture
def path(tmp_path):
    store = open_store(tmp_path / "cx.duckdb")
    intake.load_frame(store, ROWS, name="first")
    assert store.rows(ASKED) == FELT
    assert store.rows("SELECT last_emotion FROM journeys ORDER BY customer_key") == [(-1,), (-1,), (-1,), (0,)]
    store.close()
    return tmp_path / "cx.duckdb"


def test_scores_and_complaints_go_before_what_the_comment_says(path) -> None:
    assert path.exists()


def test_what_was_loaded_before_is_judged_when_the_workspace_is_opened(path) -> None:
    store = open_store(path)
    with store.write() as cursor:  # as a program without sentiment left it
        cursor.execute("UPDATE interactions SET emotion = NULL, emotion_source = NULL WHERE emotion_source = 'comment'")
        cursor.execute("UPDATE journeys SET last_emotion = NULL")
        cursor.execute("DELETE FROM settings WHERE key = 'sentiment_version'")
    store.close()
    store = open_store(path)
    assert store.rows(ASKED) == FELT
    assert store.rows("SELECT last_emotion FROM journeys ORDER BY customer_key") == [(-1,), (-1,), (-1,), (0,)]
    version = store.data_version
    store.close()
    assert open_store(path).data_version == version


def test_a_correction_and_its_undoing_keep_the_mood_of_the_words(path) -> None:
    store = open_store(path)
    corrected = ROWS.head(1).assign(comment=BAD)
    second = intake.load_frame(store, corrected, name="second")
    assert store.rows(ASKED)[0] == (-1, "comment")
    intake.undo(store, second.upload_id)
    assert store.rows(ASKED) == FELT


def test_each_text_is_judged_once_and_the_unknown_is_left_out() -> None:
    store = open_store(":memory:")
    with store.write() as cursor:
        judge_comments(cursor, f"SELECT * FROM (VALUES ('{GOOD}'), ('{GOOD}'), ('{PLAIN}'), (NULL)) v(said)")
        assert cursor.execute("SELECT comment, mood FROM comment_moods").fetchall() == [(GOOD, 1)]
