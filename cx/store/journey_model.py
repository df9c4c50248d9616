"""The journey model in force: its stages, and which stage each touchpoint and each stage name of a file belongs to.

A change is re-applied to everything already loaded. What a person decided (`source = 'user'`) outlives every guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from cx.errors import QueryError, UnknownValue
from cx.language import Text, text
from cx.model import (
    FEWEST_STAGES,
    MEDIA,
    MODELS,
    MOST_STAGES,
    OWNERSHIP,
    PHASES,
    PURCHASES,
    STAGES,
    clean_name,
    conversion_stage,
    name_key,
)
from cx.store import changes, comment_moods, derive
from cx.store.database import Store
from cx.store.guesses import guess_channel, guess_phase, guess_stage

if TYPE_CHECKING:
    import pandas as pd


def open_store(path: str | Path) -> Store:
    """Open or create a workspace; a new one gets the five-stage model, an old one what this program derives, and its
    comments the sentiment that this program reads in them. Raises StoreError with the reason."""
    store = Store(path)
    if not store.value("SELECT count(*) FROM stages"):
        use_model(store, "five")
    comment_moods.keep_up(store)
    derive.keep_up(store)
    return store


def stages(store: Store) -> list[tuple[str, str]]:
    """(key, label) of the stages in order. Labels of built-in stages are English: translate by key."""
    return store.rows("SELECT key, label FROM stages ORDER BY position")


def use_model(store: Store, name: str) -> None:
    """Switch to a model that ships ("five", "four")."""
    if name not in MODELS:
        raise UnknownValue(text("Journey model"), name, MODELS)
    set_stages(store, [(key, str(STAGES[key].label)) for key in MODELS[name]])


def set_stages(store: Store, named: Sequence[tuple[str | None, str]]) -> None:
    """Replace the stages by these (key, label) pairs, in order; a key of None is made from the label.

    Touchpoints and stage names keep a stage that survives; the others are guessed anew. A stage left out of the funnel
    stays so, unless fewer than two others remain. Raises QueryError for too few, too many, empty or repeated names.
    """
    pairs = [(name_key(key) if key else name_key(label), clean_name(label)) for key, label in named]
    if not FEWEST_STAGES <= len(pairs) <= MOST_STAGES:
        raise QueryError(text("A journey model has {fewest} to {most} stages, not {n}.", fewest=FEWEST_STAGES,
                              most=MOST_STAGES, n=len(pairs)))
    if not all(key and label for key, label in pairs):
        raise QueryError(text("Every stage needs a name."))
    keys = [key for key, _ in pairs]
    repeated = next((key for key in keys if keys.count(key) > 1), None)
    if repeated:
        raise QueryError(text("The stage “{name}” is there twice.", name=repeated))
    with store.write() as cursor:
        kept = dict(cursor.execute("SELECT key, stage_id FROM stages").fetchall())
        free = iter(sorted(set(range(1, 2 * MOST_STAGES + 1)) - set(kept.values())))
        ids = {key: kept[key] if key in kept else next(free) for key in keys}
        cursor.execute("DELETE FROM stages")
        cursor.executemany("INSERT INTO stages VALUES (?, ?, ?, ?)",
                           [(ids[key], key, label, position) for position, (key, label) in enumerate(pairs, start=1)])
        without = [key for key in derive.left_out(cursor) if key in keys]  # a later stage of that name is another one
        if without and len(keys) - len(without) < FEWEST_STAGES:
            without = []
        derive.note_left_out(cursor, without)
        labels = dict(pairs)
        for table in ("touchpoints", "stage_labels"):
            id_column = table[:-1] + "_id"
            rows = cursor.execute(f"SELECT {id_column}, label, stage_id, source FROM {table}").fetchall()
            for row_id, label, stage_id, source in rows:
                if source == "user" and stage_id in ids.values():
                    continue
                guess = guess_stage(label, labels)
                cursor.execute(f"UPDATE {table} SET stage_id = ?, source = ? WHERE {id_column} = ?",
                               [ids.get(guess) if guess else None, "guess" if guess else None, row_id])
        derive.rebuild(cursor)


def left_out(store: Store) -> list[str]:
    """Keys of the stages that the funnel does not ask for, because somebody left them out."""
    with store.reader() as cursor:
        return derive.left_out(cursor)


def may_be_left_out(store: Store, stage: str) -> bool:
    """Whether `leave_out` would not refuse."""
    with store.reader() as cursor:
        return _refusal(cursor, stage) is None


def leave_out(store: Store, stage: str, out: bool = True) -> None:
    """Leave a stage out of the funnel, or (out=False) have it count again. Its interactions stay: only the funnel, and
    what stands on it (conversion, attempts, the simulator), is then of the other stages.

    Raises UnknownValue; QueryError for the stage that conversion is counted at, for the only one before it, and where
    fewer than two stages would remain.
    """
    keys = [key for key, _ in stages(store)]
    _accept(text("Stage"), stage, keys)
    with store.write() as cursor:
        without = [key for key in derive.left_out(cursor) if key != stage and key in keys]
        if out:
            if refusal := _refusal(cursor, stage):
                raise QueryError(refusal)
            without.append(stage)
        derive.leave_out(cursor, without)


def _refusal(cursor: duckdb.DuckDBPyConnection, stage: str) -> Text | None:
    """Why the funnel cannot do without a stage."""
    keys = dict(cursor.execute("SELECT stage_id, key FROM stages ORDER BY position").fetchall())
    model, used = list(keys.values()), [keys[each] for each in derive.stages_in_use(cursor) if each in keys]
    counted_at = conversion_stage(used, model)
    if stage in (*PURCHASES, counted_at, conversion_stage(model, model)):
        return text("Conversion is counted at this stage: the funnel cannot do without it.")
    rest = [each for each in used if each != stage]
    if len(rest) < FEWEST_STAGES:
        return text("A funnel needs at least {n} stages: this one stays.", n=FEWEST_STAGES)
    if rest[0] == counted_at != used[0]:
        return text("Conversion is counted from this stage on: the funnel cannot do without it.")
    return None


def assign_stages(store: Store, chosen: Mapping[str, str | None], *, of: str = "touchpoints") -> None:
    """Put touchpoints (or, with of="stage_labels", stage names found in files) into stages: {key: stage key or None}.

    Re-applied to everything loaded. Raises UnknownValue for a touchpoint or stage that does not exist.
    """
    with store.write() as cursor:
        stage_ids = dict(cursor.execute("SELECT key, stage_id FROM stages").fetchall())
        known = [row[0] for row in cursor.execute(f"SELECT key FROM {_names(of)}").fetchall()]
        for key, stage in chosen.items():
            _accept(text("Touchpoint"), key, known)
            _accept(text("Stage"), stage, stage_ids)
            cursor.execute(f"UPDATE {_names(of)} SET stage_id = ?, source = 'user' WHERE key = ?",
                           [stage_ids.get(stage) if stage else None, key])
        derive.rebuild(cursor)


def touchpoints(store: Store) -> pd.DataFrame:
    """→ key, label, stage (key or None), source ("guess", "user", None), phase, owner, interactions; in stage order."""
    return _objects(store.frame("""
        SELECT t.key, t.label, s.key AS stage, t.source, t.phase, t.owner, count(i.interaction_id) AS interactions
        FROM touchpoints t LEFT JOIN stages s ON s.stage_id = t.stage_id
        LEFT JOIN interactions i ON i.touchpoint_id = t.touchpoint_id
        GROUP BY ALL ORDER BY any_value(s.position) NULLS LAST, count(i.interaction_id) DESC, t.key"""))


def usual_touchpoints(store: Store) -> list[str]:
    """Keys of the most frequent touchpoint of each stage, in the order of the journey."""
    placed = touchpoints(store).dropna(subset="stage")
    return placed.drop_duplicates("stage")["key"].tolist()


def channels(store: Store) -> pd.DataFrame:
    """→ key, label, medium, ownership (None = not known), interactions; the most used first."""
    return _objects(store.frame("""
        SELECT c.key, c.label, c.medium, c.ownership, count(i.interaction_id) AS interactions
        FROM channels c LEFT JOIN interactions i ON i.channel_id = c.channel_id
        GROUP BY ALL ORDER BY interactions DESC, c.key"""))


def stage_names(store: Store) -> pd.DataFrame:
    """Stage names found in files that are not names of the model → key, label, stage (key or None)."""
    return _objects(store.frame("""
        SELECT l.key, l.label, s.key AS stage FROM stage_labels l LEFT JOIN stages s ON s.stage_id = l.stage_id
        WHERE l.key NOT IN (SELECT key FROM stages) ORDER BY l.key"""))


def describe_touchpoints(store: Store, rows: Iterable[tuple[str, str | None, str | None, str | None]]) -> None:
    """Set stage, phase and owner team of touchpoints: (key, stage key, phase, owner), None = not known.

    A stage that changes counts as decided by a person. Re-applied to everything loaded. Raises UnknownValue.
    """
    with store.write() as cursor:
        stage_ids = dict(cursor.execute("SELECT key, stage_id FROM stages").fetchall())
        known = dict(cursor.execute("SELECT key, stage_id FROM touchpoints").fetchall())
        moved = False
        for key, stage, phase, owner in rows:
            _accept(text("Touchpoint"), key, known)
            _accept(text("Stage"), stage, stage_ids)
            _accept(text("Phase"), phase, PHASES)
            stage_id = stage_ids[stage] if stage else None
            moved = moved or stage_id != known[key]
            decided = "" if stage_id == known[key] else ", source = 'user'"
            cursor.execute(f"UPDATE touchpoints SET stage_id = ?, phase = ?, owner = ?{decided} WHERE key = ?",
                           [stage_id, phase, owner or None, key])
        if moved:
            derive.rebuild(cursor)
        else:
            changes.tell(cursor, changes.NOTHING)


def describe_channels(store: Store, rows: Iterable[tuple[str, str | None, str | None]]) -> None:
    """Set the medium and ownership of channels: (key, digital or physical, owned or earned or paid or partner).

    None = not known. Raises UnknownValue.
    """
    with store.write(derived=False) as cursor:
        known = [row[0] for row in cursor.execute("SELECT key FROM channels").fetchall()]
        for key, medium, ownership in rows:
            _accept(text("Channel"), key, known)
            _accept(text("Medium"), medium, MEDIA)
            _accept(text("Ownership"), ownership, OWNERSHIP)
            cursor.execute("UPDATE channels SET medium = ?, ownership = ?, source = 'user' WHERE key = ?",
                           [medium, ownership, key])


def _accept(what: Text, value: str | None, accepted: Iterable[str]) -> None:
    if value is not None and value not in accepted:
        raise UnknownValue(what, value, accepted)


def _objects(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with None where a text is missing."""
    texts = frame.select_dtypes(exclude="number").columns
    return frame.assign(**{name: frame[name].astype(object).where(frame[name].notna(), None) for name in texts})


def _names(table: str) -> str:
    if table not in ("touchpoints", "stage_labels"):
        raise UnknownValue(text("Table"), table, ("touchpoints", "stage_labels"))
    return table


# --- names met in an upload ---


def name_ids(cursor: duckdb.DuckDBPyConnection, table: str, labels: Iterable[str]) -> dict[str, int]:
    """Ids of names as written in a file, adding those not seen before (with a guess of their stage or kind).

    table  touchpoints, stage_labels, channels, personas or attributes
    → {label as given: id}; two spellings of one name (`name_key`) share an id, the first spelling is shown
    """
    id_column = table[:-1] + "_id"
    known: dict[str, int] = dict(cursor.execute(f"SELECT key, {id_column} FROM {table}").fetchall())
    next_id = max(known.values(), default=0) + 1
    result: dict[str, int] = {}
    for given in labels:
        key = name_key(given)
        if key not in known:
            known[key] = next_id
            _add_name(cursor, table, next_id, key, clean_name(given))
            next_id += 1
        result[given] = known[key]
    return result


def _add_name(cursor: duckdb.DuckDBPyConnection, table: str, new_id: int, key: str, label: str) -> None:
    if table in ("touchpoints", "stage_labels"):
        model = cursor.execute("SELECT key, label, stage_id FROM stages ORDER BY position").fetchall()
        guess = guess_stage(label, {stage_key: stage_label for stage_key, stage_label, _ in model})
        stage_id = next((each for stage_key, _, each in model if stage_key == guess), None)
        source = "guess" if guess else None
        if table == "touchpoints":
            cursor.execute("INSERT INTO touchpoints VALUES (?, ?, ?, ?, ?, ?, NULL)",
                           [new_id, key, label, stage_id, source, guess_phase(label)])
        else:
            cursor.execute("INSERT INTO stage_labels VALUES (?, ?, ?, ?, ?)", [new_id, key, label, stage_id, source])
    elif table == "channels":
        medium, ownership = guess_channel(label)
        cursor.execute("INSERT INTO channels VALUES (?, ?, ?, ?, ?, ?)",
                       [new_id, key, label, medium, ownership, "guess" if medium or ownership else None])
    elif table == "personas":
        cursor.execute("INSERT INTO personas VALUES (?, ?, ?, NULL, NULL, NULL, NULL)", [new_id, key, label])
    elif table == "attributes":
        cursor.execute("INSERT INTO attributes VALUES (?, ?, ?)", [new_id, key, label])
    else:
        raise UnknownValue(text("Table"), table, ("touchpoints", "stage_labels", "channels", "personas", "attributes"))
