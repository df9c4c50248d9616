"""Of very many interactions, questions that compare and test look at a random sample of the customers, with all they
did: what holds of groups of customers holds of it as it is, and it takes no longer the more there are."""

from __future__ import annotations

import math

from cx.store import Store

MOST, SAMPLE = 3_000_000, 1_000_000
"""Up to so many interactions all are looked at, of more those of as many customers as have about so many."""

_SPREAD, _STRIDE = 1_000_003, 618_035  # a prime, and what spreads keys over what remains of it


def one_in(store: Store) -> int:
    """Of so many customers one is looked at; 1 = all."""
    many = int(store.kept("SELECT count(*) FROM interactions")[0][0])
    return 1 if many <= MOST else math.ceil(many / SAMPLE)


def sampled(one_in: int, key: str = "i.customer_key") -> str:
    """The condition that a customer is one of those looked at: the same ones whenever it is asked, and none of them by
    anything but the number he has."""
    return "TRUE" if one_in == 1 else (
        f"CAST({key} AS BIGINT) % {_SPREAD} * {_STRIDE} % {_SPREAD} < {_SPREAD // one_in}")
