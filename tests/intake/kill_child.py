"""Loads and takes back in forked processes that test_kill ends at some moment, or whose disk is full.

Reads lines "load PATH 0", "undo PATH 0" or "load PATH ROOM", ROOM being the bytes that files may still grow by, and answers
each with the number of the process that does it, "done" or "refused: WHY" where it came to its end, and "over" when it is
gone.
"""

import datetime as dt
import os
import resource
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from cx import intake, open_store
from cx.errors import StoreError

BIG = 3_000


def frame(rows: int, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame({
        "customer_id": [f"c{number}" for number in random.integers(0, rows // 10, rows)],
        "occurred_at": [dt.datetime(2025, 1, 1) + dt.timedelta(minutes=int(n)) for n in random.integers(0, 400_000, rows)],
        "touchpoint": random.choice(["home", "cart", "checkout", "delivery"], rows), "nps": random.integers(0, 11, rows),
        "device": random.choice(["phone", "laptop"], rows)})


def act(action: str, path: str, room: str) -> None:
    """Load an upload, or undo the second; says when it begins and ends."""
    store = open_store(path)
    given = frame(BIG, 2)
    if room != "0":
        most = Path(path).stat().st_size + int(room)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    print(os.getpid(), flush=True)
    try:
        if action == "load":
            intake.load_frame(store, given, name="big")
        else:
            intake.undo(store, 2)
        print("done", flush=True)
    except StoreError as error:
        print(f"refused: {error.text}", flush=True)


if __name__ == "__main__":
    for line in sys.stdin:
        child = os.fork()
        if not child:
            act(*line.split())
            os._exit(0)
        os.waitpid(child, 0)
        print("over", flush=True)
