"""`python -m cx build`: from what, onto which lake, and what is told meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cx.engine.layout import Version, read_version
from cx.engine.session import Session
from cx.errors import EngineError
from cx.lake.build import Source, build
from cx.lake.steps import Progress
from cx.lake.table import TableSource
from cx.lake.workspace import WorkspaceSource
from cx.language import text
from cx.store import Store, open_store


def build_lake(engine: str | None, lake: str | None, source: str | None, say: Callable[[str], None]) -> Version:
    """Build or bring up to date; → the version in force. Raises EngineError, StoreError.

    engine   Spark Connect server (sc://host:port)
    lake     root of the lake, as Spark sees it
    source   a workspace file or a table; None = as last time
    say      called with a line for each step
    """
    if not engine:
        raise EngineError(text("Say which Spark builds: --engine sc://host:15002, or set CX_ENGINE."))
    if not lake:
        raise EngineError(text("Say where the lake is: --lake s3a://bucket/cx, or set CX_LAKE."))
    root = lake.rstrip("/")
    session, opened = Session(engine), list[Store]()
    try:
        if source is None:
            source = _as_last_time(session, root)
        if source.endswith(".duckdb"):
            if not Path(source).is_file():
                raise EngineError(text("There is no workspace at {path}. Load a file first.", path=source))
            opened.append(open_store(source))
        rows: Source = WorkspaceSource(opened[0]) if opened else TableSource(source)
        return build(session, root, rows, lambda progress: say(_line(progress)))
    finally:
        for store in opened:
            store.close()
        session.close()


def _as_last_time(session: Session, root: str) -> str:
    with session.spark() as spark:
        known = read_version(spark, root)
    if known is None:
        raise EngineError(text("There is no lake at {root} yet. Say what to build it of, a workspace or a table "
                               "(python -m cx build --help).", root=root))
    return known.source


def _line(progress: Progress) -> str:
    again = " (done before)" if progress.again else ""
    return f"[{progress.number}/{progress.total}] {progress.step}{again}"
