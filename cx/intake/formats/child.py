"""Run as a script by isolated.py, with limits on memory and time; imports nothing of cx.

    python -I child.py KIND FILE ENCODING MEMORY_BYTES CPU_SECONDS long|short

Writes lines of JSON: for each sheet what it is, its rows (some at a time, each cell a text), and the positions of the
columns whose numbers were stored as numbers; at last "end". "again": what was written so far does not count. With
"long" the rows of a sheet beyond its first follow as Arrow: a line with how many bytes, then a stream with one batch,
its columns texts or dictionaries of texts. Where it must refuse: one line with the reason, to stderr.
"""

import gc
import json
import os
import sys
from collections import Counter
from importlib import import_module
from itertools import islice, zip_longest
from pathlib import Path

_ROWS_A_LINE = 1000
_FIRST_ROWS = 20_000  # of a sheet, as JSON; further ones as Arrow, which takes a while to import
_ROWS_A_BATCH = 20_000
_MOST_CELLS = 40_000_000
_MOST_ROWS = 5_000_000
_MOST_CHARACTERS = 2_000_000_000


def limit(memory: int, seconds: int) -> None:
    """Bound this process's memory and CPU time, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError):  # macOS knows no limit of the address space
            continue


class ArrowAlone:
    """Keeps pyarrow from importing pandas, only to ask whether a list is one of its, and numpy, which nothing here
    needs: that takes longer than a file."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name in ("pandas", "numpy"):
            raise ModuleNotFoundError(name)


def main() -> None:
    kind, path, encoding, memory, seconds, length = sys.argv[1:]
    limit(int(memory), int(seconds))
    gc.disable()  # cells refer to nothing: looking for circles among them takes a fifth of the time
    sys.meta_path.insert(0, ArrowAlone())
    sys.path.append(str(Path(__file__).resolve().parents[1]))
    sys.setrecursionlimit(2000)
    cells = import_module("formats.cells")
    try:
        read = import_module(f"formats.{kind}").sheets
        try:
            write(read(path, encoding), cells, length == "long")
        except cells.NotPlain:
            sys.stdout.write('"again"\n')
            write(read(path, encoding, carefully=True), cells, length == "long")
    except cells.Refused as error:
        refuse(error.reason, error.details)
    except MemoryError:
        refuse("too large", {})
    except RecursionError:
        refuse("too deep", {})


def refuse(reason: str, details: dict[str, object]) -> None:
    sys.stderr.write("\n" + json.dumps({"reason": reason, "details": details}))
    sys.exit(3)


def write(sheets, cells, long: bool) -> None:  # type: ignore[no-untyped-def]  # the module is found at run time
    """Every sheet as lines of JSON on stdout, the further rows of long ones as Arrow."""
    text, out = cells.TEXT, sys.stdout
    filled = characters = count = 0
    for sheet in sheets:
        if isinstance(sheet, dict):  # how far the reader is
            out.write(json.dumps(sheet) + "\n")
            out.flush()
            continue
        out.write(json.dumps({"name": sheet.name, "hidden": sheet.hidden, "merged": sheet.merged,
                              "from_1904": sheet.from_1904}) + "\n")
        stored: Counter[int] = Counter()
        written: Counter[int] = Counter()
        rows = iter(sheet.rows)
        most = _FIRST_ROWS if long and sheet.many else None
        if most is None and sheet.cells > _MOST_CELLS:
            raise cells.Refused("too large")
        if most and sheet.batches is not None:
            rows = islice(rows, 1)
        first = True
        while (chunk := list(islice(rows, _ROWS_A_LINE))):
            columns = []
            for position, column in enumerate(zip_longest(*chunk, fillvalue="")):
                kinds = Counter(map(type, column[1:] if first else column))
                numbers = kinds[float] + kinds[int]
                if numbers:
                    stored[position] += numbers
                if kinds[str] and (numbers or stored[position]):
                    written[position] += sum(type(cell) is str and cell[:1].isdigit() for cell in column[first:])
                plain = len(kinds) == 1 and kinds[str] and type(column[0]) is str
                columns.append(column if plain else [text[type(cell)](cell) for cell in column])
            first = False
            line = json.dumps(list(zip(*columns, strict=True)) or [[]] * len(chunk))
            filled += sum(map(len, chunk))
            characters += len(line)
            count += len(chunk)
            if filled > _MOST_CELLS or count > _MOST_ROWS or characters > _MOST_CHARACTERS:
                raise cells.Refused("too large")
            out.write(line + "\n")
            if most is not None and count >= most:
                break
        if most is not None and not first:
            import_module("formats.batches").write(out, sheet, rows, text, stored, written, _ROWS_A_BATCH)
        typed = [position for position, found in stored.items() if found > written[position]]
        out.write(json.dumps({"numbers": typed}) + "\n")
    out.write('"end"\n')


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # who waits for the end need not wait until everything is taken apart
