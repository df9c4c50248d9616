"""Passes over the rows of customers in Spark's workers: the same compiled code that runs here, near the rows.

Rows are spread so that all of a customer's are in one place, in order; what is found there comes back, not the rows.
The program's code travels with the question. Workers need Python of the same version with numpy, numba and pyarrow.
"""

from __future__ import annotations

import copyreg
import inspect
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pyarrow as pa

from cx.engine.session import fetched

Found = TypeVar("Found")


def over_parts(rows: Any, key: str, order: str,
               answer: Callable[[Iterable[pa.RecordBatch]], Iterable[Found]]) -> list[Found]:
    """What `answer` says of each place where rows are, all together.

    rows    a frame on Spark
    key     column whose equal values stay together; rows come by it, and by `order` where it is equal
    answer  rows as Arrow batches, without `order` → what is found in them; runs in the workers
    """
    def work(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for each in answer(batches):
            yield pa.record_batch([pa.array([pickle.dumps(each)], pa.binary())], names=["found"])

    with _whole_code():
        spread = rows.repartition(key).sortWithinPartitions(key, order).drop(order)
        found = fetched(spread.sparkSession, spread.mapInArrow(work, "found BINARY"))
    return [pickle.loads(each) for each in found["found"].to_pylist()]


@contextmanager
def _whole_code() -> Iterator[None]:
    """Functions of `cx` travel as code, not by name, since workers do not have this program; kernels as their source,
    so that they are compiled once on a machine."""
    from numba.core.registry import CPUDispatcher
    from pyspark import cloudpickle

    program = sys.modules["cx"]
    cloudpickle.register_pickle_by_value(program)
    copyreg.pickle(CPUDispatcher, _as_source)
    try:
        yield
    finally:
        copyreg.dispatch_table.pop(CPUDispatcher)
        cloudpickle.unregister_pickle_by_value(program)


def _as_source(kernel: Any) -> tuple[Callable[..., Any], tuple[str, str, str]]:
    module = sys.modules[kernel.py_func.__module__]
    return _kernel, (module.__name__.rpartition(".")[2], inspect.getsource(module), kernel.py_func.__name__)


def _kernel(module: str, source: str, name: str) -> Any:
    """A compiled function of a module, from its source; what numba keeps beside the file serves the next worker too."""
    import hashlib
    import importlib
    import os
    import sys
    import tempfile
    from pathlib import Path

    own = f"cx_{module}_{hashlib.sha256(source.encode()).hexdigest()[:16]}"
    if own not in sys.modules:
        folder = Path(tempfile.gettempdir()) / f"cx-kernels-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != os.getuid():
            raise PermissionError(f"{folder} belongs to somebody else")
        file = folder / f"{own}.py"
        if not file.exists():
            part = folder / f"{own}.{os.getpid()}"
            part.write_text(source, encoding="utf-8")
            part.replace(file)  # whole, whoever else writes it
        sys.path.insert(0, str(folder))
        try:
            importlib.invalidate_caches()
            importlib.import_module(own)
        finally:
            sys.path.remove(str(folder))
    return getattr(sys.modules[own], name)
