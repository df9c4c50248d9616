"""How much of a polluted CSV file each reader still brings, in the manner of the Pollock benchmark.

    python -m pip install -r requirements.txt polars clevercsv     # an environment of its own; not needed otherwise
    python benchmarks/pollution.py [--files FOLDER] [--worst 20]

After Vitagliano, Hameed, Jiang, Reisener, Wu & Naumann, "Pollock: A Data Loading Benchmark", PVLDB 16(8), 2023: one clean
file, polluted in one way at a time; each reader loads each file by itself, and what came out is compared with what the
clean file says. Ten measures a file, each 0–1: success (it loaded at all), and precision, recall and F1 of the header, of
the records and of the cells. A reader's score is the sum of the measures' averages, 10 at best. The pollutions and the
file are our own; the paper's files are not used here.

What a file says: the clean table, whatever the pollution, wherever a person could still tell. A separator too few leaves
the row short (its cells shifted); of several tables the first counts; without a header there is none to be found.

Readers detect what they can, and give every cell as text: DuckDB (`auto`, and `tolerant`: ignore_errors, null_padding,
strict_mode off), pandas (sep=None, bad lines skipped), polars (truncate_ragged_lines, ignore_errors), CleverCSV.

Measured on 2026-11-21, 121 files, DuckDB 2.0.0, pandas 3.1.1, polars 2.1.0, CleverCSV 0.8.5, Python 3.11:

| Reader | Score of 10 | success | header F1 | record F1 | cell F1 | perfect |
|---|---|---|---|---|---|---|
| CX Journey | 10.00 | 1.000 | 1.000 | 1.000 | 1.000 | 121 |
| CleverCSV | 9.26 | 0.983 | 0.886 | 0.907 | 0.962 | 56 |
| pandas | 8.40 | 0.992 | 0.846 | 0.766 | 0.849 | 42 |
| DuckDB tolerant | 7.78 | 0.942 | 0.747 | 0.703 | 0.824 | 5 |
| polars | 7.35 | 0.950 | 0.717 | 0.669 | 0.731 | 35 |
| DuckDB auto | 5.06 | 0.934 | 0.443 | 0.444 | 0.468 | 39 |

Our reader was mended on these very files (it had 9.76 before), so its full score says that nothing known is left, not
that nothing else can happen; the same pollutions of another table gave it 9.998. DuckDB's strictness is by design: a file
that breaks the rules is told apart as one of a single column, or refused.
"""

# ruff: noqa: E501  (a table of files, a line each)

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

Rows = list[list[str]]
HEADER = ["Customer", "Date", "Touchpoint", "Channel", "NPS", "Amount", "Comment"]
_PLACES = ["checkout", "delivery", "home page", "support", "returns"]
_WORDS = ["fast and friendly", "late again, sadly", "fine", 'the box said "fragile"', "will come back", "çok iyi, teşekkürler",
          "İade kolaydı", "no"]
ROWS: Rows = [[f"C{1000 + n * 7}", f"2025-{1 + n % 12:02}-{1 + n * 3 % 28:02}", _PLACES[n % 5], ["web", "phone", "store"][n % 3],
               str(n * 7 % 11), f"{n * 13.7 + 5:.2f}", _WORDS[n % 8]] for n in range(40)]


@dataclass
class Polluted:
    """A file, and what should come out of it. header None = there is none to be found."""

    name: str
    content: bytes
    rows: Rows
    header: list[str] | None


def write(lines: Sequence[Sequence[str]], delimiter: str = ",", quote: str = '"', end: str = "\n",
          quoting: int = csv.QUOTE_MINIMAL, **options: object) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quotechar=quote, lineterminator=end, quoting=quoting,  # type: ignore[arg-type]
               **options).writerows(lines)  # type: ignore[arg-type]
    return out.getvalue()


CLEAN = write([HEADER, *ROWS])


def polluted() -> Iterator[Polluted]:
    """Every pollution of the clean file."""

    def make(name: str, content: str | bytes, rows: Rows = ROWS, header: list[str] | None = HEADER) -> Polluted:
        return Polluted(name, content if isinstance(content, bytes) else content.encode(), rows, header)

    table = [HEADER, *ROWS]
    yield make("clean", CLEAN)
    # the file
    yield make("no line end at the end", CLEAN.rstrip("\n"))
    yield make("two line ends at the end", CLEAN + "\n")
    yield make("ten blank lines at the end", CLEAN + "\n" * 10)
    yield make("blank lines at the start", "\n\n\n" + CLEAN)
    yield make("line end CRLF", write(table, end="\r\n"))
    yield make("line end CR", write(table, end="\r"))
    mixed = CLEAN.split("\n")
    yield make("line ends mixed", "".join(line + ("\r\n" if n % 2 else "\n") for n, line in enumerate(mixed[:-1])))
    yield make("end-of-file character", CLEAN + "\x1a")
    yield make("NUL bytes", CLEAN.replace("home page", "home\0 page", 1))
    yield make("byte-order mark", CLEAN.encode("utf-8-sig"))
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "windows-1254", "iso8859-9"):
        yield make(f"encoding {encoding}", CLEAN.encode(encoding))
    french = [[cell.replace("çok iyi, teşekkürler", "très bien, merci à vous").replace("İade kolaydı", "José, «olé»")
               for cell in row] for row in ROWS]
    yield make("encoding windows-1252", write([HEADER, *french]).encode("windows-1252"), french)
    one = CLEAN.split("\n")
    last = max(n for n, line in enumerate(one) if not line.isascii())
    yield make("one line of another encoding", "\n".join(one[:last]).encode() + b"\n" + one[last].encode("windows-1254")
               + b"\n" + "\n".join(one[last + 1:]).encode())
    yield make("one row", write(table[:2]), ROWS[:1])
    yield make("no header", write(ROWS), ROWS, None)
    yield make("separator stated", "sep=;\r\n" + write(table, ";", end="\r\n"))
    # separators and quotes
    for name, delimiter in (("semicolon", ";"), ("tab", "\t"), ("pipe", "|"), ("caret", "^"), ("tilde", "~"), ("colon", ":"),
                            ("space", " "), ("unit separator", "\x1f"), ("section sign", "§")):
        yield make(f"separator {name}", write(table, delimiter))
    yield make("separator comma and space", write(table, quoting=csv.QUOTE_ALL).replace('","', '", "'))
    yield make("separator of two characters", write(table, "|", quoting=csv.QUOTE_MINIMAL).replace("|", "||"))
    yield make("semicolon and decimal comma", write([HEADER, *[[*row[:5], row[5].replace(".", ","), row[6]] for row in ROWS]],
                                                    ";"), [[*row[:5], row[5].replace(".", ","), row[6]] for row in ROWS])
    yield make("everything quoted", write(table, quoting=csv.QUOTE_ALL))
    yield make("single quotes", write(table, quote="'"))
    yield make("single quotes around everything", write(table, quote="'", quoting=csv.QUOTE_ALL))
    yield make("quotes escaped by a backslash", write(table, doublequote=False, escapechar="\\"))
    yield make("everything escaped by a backslash", write(table, quoting=csv.QUOTE_NONE, escapechar="\\"))
    yield make("no quotes, tab", write([[cell.replace('"', "") for cell in row] for row in table], "\t"),
               [[cell.replace('"', "") for cell in row] for row in ROWS])
    yield make("quotes not doubled", CLEAN.replace('""', '"'))
    yield make("spaces around the cells", "\n".join(" , ".join(f'"{cell}"' if "," in cell else cell.replace('"', "")
                                                               for cell in row) for row in table) + "\n",
               [[cell if "," in cell else cell.replace('"', "") for cell in row] for row in ROWS])
    # around the table
    yield make("title", "Quarterly report\n" + CLEAN)
    yield make("title and blank line", "Quarterly report\n\n" + CLEAN)
    yield make("title with a comma", "Quarterly report, all shops\n\n" + CLEAN)
    yield make("title as wide as the table", "Quarterly report" + "," * 6 + "\n" + CLEAN)
    yield make("five lines above", "Report\nShop: North\nAuthor: A. B.\nCreated: 2025-12-31\n\n" + CLEAN)
    yield make("properties above", "Report,NPS\nFrom,2025-01-01\nTo,2025-12-31\n\n" + CLEAN)
    yield make("properties above, no blank line", "Report,NPS\nFrom,2025-01-01\nTo,2025-12-31\n" + CLEAN)
    yield make("comments above", "# exported by the shop\n# on 2025-12-31\n" + CLEAN)
    yield make("total", CLEAN + "Total,,,,200,1234.50,\n")
    yield make("total after a blank line", CLEAN + "\nTotal,,,,200,1234.50,\n")
    yield make("subtotals", write([HEADER, *ROWS[:20], ["Subtotal", "", "", "", "99", "12.5", ""], *ROWS[20:],
                                   ["Total", "", "", "", "200", "25", ""]]))
    yield make("note below", CLEAN + "Source: the shop's register\n")
    yield make("notes after a blank line", CLEAN + "\nAll amounts in euros\nAsk the shop team\n")
    yield make("count below", CLEAN + "\n(40 rows affected)\n")
    yield make("note as wide as the table", CLEAN + "\n* provisional" + "," * 6 + "\n")
    # the header
    yield make("header in capitals, quoted", write([HEADER], quoting=csv.QUOTE_ALL) + write(ROWS))
    yield make("header again every ten rows", write([HEADER, *ROWS[:10], HEADER, *ROWS[10:20], HEADER, *ROWS[20:]]))
    yield make("header again after a blank line", write([HEADER, *ROWS[:20]]) + "\n" + write([HEADER, *ROWS[20:]]))
    groups = ["Customer", "Date", "Contact Touchpoint", "Contact Channel", "Answers NPS", "Answers Amount", "Answers Comment"]
    yield make("header of two rows", write([["Customer", "Date", "Contact", "", "Answers", "", ""],
                                            ["", "", "Touchpoint", "Channel", "NPS", "Amount", "Comment"], *ROWS]), ROWS, groups)
    yield make("header with line breaks", write([["Customer", "Date", "Touch\npoint", *HEADER[3:]], *ROWS]), ROWS,
               ["Customer", "Date", "Touch\npoint", *HEADER[3:]])
    yield make("header name missing", write([[*HEADER[:3], "", *HEADER[4:]], *ROWS]), ROWS, [*HEADER[:3], "", *HEADER[4:]])
    yield make("last header names missing", write([HEADER[:5], *ROWS]), ROWS, [*HEADER[:5], "", ""])
    yield make("header with one name more", write([[*HEADER, "Region"], *ROWS]), [[*row, ""] for row in ROWS],
               [*HEADER, "Region"])
    yield make("header with a trailing separator", write([[*HEADER, ""], *ROWS]))
    yield make("header ends in two line ends", write([HEADER]) + "\n" + write(ROWS))
    yield make("header with spaces", write([[f" {name} " for name in HEADER], *ROWS]))
    # rows
    yield make("trailing separators", write([[*row, ""] for row in table]))
    yield make("trailing separators but in the header", write([HEADER, *[[*row, ""] for row in ROWS]]))
    yield make("leading separator", write([["", *row] for row in table]))
    yield make("blank column", write([[*row[:3], "", *row[3:]] for row in table]))
    yield make("blank line in the middle", write(table[:15]) + "\n" + write(table[15:]))
    yield make("blank line between all rows", CLEAN.replace("\n", "\n\n"))
    yield make("row of separators", write([*table[:15], [""] * 7, *table[15:]]))
    for place in (1, 20, 40):
        row = ROWS[place - 1]
        short = [*table[:place], row[:4], *table[place + 1:]]
        yield make(f"row {place} cut", write(short), [*ROWS[:place - 1], [*row[:4], "", "", ""], *ROWS[place:]])
        longer = [*table[:place], [*row, "", ""], *table[place + 1:]]
        yield make(f"row {place} with separators at its end", write(longer))
        for column in (1, 4, 6):
            torn = [*row[:column], "", *row[column:]]
            yield make(f"row {place} with a separator more, column {column}", write([*table[:place], torn, *table[place + 1:]]))
            joined = [*row[:column - 1], row[column - 1] + row[column], *row[column + 1:]]
            yield make(f"row {place} with a separator less, column {column}",
                       write([*table[:place], joined, *table[place + 1:]]),
                       [*ROWS[:place - 1], [*joined, ""], *ROWS[place:]])
        lines = CLEAN.split("\n")
        for column in (0, 2):
            cells = list(row)
            cells[column] = '"' + cells[column]
            spoilt = ",".join(f'"{cell}"' if "," in cell else cell for cell in cells)
            yield make(f"row {place} with an open quote, column {column}",
                       "\n".join([*lines[:place], spoilt, *lines[place + 1:]]))
        yield make(f"row {place} with another separator",
                   "\n".join([*lines[:place], write([row], ";").rstrip("\n"), *lines[place + 1:]]))
        yield make(f"row {place} quoted as a whole",
                   "\n".join([*lines[:place], '"' + lines[place].replace('"', '""') + '"', *lines[place + 1:]]))
    yield make("every row quoted as a whole", "\n".join('"' + line.replace('"', '""') + '"' for line in CLEAN.split("\n")[:-1]))
    torn_text = [*ROWS[3][:6], "well, not quite"]
    yield make("a text with a bare separator", write([*table[:4]]) + ",".join(torn_text) + "\n" + write(table[5:]),
               [*ROWS[:3], torn_text, *ROWS[4:]])
    inches = [*ROWS[3][:6], '6" pipe']
    yield make("a bare quote in a text", write([*table[:4]]) + ",".join(inches) + "\n" + write(table[5:]),
               [*ROWS[:3], inches, *ROWS[4:]])
    for name, end in (("LF", "\n"), ("CRLF", "\r\n")):
        broken = [*ROWS[5][:6], f"first line{end}second, line"]
        yield make(f"a quoted line break {name}", write([*table[:6], broken, *table[7:]], end=end),
                   [*ROWS[:5], broken, *ROWS[6:]])
    long = [*ROWS[7][:6], "very " * 4000 + "long"]
    yield make("a cell of 20,000 characters", write([*table[:8], long, *table[9:]]), [*ROWS[:7], long, *ROWS[8:]])
    # several tables
    orders = [["Order", "Total"], ["O1", "12.50"], ["O2", "7.00"], ["O3", "9.10"]]
    yield make("a narrower table below", CLEAN + "\n" + write(orders))
    yield make("a narrower table below, with a title", CLEAN + "\nOrders\n" + write(orders))
    calls = [["Agent", "Day", "Calls", "Waits", "Minutes", "Cost", "Team"],
             *[["Ann", "2025-03-01", str(n), "2", "31", "12.5", "North"] for n in range(4)]]
    yield make("a table as wide below", CLEAN + "\n" + write(calls))
    wider = [[*row, "1"] if n else [*row, "Shift"] for n, row in enumerate(calls)]
    yield make("a wider table below", CLEAN + "\n" + write(wider))
    yield make("a narrower table below, no blank line", CLEAN + write(orders))


def ours(path: Path) -> tuple[list[str], Rows]:
    from cx import intake

    table = intake.read(path)[0]
    return (table.header if table.header_row is not None else []), table.rows


def duckdb_auto(path: Path, options: str = "") -> tuple[list[str], Rows]:
    import duckdb

    relation = duckdb.connect().execute(f"SELECT COLUMNS(*)::VARCHAR FROM read_csv('{path}'{options})")
    return [each[0] for each in relation.description], [["" if cell is None else cell for cell in row]
                                                       for row in relation.fetchall()]


def duckdb_tolerant(path: Path) -> tuple[list[str], Rows]:
    return duckdb_auto(path, ", ignore_errors = true, null_padding = true, strict_mode = false")


def pandas(path: Path) -> tuple[list[str], Rows]:
    import pandas as pd

    frame = pd.read_csv(path, sep=None, engine="python", dtype=str, keep_default_na=False, on_bad_lines="skip",
                        encoding_errors="replace")
    return [str(name) for name in frame.columns], [["" if cell is None or cell != cell else str(cell) for cell in row]
                                                   for row in frame.itertuples(index=False)]


def polars(path: Path) -> tuple[list[str], Rows]:
    import polars as pl

    frame = pl.read_csv(path, infer_schema=False, truncate_ragged_lines=True, ignore_errors=True, encoding="utf8-lossy")
    return frame.columns, [["" if cell is None else cell for cell in row] for row in frame.rows()]


def clevercsv(path: Path) -> tuple[list[str], Rows]:
    import clevercsv as reader

    rows = reader.read_table(str(path))
    return rows[0], rows[1:]


READERS: dict[str, Callable[[Path], tuple[list[str], Rows]]] = {
    "CX Journey": ours, "DuckDB auto": duckdb_auto, "DuckDB tolerant": duckdb_tolerant, "pandas": pandas, "polars": polars,
    "CleverCSV": clevercsv}
MEASURES = ("success", *(f"{level} {measure}" for level in ("header", "record", "cell")
                         for measure in ("precision", "recall", "F1")))


def score(found: tuple[list[str], Rows] | None, truth: Polluted) -> list[float]:
    """The ten measures of one file."""
    if found is None:
        return [0.0] * 10
    header, rows = found
    if truth.header is None:  # names a reader made up, or took from the first row, are judged by the records
        header = []
    pairs = [(_trim(header), _trim(truth.header or [])), ([tuple(_trim(row)) for row in rows], [tuple(_trim(row)) for row in truth.rows]),
             ([cell for row in rows for cell in _trim(row)], [cell for row in truth.rows for cell in _trim(row)])]
    return [1.0, *(measure for got, wanted in pairs for measure in _overlap(got, wanted))]


def _trim(row: Sequence[str]) -> list[str]:
    """Without spaces around the cells, blank cells at the end, zeros that say nothing, and the kind of line end."""
    cells = [cell.strip().replace("\r\n", "\n") for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return [cell.rstrip("0").rstrip(".") if re.fullmatch(r"\d+\.\d+", cell) else cell for cell in cells]


def _overlap(found: Sequence[object], wanted: Sequence[object]) -> tuple[float, float, float]:
    both = sum((Counter(found) & Counter(wanted)).values())
    precision = both / len(found) if found else float(not wanted)
    recall = both / len(wanted) if wanted else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=Path, help="write the polluted files here and keep them")
    parser.add_argument("--worst", type=int, default=0, help="list this many files on which CX Journey loses most")
    given = parser.parse_args()
    files = list(polluted())
    scores: dict[str, list[list[float]]] = {name: [] for name in READERS}
    with tempfile.TemporaryDirectory() as folder:
        target = given.files or Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        for number, file in enumerate(files):
            path = target / f"{number:03}.csv"
            path.write_bytes(file.content)
            for name, read in READERS.items():
                try:
                    found = read(path)
                except Exception:  # whatever a reader raises: it did not load the file
                    found = None
                scores[name].append(score(found, file))
    print(f"{len(files)} files\n\n| Reader | Score of 10 | success | header F1 | record F1 | cell F1 | perfect |\n|---|---|---|---|---|---|---|")
    for name, rows in sorted(scores.items(), key=lambda each: -sum(map(sum, each[1]))):
        mean = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
        perfect = sum(min(row) == 1 for row in rows)
        print(f"| {name} | {sum(mean):.2f} | {mean[0]:.3f} | {mean[3]:.3f} | {mean[6]:.3f} | {mean[9]:.3f} | {perfect} |")
    order = sorted(range(len(files)), key=lambda number: sum(scores["CX Journey"][number]))
    for number in order[:given.worst]:
        best = max((name for name in READERS if name != "CX Journey"), key=lambda name: sum(scores[name][number]))
        print(f"{sum(scores['CX Journey'][number]):6.2f}  {files[number].name}  (best other: {best} "
              f"{sum(scores[best][number]):.2f})")


if __name__ == "__main__":
    main()
