"""The Spark that answers: one Spark Connect session, opened when first needed and again after it was lost.

The light client only (`pyspark-client`): no JVM here. Everything that can go wrong with a server far away becomes an
EngineError that says what, and what would help.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import decimal
import logging
import os
import re
import sys
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from cx.errors import EngineError
from cx.language import Text, text

_SETTINGS = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true",
             "spark.sql.timestampType": "TIMESTAMP_NTZ", "spark.sql.decimalOperations.allowPrecisionLoss": "false"}
_PATIENCE = 3  # tries to reach the server
_IDLE = 5.0  # seconds after which a session is asked whether the server still knows it
MOST_ROWS = 20_000_000
"""Rows that one answer may bring to this machine; $CX_MOST_ROWS says otherwise."""
MOST_BYTES = 2_000_000_000
"""The same in bytes, also of what passes over rows found (a funnel of free steps brings a row a customer who was at its
first step)."""


class Unreachable(EngineError):
    """The server does not answer, or went away in the middle of a question."""


class Cancelled(EngineError):
    """Somebody did not want to wait for the answer any longer."""


@dataclass
class Work:
    """A question under way, as another thread sees it.

    done, tasks  how many of the tasks known so far are done; 0 of 0 = it has not begun
    stop()       end it on the server too
    """

    tag: str = field(default_factory=lambda: f"cx-{uuid.uuid4().hex}")
    done: int = 0
    tasks: int = 0
    running: int = 0
    stopped: bool = False
    _stop: Callable[[str], None] | None = None

    def stop(self) -> None:
        self.stopped = True
        if self._stop is not None:
            self._stop(self.tag)


_work: ContextVar[Work | None] = ContextVar("work", default=None)


@contextmanager
def followed(work: Work) -> Iterator[None]:
    """What this thread asks inside is `work`: its progress shows there, and it can be stopped there."""
    before = _work.set(work)
    try:
        yield
    finally:
        _work.reset(before)


class Session:
    """Questions to the server at `url` (sc://host:15002). Many threads may ask at once."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._lock = threading.RLock()
        self._spark: Any = None
        self._age = 0
        self._heard = 0.0

    @property
    def age(self) -> int:
        """Rises with each new session: what was made in the one before (views) is gone."""
        return self._age

    @contextmanager
    def spark(self) -> Iterator[Any]:
        """The open SparkSession; what its use raises becomes an EngineError."""
        work = _work.get()
        spark = self._open()
        if work is not None:
            if work.stopped:
                raise Cancelled(text("Stopped."))
            work._stop = self._interrupt
            spark.addTag(work.tag)
        type(spark)._active_session.session = spark  # checkpoints ask for this thread's, not for the frame's
        try:
            with self._told():
                yield spark
            self._heard = time.monotonic()
        finally:
            if work is not None:
                spark.removeTag(work.tag)

    def answer(self, sql: str, params: Mapping[str, object] = {}) -> pa.Table:
        """The rows that a query gives, in Spark's types; times without a zone. Raises EngineError, also for more rows
        than $CX_MOST_ROWS."""
        with self.spark() as spark:
            return fetched(spark, spark.sql(sql, args={name: bound(value) for name, value in params.items()}))

    def close(self) -> None:
        with self._lock:
            spark, self._spark = self._spark, None
        if spark is not None:
            with contextlib.suppress(Exception):
                spark.stop()

    def _interrupt(self, tag: str) -> None:
        spark = self._spark
        if spark is not None:
            with contextlib.suppress(Exception):  # it ended by itself, or the server is gone
                spark.interruptTag(tag)

    def _open(self) -> Any:
        with self._lock:
            if self._spark is not None and self._restarted():
                self._spark = None
            if self._spark is None:
                _check_client()
                with self._told():
                    self._spark = _connect(self.url)
                self._age += 1
                self._heard = time.monotonic()
            return self._spark

    def _restarted(self) -> bool:
        """Whether the server has begun anew since it last answered: it knows nothing of this session then, and what is
        asked would fail though it is there."""
        if self._spark.is_stopped:
            return True
        if time.monotonic() - self._heard > _IDLE:
            try:
                self._spark.conf.get("spark.sql.session.timeZone")  # a short trip
            except _client_errors():
                return True
        return False

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except _client_errors() as error:
            told, lost = explained(error, self.url)
            with self._lock:
                if lost or (self._spark is not None and self._spark.is_stopped):
                    self._spark = None
            raise told from error


def _check_client() -> None:
    # frames are made by DuckDB, not by the client; that it gave up is told by an error
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
    warnings.filterwarnings("ignore", message=r"\[RETRIES_EXCEEDED\]")
    try:
        with _not_a_doctest():
            import pyspark.sql.connect.session  # noqa: F401
    except ImportError as error:
        raise EngineError(text("Spark needs further packages: pip install -r requirements-spark.txt")) from error


@contextmanager
def _not_a_doctest() -> Iterator[None]:
    """The client takes a main program that is no file (`python -c`) for its own doctests, and ends the process."""
    main = sys.modules["__main__"]
    nameless = not hasattr(main, "__file__")
    if nameless:
        main.__file__ = ""
    try:
        yield
    finally:
        if nameless:
            del main.__file__


def _connect(url: str) -> Any:
    import pyspark
    from pyspark.sql.connect.client import DefaultChannelBuilder
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession

    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)  # errors are told, not printed with stacks
    # a pool of its own: a shared one remembers for a minute that the server was gone
    channel = DefaultChannelBuilder(url, channelOptions=[("grpc.use_local_subchannel_pool", 1)])
    spark = SparkSession.builder.channelBuilder(channel).create()
    spark.client.set_retry_policies([DefaultPolicy(max_retries=_PATIENCE, max_backoff=2000)])
    spark.registerProgressHandler(_note)  # type: ignore[arg-type]  # a protocol that no function meets
    ours, theirs = ([int(part) for part in re.findall(r"\d+", version)[:2]]
                    for version in (pyspark.__version__, spark.version))
    if ours[0] != theirs[0] or ours > theirs:  # a server understands older clients of its kind
        spark.stop()
        raise EngineError(text("The server {url} runs Spark {theirs}; this program speaks with {ours}. Install "
                               "pyspark-client {theirs}.*, or choose another server.", url=url,
                               theirs=".".join(map(str, theirs)), ours=".".join(map(str, ours))))
    for key, value in _SETTINGS.items():
        spark.conf.set(key, value)
    return spark


def _note(stages: Any, inflight_tasks: int, operation_id: str, done: bool) -> None:  # noqa: ARG001 - as Spark calls it
    """Called in the thread that waits for the answer."""
    work = _work.get()
    if work is not None and stages:
        work.done = sum(stage.num_completed_tasks for stage in stages)
        work.tasks = sum(stage.num_tasks for stage in stages)
        work.running = inflight_tasks


def fetched(spark: Any, frame: Any) -> pa.Table:
    """The rows of a frame; batch by batch, so that an answer without end is noticed before it fills the memory."""
    from pyspark.sql.pandas.types import to_arrow_schema
    from pyspark.sql.types import StructType

    most = int(os.environ.get("CX_MOST_ROWS", MOST_ROWS))
    parts: list[pa.Table] = []
    schema, rows, size = None, 0, 0
    for part in spark.client.to_table_as_iterator(frame._plan.to_proto(spark.client), {}):
        if isinstance(part, StructType):
            schema = part
            continue
        parts.append(part)
        rows += part.num_rows
        size += part.nbytes
        if rows > most:
            raise EngineError(text("This question needs more than {most} rows here, too many for this machine. Choose "
                                   "a shorter period or fewer customers (CX_MOST_ROWS is the limit).", most=most))
        if size > MOST_BYTES:
            raise EngineError(text("This question needs more than {most} GB here, too much for this machine. Choose a "
                                   "shorter period or fewer customers.", most=MOST_BYTES // 10**9))
    found = pa.concat_tables(parts) if parts else to_arrow_schema(schema or StructType()).empty_table()
    zoned = [place for place, each in enumerate(found.schema) if getattr(each.type, "tz", None)]
    for place in zoned:  # of UTC
        found = found.set_column(place, found.schema[place].name, found[place].cast(pa.timestamp("us")))
    return found


def bound(value: object) -> Any:
    """A value as Spark binds it, with the type that DuckDB would see."""
    from pyspark.sql.connect.column import Column
    from pyspark.sql.connect.expressions import LiteralExpression
    from pyspark.sql.types import ArrayType, DecimalType, LongType, StringType, TimestampNTZType

    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (list, tuple)):
        items = [each.item() if isinstance(each, np.generic) else each for each in value]
        kind = StringType() if any(isinstance(each, str) for each in items) else LongType()
        return Column(LiteralExpression(items, ArrayType(kind)))
    if isinstance(value, dt.datetime):
        return Column(LiteralExpression(value.replace(tzinfo=None), TimestampNTZType()))
    if isinstance(value, decimal.Decimal):
        scale = max(0, -int(value.as_tuple().exponent))
        return Column(LiteralExpression(value, DecimalType(38, scale)))
    return value


# --- what goes wrong ---

_LOST = ("UNAVAILABLE", "SESSION_CHANGED", "SESSION_CLOSED", "SESSION_NOT_FOUND", "OPERATION_NOT_FOUND",
         "CONNECTION RESET", "SOCKET CLOSED", "FAILED TO CONNECT", "DEADLINE_EXCEEDED", "RETRIES_EXCEEDED",
         "SPARKCONTEXT WAS SHUT DOWN", "STOPPED SPARKCONTEXT", "OPERATION_ABANDONED", "NO_ACTIVE_SESSION",
         "SERVER SIDE SESSION IDENTIFIER")
_FORBIDDEN = ("PERMISSION_DENIED", "UNAUTHENTICATED", "ACCESSCONTROL", "ACCESS DENIED", "PERMISSION DENIED",
              "ACCESSDENIED", "FORBIDDEN")
_MISSING = ("PATH_NOT_FOUND", "FILE_NOT_EXIST", "FILENOTFOUND")
_WITHOUT = ("MODULENOTFOUNDERROR", "NO MODULE NAMED", "CANNOT RUN PROGRAM", "PYTHON_VERSION_MISMATCH")
_UNKNOWN = ("TABLE_OR_VIEW_NOT_FOUND", "UNRESOLVED_COLUMN", "DATA_TYPE_MISMATCH", "DATATYPE_MISMATCH",
            "UNABLE_TO_INFER_SCHEMA")


def _client_errors() -> tuple[type[Exception], ...]:
    """What the client raises; asked for only where something was raised."""
    import grpc
    from pyspark.errors import PySparkException

    return PySparkException, grpc.RpcError, ConnectionError


def explained(error: Exception, url: str) -> tuple[EngineError, bool]:
    """What an error of the client means, and whether the session is lost with it."""
    raw = f"{type(error).__name__} {error}"
    said = raw.upper()
    first = _first_line(error)
    if "OPERATION_CANCELED" in said or "OPERATION_CANCELLED" in said:
        return Cancelled(text("Stopped.")), False
    if any(each in said for each in _FORBIDDEN):
        return EngineError(text("Spark at {url} does not allow this. Ask for the right to read the lake. Spark says: "
                                "{error}", url=url, error=first)), False
    if any(each in said for each in _LOST):
        return Unreachable(_unreachable(url, first)), True
    if any(each in said for each in _MISSING):
        return EngineError(text("A part of the lake is not there, or Spark has no right to read it. Spark says: "
                                "{error}", error=first)), False
    if any(each in said for each in _WITHOUT):
        wanted = f"{sys.version_info.major}.{sys.version_info.minor}"
        line = next(each.strip() for each in raw.splitlines() if any(sign in each.upper() for sign in _WITHOUT))
        return EngineError(text("Paths and funnels of free steps are computed by Python on Spark's workers, which need "
                                "Python {version} with numpy, numba and pyarrow. Spark says: {error}", version=wanted,
                                error=line[:300])), False
    if any(each in said for each in _UNKNOWN):
        return EngineError(text("The lake is not as this program needs it. Spark says: {error}", error=first)), False
    return EngineError(text("Spark at {url} could not answer. It says: {error}", url=url, error=first)), False


def _unreachable(url: str, error: str) -> Text:
    return text("Spark at {url} does not answer. Is the server running, and is the address (CX_ENGINE) right? It says: "
                "{error}", url=url, error=error)


def _first_line(error: Exception) -> str:
    details = getattr(error, "details", None)
    said = details() if callable(details) else str(error)
    within = re.search(r'details = "(.+?)"', str(said))  # of an error of the connection itself
    said = within[1] if within else said
    return next((line.strip() for line in str(said).splitlines() if line.strip()), type(error).__name__)[:300]


def waited(until: Callable[[], bool], seconds: float) -> bool:
    """Wait until something holds, at most so long."""
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
