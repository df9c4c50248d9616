"""The journey model in force: its stages, and which stage each touchpoint and each stage name of a file belongs to.

A change is re-applied to everything already loaded. What a person decided (`source = 'user'`) outlives every guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from cx.errors import QueryError, UnknownValue
from cx.language import text
from cx.model import FEWEST_STAGES, MEDIA, MODELS, MOST_STAGES, OWNERSHIP, PHASES, STAGES, clean_name, name_key
from cx.store import derive
from cx.store.database import Store
from cx.store.guesses import guess_channel, guess_phase, guess_stage


def open_store(path: str | Path) -> Store:
    """Open or create a workspace; a new one gets the five-stage model. Raises StoreError with the reason."""
    store = Store(path)
    if not store.value("SELECT count(*) FROM stages"):
        use_model(store, "five")
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

    Touchpoints and stage names keep a stage that survives; the others are guessed anew. Raises QueryError for too few,
    too many, empty or repeated names.
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


def assign_stages(store: Store, chosen: Mapping[str, str | None], *, of: str = "touchpoints") -> None:
    """Put touchpoints (or, with of="stage_labels", stage names found in files) into stages: {key: stage key or None}.

    Re-applied to everything loaded. Raises UnknownValue for a touchpoint or stage that does not exist.
    """
    with store.write() as cursor:
        stage_ids = dict(cursor.execute("SELECT key, stage_id FROM stages").fetchall())
        known = {row[0] for row in cursor.execute(f"SELECT key FROM {_names(of)}").fetchall()}
        for key, stage in chosen.items():
            if key not in known:
                raise UnknownValue(text("Touchpoint"), key, sorted(known))
            if stage is not None and stage not in stage_ids:
                raise UnknownValue(text("Stage"), stage, stage_ids)
            cursor.execute(f"UPDATE {_names(of)} SET stage_id = ?, source = 'user' WHERE key = ?",
                           [stage_ids.get(stage) if stage else None, key])
        derive.rebuild(cursor)


def describe_touchpoint(store: Store, key: str, *, phase: str | None = None, owner: str | None = None) -> None:
    """Set the phase (before, during, after) and the owner team of a touchpoint."""
    if phase is not None and phase not in PHASES:
        raise UnknownValue(text("Phase"), phase, PHASES)
    _describe(store, "touchpoints", text("Touchpoint"), key, {"phase": phase, "owner": owner or None})


def describe_channel(store: Store, key: str, *, medium: str | None = None, ownership: str | None = None) -> None:
    """Set whether a channel is digital or physical, and owned, earned, paid or partner (None = not known)."""
    if medium is not None and medium not in MEDIA:
        raise UnknownValue(text("Medium"), medium, MEDIA)
    if ownership is not None and ownership not in OWNERSHIP:
        raise UnknownValue(text("Ownership"), ownership, OWNERSHIP)
    _describe(store, "channels", text("Channel"), key, {"medium": medium, "ownership": ownership, "source": "user"})


def _describe(store: Store, table: str, what: object, key: str, values: Mapping[str, str | None]) -> None:
    with store.write() as cursor:
        known = [row[0] for row in cursor.execute(f"SELECT key FROM {table}").fetchall()]
        if key not in known:
            raise UnknownValue(what, key, known)  # type: ignore[arg-type]
        assignments = ", ".join(f"{column} = ?" for column in values)
        cursor.execute(f"UPDATE {table} SET {assignments} WHERE key = ?", [*values.values(), key])


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
