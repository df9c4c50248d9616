"""Of very many interactions, questions that compare and test look at a random sample of the customers, with all they
did: what holds of groups of customers holds of it as it is, and it takes no longer the more there are. Where few are
concerned nobody is left out."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from cx.store import Store

MOST, SAMPLE = 3_000_000, 1_000_000
"""Up to so many interactions all are looked at, of more those of as many customers as have about so many…"""
FEWEST = 20_000
"""…but of no fewer customers than about so many."""
ENOUGH = 5_000
"""Of a selection of which a sample of all holds so many customers, nobody else is looked at."""

_SPREAD, _STRIDE = 1_000_003, 618_035  # a prime, and what spreads keys over what remains of it


def one_in(rows: int, customers: int, fewest: int = 0, most: int = 0) -> int:
    """Of so many customers one is looked at; 1 = all. rows: interactions that would be read, of so many customers;
    fewest: customers to keep, 0 = FEWEST; most: rows up to which all are looked at, 0 = MOST."""
    return 1 if rows <= (most or MOST) else max(1, min(math.ceil(rows / SAMPLE), customers // (fewest or FEWEST)))


def held_one_in(rows: int, customers: int) -> int:
    """Of so many customers one is held for every selection, where all have so many interactions; 1 = all."""
    return 1 if rows <= MOST else max(1, min(math.ceil(rows / MOST), customers // FEWEST))


def everything(store: Store) -> tuple[int, int]:
    """How many interactions and customers there are."""
    [(rows, customers)] = store.kept("SELECT (SELECT count(*) FROM interactions), (SELECT count(*) FROM customers)")
    return int(rows), int(customers)


def sampled(one_in: int, key: str = "i.customer_key") -> str:
    """The condition that a customer is one of those looked at, by nothing but the number he has: the same ones whenever
    it is asked, and of more that are left out, some of the same."""
    return "TRUE" if one_in == 1 else (
        f"CAST({key} AS BIGINT) % {_SPREAD} * {_STRIDE} % {_SPREAD} < {_SPREAD // one_in}")


def are_sampled(one_in: int, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
    """`sampled` of some customers, by their keys."""
    found: NDArray[np.bool_] = np.ones(len(keys), dtype=np.bool_) if one_in == 1 else (
        keys % _SPREAD * _STRIDE % _SPREAD < _SPREAD // one_in)
    return found
