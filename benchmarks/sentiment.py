"""How right the sentiment of comments is, against VADER and always saying the most frequent class, and how quick.

    python benchmarks/sentiment.py [--snippets amazonReviewSnippets_GroundTruth.txt]

Held out: benchmarks/comments/held_out.*.tsv, own comments written before the first rule was, never tuned on; and, when
given, sentences of real reviews rated by people, from VADER's source distribution on PyPI (MIT): their odd half
by hash (the even half was for tuning), positive from +1 and negative from −1 of −4…+4, between them neutral.
A class that is not told (unknown) counts as wrong in accuracy and F1; the last two columns count it as neutral, as is
what VADER says of nothing found. VADER's classes are those its authors recommend (compound ±0.05).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from cx.sentiment import judge, judge_all

HERE = Path(__file__).parent
Labelled = list[tuple[int, str, str]]  # label, kind, text


def held_out(language: str) -> Labelled:
    with (HERE / "comments" / f"held_out.{language}.tsv").open(encoding="utf-8") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        return [(int(label), kind, comment) for label, kind, comment in rows]


def snippets(path: Path, half: int) -> Labelled:
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        name, rating, comment = line.split("\t")
        if hashlib.md5(name.encode()).digest()[0] % 2 == half:
            found.append(((float(rating) >= 1) - (float(rating) <= -1), "review", comment))
    return found


def accuracy_and_f1(pairs: list[tuple[int, int | None]]) -> str:
    f1 = []
    for each in (-1, 0, 1):
        hit = sum(true == said == each for true, said in pairs)
        told, real = sum(said == each for _, said in pairs), sum(true == each for true, _ in pairs)
        f1.append(2 * hit / (told + real) if told + real else 0.0)
    return f"{sum(true == said for true, said in pairs) / len(pairs):8.3f} {sum(f1) / 3:8.3f}"


def scores(labelled: Iterable[tuple[int, int | None]]) -> str:
    """Accuracy, macro-F1; of the positive and negative ones: how many are told as either, how many of these are right;
    accuracy and macro-F1 with the unknown as neutral."""
    pairs = list(labelled)
    polar = [(true, said) for true, said in pairs if true]
    told = [(true, said) for true, said in polar if said]
    return (f"{accuracy_and_f1(pairs)} {len(told) / len(polar):9.3f} "
            f"{sum(true == said for true, said in told) / max(1, len(told)):9.3f}  "
            f"{accuracy_and_f1([(true, said or 0) for true, said in pairs])}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--snippets", type=Path)
    path = asked.parse_args().snippets
    vader = SentimentIntensityAnalyzer()

    def by_vader(comment: str) -> int:
        compound = vader.polarity_scores(comment)["compound"]
        return (compound >= 0.05) - (compound <= -0.05)

    sets = {"own, Turkish": held_out("tr"), "own, English": held_out("en")}
    if path:
        sets["reviews, English"] = snippets(path, 1)
    print(f"{'':38}{'accuracy':>8} {'macro-F1':>8} {'± told':>9} {'± right':>9}  {'accuracy':>8} {'macro-F1':>8}")
    for name, labelled in sets.items():
        labels = [label for label, _, _ in labelled]
        most = max((-1, 0, 1), key=labels.count)
        ways: dict[str, Callable[[str], int | None]] = {
            "cx.sentiment": lambda comment: judge(comment).emotion, "VADER": by_vader,
            "most frequent class": lambda _, most=most: most}  # type: ignore[misc]
        for way, said in ways.items():
            told = scores((label, said(comment)) for label, _, comment in labelled)
            print(f"{name:17} {way:20}{told}  n {len(labels)}")
    for name in ("own, Turkish", "own, English"):
        kinds = dict.fromkeys(kind for _, kind, _ in sets[name])
        print(f"{name}, right by kind: " + ", ".join(
            f"{kind} {sum(judge(comment).emotion == label for label, of, comment in sets[name] if of == kind)}"
            f"/{sum(of == kind for _, of, _ in sets[name])}" for kind in kinds))
    for name, labelled in sets.items():
        comments = [comment for _, _, comment in labelled] * (1 + 2000 // len(labelled))
        judge_all(comments)
        best = min(_seconds(comments) for _ in range(3))
        words = sum(len(comment.split()) for comment in comments) / len(comments)
        print(f"{name}: {len(comments) / best:,.0f} comments/s of {words:.0f} words (one core)")


def _seconds(comments: list[str]) -> float:
    begun = time.process_time()
    judge_all(comments)
    return time.process_time() - begun


if __name__ == "__main__":
    main()
