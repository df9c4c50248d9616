"""Learns cx/intake/likeness.tsv from the labelled sheets of the tests.

    python -m benchmarks.likeness            write the file
    python -m benchmarks.likeness --without seventeenth eighteenth   write it without these sets
"""

from __future__ import annotations

import argparse
import importlib
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from cx.intake import likeness
from cx.intake.file import tables_of
from cx.intake.profile import Profile
from cx.intake.progress import unwatched
from cx.intake.propose import profiles_of
from tests.intake.columns import Sheet, written
from tests.intake.labelled import SETS, labelled

OWN = ("signatures.CASES", "signatures_held_back.HELD_BACK", "signatures_second.SECOND", "signatures_third.THIRD",
       "signatures_fourth.FOURTH", "signatures_fifth.FIFTH", "signatures_sixth.SIXTH", "signatures_seventh.SEVENTH")
STRANGERS = ("fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth")
"""Sets of authors who did not know the rules: each of their columns counts three times."""
_SEEN_IN = 2  # columns; a feature of fewer teaches nothing
_LEAST = 0.2  # weights below are left out


def sets() -> Iterator[tuple[str, dict[str, Sheet]]]:
    for name in OWN:
        module, variable = name.split(".")
        yield name, getattr(importlib.import_module(f"tests.intake.{module}"), variable)
    for name in SETS:
        yield name, labelled(name)


def columns_of(sheet: Sheet, folder: Path) -> tuple[list[Profile], list[str]]:
    """The profiles of a sheet's columns, and the role of each: of two that a person could give, the first."""
    [(table, cells), *_], _ = tables_of(written(folder, sheet[1]), "sheet.csv", unwatched)
    return profiles_of(table, cells), [role.split("|")[0] for _, role in sheet[1].values()]


def learn(chosen: list[tuple[str, list[likeness.Features], list[str]]]) -> dict[str, dict[str, float]]:
    """Feature → role → weight; "" = each role by itself. The softmax regression with the least squared weights (C = 1).

    chosen  name of the set, features and role of each of its columns
    """
    counted = [each for _, features, _ in chosen for each in features]
    wanted = [role for _, _, given in chosen for role in given]
    heavy = np.array([3.0 if name in STRANGERS else 1.0 for name, _, given in chosen for _ in given])
    seen = Counter(name for each in counted for name in each)
    names = sorted(name for name, times in seen.items() if times >= _SEEN_IN)
    roles = sorted(set(wanted))
    place = {name: number for number, name in enumerate(names)}
    column = {role: number for number, role in enumerate(roles)}
    rows, columns, values = zip(*((row, place[name], much) for row, each in enumerate(counted)
                                  for name, much in each.items() if name in place), strict=True)
    x = sparse.csr_matrix((values, (rows, columns)), shape=(len(counted), len(names)))
    x = sparse.hstack([x, np.ones((len(counted), 1))], format="csr")
    y = sparse.csr_matrix((np.ones(len(wanted)), (range(len(wanted)), [column[role] for role in wanted]))).toarray()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(x.shape[1], len(roles))
        worth = x @ weights
        worth -= worth.max(axis=1, keepdims=True)
        logs = worth - np.log(np.exp(worth).sum(axis=1, keepdims=True))
        free = np.vstack([weights[:-1], np.zeros((1, len(roles)))])  # the last are the roles by themselves
        slope = x.T @ (heavy[:, None] * (np.exp(logs) - y)) + free
        return float(-(heavy[:, None] * y * logs).sum() + (free ** 2).sum() / 2), slope.ravel()

    found = minimize(loss, np.zeros(x.shape[1] * len(roles)), jac=True, method="L-BFGS-B", options={"maxiter": 150})
    weights = found.x.reshape(x.shape[1], len(roles))
    told = {name: {role: round(weight, 1) for role, weight in zip(roles, of_name, strict=True) if abs(weight) >= _LEAST}
            for name, of_name in zip(names, weights[:-1], strict=True)}
    return {"": {role: round(weight, 1) for role, weight in zip(roles, weights[-1], strict=True)}} | {
        name: each for name, each in told.items() if each}


def main(without: list[str]) -> None:
    chosen = []
    with tempfile.TemporaryDirectory() as folder:
        for name, sheets in sets():
            if name in without:
                continue
            features, roles = [], []
            for sheet in sheets.values():
                profiles, given = columns_of(sheet, Path(folder))
                features += likeness.features(profiles)
                roles += given
            chosen.append((name, features, roles))
    weights = learn(chosen)
    lines = ["\t".join([name, *(f"{role} {weight:g}" for role, weight in sorted(each.items()))])
             for name, each in sorted(weights.items())]
    likeness.FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{sum(len(roles) for _, _, roles in chosen)} columns, {len(lines)} features, "
          f"{sum(map(len, weights.values()))} weights, {likeness.FILE.stat().st_size} bytes")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without", nargs="*", default=[], metavar="SET")
    main(parser.parse_args().without)
