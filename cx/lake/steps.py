"""A build in steps: each is done once, whatever happens in between.

A step writes folders that nobody reads yet, and is then noted as done; a build that was killed, or whose server was
lost, goes on after the last step noted when it is run again. A step in flight when that happened is begun anew, in
folders of another name.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from cx.engine.layout import read_lines, write_line

Made = Mapping[str, Any]
Say = Callable[["Progress"], None]


@dataclass(frozen=True)
class Progress:
    """What a build is doing: step `number` of `total`; `again` where it was done before the build was interrupted."""

    step: str
    number: int
    total: int
    again: bool = False


class Steps:
    """The steps of the build called `key` of the lake at `root`. `total` grows where more is to do than was
    foreseen."""

    def __init__(self, spark: Any, root: str, key: str, say: Say) -> None:
        self.spark, self.root, self.key, self.say = spark, root, key, say
        self.total, self._number = 0, 0
        noted = [json.loads(line) for line in read_lines(spark, f"{root}/builds/{key}/*")]
        self._done: dict[str, Made] = {each["step"]: each for each in noted if "step" in each}
        self._try = sum("try" in each for each in noted) + 1
        self._leftover = self._try > 1  # the first step to do was perhaps begun before
        write_line(spark, f"{root}/builds/{key}/try-{self._try}", json.dumps({"try": self._try}))

    def folder(self, table: str, part: str) -> str:
        """Where this try writes a part of a table, relative to the lake."""
        return self._folder(table, part, self._try)

    def here(self, folder: str) -> Path | None:
        """Where this program may write a folder of the lake itself: on a disk that it and Spark both see."""
        place = _on_disk(self.root, f"builds/{self.key}/try-{self._try}")  # as Spark wrote it
        if place is None or not place.is_dir() or not os.access(place, os.W_OK):
            return None
        return place.parents[2] / folder

    def do(self, step: str, make: Callable[[], Made], writes: Sequence[tuple[str, str]] = ()) -> Made:
        """What the step made (folders and the like, as JSON), now or when it was done before.

        writes  (table, part) of every folder it writes
        """
        self._number += 1
        self.total = max(self.total, self._number)
        known = self._done.get(step)
        self.say(Progress(step, self._number, self.total, known is not None))
        if known is not None:
            return known
        if self._leftover:
            for table, part in writes:
                for number in range(1, self._try):
                    clear(self.spark, self.root, self._folder(table, part, number))
            self._leftover = False
        made = {**make(), "step": step}
        write_line(self.spark, f"{self.root}/builds/{self.key}/{step}", json.dumps(made))
        self._done[step] = made
        return made

    def forget(self) -> None:
        """Clear the notes of the build away, once it is published."""
        for step in [*self._done, *(f"try-{number}" for number in range(1, self._try + 1))]:
            clear(self.spark, self.root, f"builds/{self.key}/{step}", lines=True)

    def _folder(self, table: str, part: str, number: int) -> str:
        return f"{table}/build={self.key}-{part}-{number}"


def clear(spark: Any, root: str, folder: str, lines: bool = False) -> None:
    """Take away what a folder of the lake holds (with `lines`: text). Spark Connect cannot delete; where the folder is
    not on a disk of this machine, an empty file remains."""
    place = _on_disk(root, folder)
    if place is not None and place.is_dir():
        with contextlib.suppress(OSError):
            shutil.rmtree(place)
            return
    empty = spark.createDataFrame([], "value STRING").write.mode("overwrite")
    (empty.text if lines else empty.parquet)(f"{root}/{folder}")


def _on_disk(root: str, folder: str) -> Path | None:
    """Where a folder would be on this machine; None where the lake is elsewhere by its address."""
    place = urlparse(root)
    return Path(place.path) / folder if place.scheme in ("", "file") else None
