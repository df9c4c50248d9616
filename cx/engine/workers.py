"""Passes over the rows of customers in Spark's workers: the same compiled code that runs here, near the rows.

Rows are spread so that all of a customer's are in one place, in order; what is found there comes back, not the rows.
The program's code travels with the question. Workers need Python of the same version with numpy, numba and pyarrow.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pyarrow as pa

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
        found = spread.mapInArrow(work, "found BINARY").toArrow()
    return [pickle.loads(each) for each in found["found"].to_pylist()]


@contextmanager
def _whole_code() -> Iterator[None]:
    """Functions of `cx` travel as code, not by name: workers do not have this program."""
    import numba.cloudpickle
    from pyspark import cloudpickle

    program = sys.modules["cx"]

    for each in (cloudpickle, numba.cloudpickle):
        each.register_pickle_by_value(program)
    try:
        yield
    finally:
        for each in (cloudpickle, numba.cloudpickle):
            each.unregister_pickle_by_value(program)
