"""Are the planted truths found, with the right size, and is nothing found where nothing is planted?

    python benchmarks/truths.py truth TRUTH.csv                    the sizes, from one world of 100,000 customers
    python benchmarks/truths.py planted FIRST MANY OUT.csv         worlds of the sample with other seeds
    python benchmarks/truths.py nothing FIRST MANY OUT.csv         worlds in which every place is the same
    python benchmarks/truths.py tell TRUTH.csv PLANTED.csv NOTHING.csv

Worlds go straight into the computation, not through a workspace. Results are appended, so that it can run in pieces.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cx.metrics.friction import Friction, judged
from cx.metrics.friction_measures import PLACES, Rows
from cx.metrics.friction_rows import arranged
from data import generate, words, world

MINIMUM = 30
STAGE_OF = {1: ("social_post", "search_ad", "display_ad", "search_result", "home", "newsletter", "landing",
                "store_visit"),
            2: ("category", "product", "comparison", "site_search", "reviews_read", "wish_list", "store_advice"),
            3: ("basket", "checkout", "payment", "delivery", "pickup", "order"),
            4: ("chat", "call", "mail", "return", "refund", "account", "loyalty"), 5: ("review", "referral", "shared")}
_STAGE = {words.TOUCHPOINTS[key][0]: stage for stage, keys in STAGE_OF.items() for key in keys}

PLANTED = (  # truth, further dimension, kind, touchpoint, channel, part, measure
    *((1, "region", "pain", "delivery", "", "south", measure) for measure in ("delay", "nps", "csat")),
    *((2, "persona", "pain", "chat", "app", "", measure) for measure in ("waiting", "nps", "csat")),
    *((3, "persona", "pain", "checkout", "", "young", measure) for measure in ("drop_off", "csat")),
    *((4, "persona", "delight", "pickup", "", "", measure) for measure in ("nps", "csat")),
    *((6, "persona", "pain", "refund", "", "quality", measure) for measure in ("nps", "csat")))
_NAMES = {"touchpoint": words.TOUCHPOINTS, "channel": words.CHANNELS, "persona": words.PERSONAS,
          "region": words.REGIONS}


def rows(frame: pd.DataFrame, by: str) -> Rows:
    """A frame of `generate.interactions` as the rows of `cx.metrics.friction`."""
    frame = frame.assign(stage=frame["touchpoint"].astype(str).map(_STAGE),
                         moment=frame["occurred_at"].astype("datetime64[us]").astype("int64"),
                         customer_key=frame["customer_id"].cat.codes)
    frame = frame.sort_values(["customer_key", "moment"], kind="stable", ignore_index=True)
    rated = frame["csat"].to_numpy(float)
    asked = frame["nps"].astype("Float64").to_numpy(float, na_value=np.nan)
    felt = np.where(~np.isnan(rated), np.sign(rated - 3), np.where(asked >= 9, 1.0, np.where(asked <= 6, -1.0, 0.0)))
    felt[np.isnan(rated) & np.isnan(asked)] = np.nan
    ready = pd.DataFrame({
        "customer_key": frame["customer_key"], "anonymous": False, "chosen": True, "moment": frame["moment"],
        "nps": asked, "satisfied": np.where(np.isnan(rated), np.nan, (rated >= 4).astype(float)), "emotion": felt,
        "wait_seconds": frame["wait_seconds"], "delay_days": frame["delay_days"],
        "complaint": frame["is_complaint"].astype("Float64"), "revenue": frame["revenue"], "followed": np.nan})
    codes, names = {}, {}
    for place, column in zip((*PLACES, "part"), (*PLACES, by), strict=True):
        found, known = pd.factorize(frame[column].astype(object))
        codes[place], names[place] = found.astype(np.int64), (list(map(str, known)), list(map(str, known)))
    return arranged(ready, codes, names, frame["stage"].to_numpy(float))


def found(of: Friction, planted: tuple[int, str, str, str, str, str, str]) -> dict[str, object]:
    """What is told of a planted truth: looked at with its size, claimed, and its place in the list of its kind."""
    truth, by, kind, touchpoint, channel, part, measure = planted
    cell = {"touchpoint": _name("touchpoint", touchpoint), "channel": _name("channel", channel),
            "persona": _name("persona", part) if by == "persona" else "",
            "attribute_value": _name("region", part) if by == "region" else "", "stage": "", "measure": measure}
    row = of.looked
    for column, value in cell.items():
        row = row[row[column] == value]
    told = of.points[of.points["kind"] == kind]
    order = list(dict.fromkeys(told["cell"]))
    mine = told
    for column, value in cell.items():
        mine = mine[mine[column] == value]
    one = row.iloc[0] if len(row) else None
    return {"truth": truth, "measure": measure, "kind": kind, "looked": one is not None,
            **{name: np.nan if one is None else float(one[name]) for name in ("value", "rest", "impact", "lower",
                                                                              "upper")},
            "claimed": len(mine) > 0, "rank": order.index(mine["cell"].iloc[0]) + 1 if len(mine) else np.nan}


def _name(dimension: str, key: str) -> str:
    if not key:
        return ""
    keys = {"touchpoint": world.TOUCHPOINTS, "channel": world.CHANNELS, "persona": world.PERSONAS,
            "region": world.REGIONS}[dimension]
    assert key in keys
    return str(_NAMES[dimension][key][0])


def truths(frame: pd.DataFrame) -> list[dict[str, object]]:
    """What is told of every planted truth of one world."""
    judgements = {by: judged(rows(frame, by), by, MINIMUM) for by in ("persona", "region")}
    return [found(judgements[planted[1]], planted) for planted in PLANTED]


def nothing(seed: int, customers: int = 1500, touchpoints: int = 10, channels: int = 4) -> Rows:
    """A world without truths: customers differ a lot from each other, places do not. Each customer prefers a channel
    and a touchpoint, so that answers in a cell hang together."""
    dice = np.random.default_rng(seed)
    per_customer = 1 + dice.poisson(4, customers)
    who = np.repeat(np.arange(customers), per_customer)
    n = len(who)
    mood = dice.normal(0, 1, customers)[who]
    touchpoint = np.where(dice.random(n) < 0.5, dice.integers(0, touchpoints, customers)[who],
                          dice.integers(0, touchpoints, n))
    channel = np.where(dice.random(n) < 0.7, dice.integers(0, channels, customers)[who], dice.integers(0, channels, n))
    part = dice.integers(0, 4, customers)[who]
    day = dice.integers(0, 300, n)
    score = np.clip(np.round(8 + 1.5 * mood + dice.normal(0, 1.5, n)), 0, 10)
    felt = np.sign(np.round(0.4 + mood + dice.normal(0, 1, n)))
    frame = pd.DataFrame({
        "customer_key": who, "anonymous": False, "chosen": True, "moment": day * 86_400_000_000,
        "nps": np.where(dice.random(n) < 0.3, score, np.nan),
        "satisfied": np.where(dice.random(n) < 0.4, score >= 8, np.nan),
        "emotion": np.where(dice.random(n) < 0.5, felt, np.nan),
        "wait_seconds": np.where(dice.random(n) < 0.4, np.exp(4 + 0.5 * mood + dice.normal(0, 1, n)), np.nan),
        "delay_days": np.where(dice.random(n) < 0.3, dice.normal(-1, 2, n), np.nan),
        "complaint": (dice.random(n) < 0.08 * np.exp(-0.5 * mood)).astype(float),
        "revenue": np.where(dice.random(n) < 0.2, 50.0, np.nan),
        "followed": np.where(dice.random(n) < 0.3, dice.random(n) < 0.2, np.nan)})
    order = np.lexsort((day, who))
    places = {"stage": touchpoint // 4, "touchpoint": touchpoint, "channel": channel, "part": part}
    names = {name: ([str(code) for code in range(20)],) * 2 for name in places}
    return arranged(frame.iloc[order].reset_index(drop=True), {name: codes[order].astype(np.int64)
                                                               for name, codes in places.items()},
                    names, (touchpoint[order] // 4).astype(float))


def _planted(first: int, many: int) -> Iterator[dict[str, object]]:
    for seed in range(first, first + many):
        for row in truths(generate.interactions(world.simulate(5000, seed, 0))):
            yield {"seed": seed, **row}


def _nothing(first: int, many: int) -> Iterator[dict[str, object]]:
    for seed in range(first, first + many):
        of = judged(nothing(seed), "persona", MINIMUM)
        yield {"seed": seed, "claims": len(of.points), "looked": len(of.looked)}


def tell(truth: pd.DataFrame, planted: pd.DataFrame, empty: pd.DataFrame) -> str:
    """The result in words and a table."""
    both = planted.merge(truth[["truth", "measure", "impact"]], on=["truth", "measure"], suffixes=("", "_true"))
    both["covers"] = (both["lower"] <= both["impact_true"]) & (both["impact_true"] <= both["upper"])
    table = both.groupby(["truth", "kind", "measure"]).agg(
        worlds=("seed", "nunique"), looked=("looked", "mean"), claimed=("claimed", "mean"),
        worst_rank=("rank", "max"), mean=("impact", "mean"), true=("impact_true", "first"), covers=("covers", "mean"))
    claims = (empty["claims"] > 0).mean()
    return (f"{table.round(3).to_string()}\n\nall together: covers {both['covers'].mean():.3f}\n"
            f"nothing planted: {len(empty)} worlds of {empty['looked'].mean():.0f} cells, "
            f"{claims:.3f} of them claim anything")


def main(what: str, *given: str) -> None:
    if what == "tell":
        print(tell(*(pd.read_csv(path) for path in given)))
        return
    began = time.time()
    if what == "truth":
        worlds = [generate.interactions(world.simulate(5000, 900_000 + chunk, chunk), chunk=chunk)
                  for chunk in range(20)]
        for each in worlds:
            each["customer_id"] = each["customer_id"].astype(str)
        frame = pd.concat(worlds, ignore_index=True)
        for column in ("touchpoint", "channel", "persona", "region", "customer_id"):
            frame[column] = frame[column].astype("category")
        pd.DataFrame(truths(frame)).to_csv(given[0], index=False)
    else:
        first, many, out = int(given[0]), int(given[1]), Path(given[2])
        made = pd.DataFrame({"planted": _planted, "nothing": _nothing}[what](first, many))
        made.to_csv(out, mode="a", header=not out.exists(), index=False)
    print(f"{what} {' '.join(given)}: {time.time() - began:.0f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
