"""Loads a large frame and says when it starts: the process that test_kill ends at some moment of it."""

import datetime as dt
import sys

import numpy as np
import pandas as pd

from cx import intake, open_store


def frame(rows: int, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame({
        "customer_id": [f"c{number}" for number in random.integers(0, rows // 10, rows)],
        "occurred_at": [dt.datetime(2025, 1, 1) + dt.timedelta(minutes=int(n)) for n in random.integers(0, 400_000, rows)],
        "touchpoint": random.choice(["home", "cart", "checkout", "delivery"], rows), "nps": random.integers(0, 11, rows)})


if __name__ == "__main__":
    store = open_store(sys.argv[1])
    big = frame(20_000, 2)
    print("started", flush=True)
    intake.load_frame(store, big, name="big")
    print("done", flush=True)
