"""The same export in another form is told before it is loaded, row for row, and can be taken as the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from cx import intake, open_store
from cx.intake import columns
from cx.intake.seen_before import SeenBefore
from tests.intake.files import text_file
from tests.intake.snapshots import snapshot

HEADER = "Customer no,Date,Touchpoint,NPS"


def lines(*, header: str = HEADER, when: str = "2026-01-{day:02} 10:{n:02}:{s:02}.25", more: str = "", first: int = 0,
          last: int = 20, who: str = "c{n}") -> str:
    """Twenty answers, a day and a minute apart."""
    return header + "\n" + "".join(
        ",".join([*([who.format(n=n)] if who else []), *([when.format(day=n + 1, n=n, s=3 * n % 60)] if when else []),
                  "Delivery", str(n * 7 % 11)]) + more + "\n" for n in range(first, last))


def told(found: SeenBefore) -> tuple[int, int, int, int]:
    return found.rows, found.there, found.corrected, found.similar


FIRST = lines()
NOBODY = "Date,Touchpoint,NPS"
# what comes after FIRST → (rows, there already, correct an earlier one, similar), how the times differ
AGAIN = {
    "the same": (FIRST, (20, 20, 0, 0), None),
    "sorted otherwise": ("\n".join([HEADER, *reversed(FIRST.splitlines()[1:])]), (20, 20, 0, 0), None),
    "grown": (lines(last=25), (25, 20, 0, 0), None),
    "two answers corrected": (FIRST.replace("Delivery,7\n", "Delivery,8\n"), (20, 18, 2, 0), None),
    "fractions of seconds cut": (FIRST.replace(".25", ""), (20, 0, 0, 20), "less than a second apart"),
    "seconds cut": (lines(when="2026-01-{day:02} 10:{n:02}"), (20, 0, 0, 20), "less than a minute apart"),
    "days only": (lines(when="2026-01-{day:02}"), (20, 0, 0, 20), "on the same day"),
    "days only, in Turkish": (lines(when="{day:02}.01.2026").replace(",", ";"), (20, 0, 0, 20), "on the same day"),
    "seconds rounded": ("\n".join([HEADER, *(
        f"c{n},2026-01-{n + 1:02} 10:{n + (3 * n % 60 + 30) // 60:02},Delivery,{n * 7 % 11}" for n in range(20))]),
        (20, 0, 0, 20), "less than a minute apart"),
    "another time zone": (lines(when="2026-01-{day:02} 13:{n:02}:{s:02}.25"), (20, 0, 0, 20), "3 h apart"),
    "grown and seconds cut": (lines(when="2026-01-{day:02} 10:{n:02}", last=30), (30, 0, 0, 20),
                              "less than a minute apart"),
    "part of it, seconds cut": (lines(when="2026-01-{day:02} 10:{n:02}", last=6), (6, 0, 0, 6),
                                "less than a minute apart"),
    "other customers": (lines(who="d{n}"), (20, 0, 0, 0), None),
    "the next month": (lines(when="2026-02-{day:02} 10:{n:02}"), (20, 0, 0, 0), None),
    "other answers, seconds cut": (lines(when="2026-01-{day:02} 10:{n:02}").replace("Delivery,", "Delivery,1"),
                                   (20, 0, 0, 0), None),  # beyond the scale but for two
}


def load(store, folder: Path, content: str, name: str, same: bool | None = None):
    path = text_file(folder, content, name)
    plan = intake.propose(path, store=store)
    plan.undated = True
    for sheet in plan.sheets:
        sheet.same = same if same is not None else sheet.same
    return intake.load(store, path, plan)


def seen(store, folder: Path, content: str, name: str = "again.csv") -> SeenBefore:
    path = text_file(folder, content, name)
    plan = intake.propose(path, store=store)
    plan.undated = True
    return intake.seen_before(store, path, plan)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    store = open_store(":memory:")
    load(store, tmp_path_factory.mktemp("first"), FIRST, "first.csv")
    yield store
    store.close()


@pytest.mark.parametrize("what", AGAIN)
def test_what_the_workspace_holds_already_is_counted_before_loading(first, tmp_path: Path, what: str):
    content, expected, apart = AGAIN[what]
    found = seen(first, tmp_path, content)
    assert told(found) == expected
    assert [(each.name, str(each.apart)) for each in found.earlier] == ([("first.csv", apart)] if apart else [])


# of nobody or by number: (first file, second file) → similar rows
PAIRS = {
    "a column more": (lines(header=NOBODY, who=""), lines(header=NOBODY + ",Shop", who="", more=",Ankara"), 20),
    "numbered answers with a column more": (
        lines(header="Response id,Date,Touchpoint,NPS", who="r{n}"),
        lines(header="Response id,Date,Touchpoint,NPS,Shop", who="r{n}", more=",Ankara"), 20),
    "nobody's, seconds cut": (lines(header=NOBODY, who=""),
                              lines(header=NOBODY, who="", when="2026-01-{day:02} 10:{n:02}"), 20),
    "a score more, seconds cut": (FIRST, lines(header=HEADER + ",CSAT", when="2026-01-{day:02} 10:{n:02}", more=",4"), 20),
    "a score more, days only": (FIRST, lines(header=HEADER + ",CSAT", when="2026-01-{day:02}", more=",4"), 0),
    "many alike, as many": ("Date,Touchpoint,NPS\n" + "2026-01-05,Delivery,9\n" * 8 + "2026-01-06,Delivery,3\n" * 5,
                            "Date,Touchpoint,NPS,Shop\n" + "2026-01-05,Delivery,9,A\n" * 8
                            + "2026-01-06,Delivery,3,B\n" * 5, 13),
    "many alike, not as many": ("Date,Touchpoint,NPS\n" + "2026-01-05,Delivery,9\n" * 8,
                                "Date,Touchpoint,NPS,Shop\n" + "2026-01-05,Delivery,9,A\n" * 9, 0),
    "undated under another name": (lines(header="Customer no,Touchpoint,NPS", when=""),
                                   lines(header="Customer no,Touchpoint,NPS", when=""), 20),
    "undated, half of the answers others": (
        lines(header="Customer no,Touchpoint,NPS", when=""),
        lines(header="Customer no,Touchpoint,NPS", when="", last=12) + "".join(
            f"c{n},Delivery,{(n * 7 + 1) % 11}\n" for n in range(12, 20)), 0),
}


@pytest.mark.parametrize("what", PAIRS)
def test_rows_of_nobody_undated_or_with_a_column_more_are_known_again(tmp_path: Path, what: str):
    before, after, similar = PAIRS[what]
    store = open_store(":memory:")
    load(store, tmp_path, before, "before.csv")
    rows = after.count("\n") - 1
    assert told(seen(store, tmp_path, after)) == (rows, 0, 0, similar)


@pytest.mark.parametrize("what", ["fractions of seconds cut", "grown and seconds cut", "another time zone"])
def test_rows_that_are_the_same_correct_the_earlier_ones_and_undo_brings_these_back(tmp_path: Path, what: str):
    store, alone = open_store(":memory:"), open_store(":memory:")
    first = load(store, tmp_path, FIRST, "first.csv")
    before = snapshot(store)
    content, (rows, *_, similar), _ = AGAIN[what]
    again = load(store, tmp_path, content, "again.csv", same=True)
    assert (again.accepted, again.replaced, again.duplicates) == (rows, similar, 0)
    load(alone, tmp_path, content, "again.csv")
    assert snapshot(store) == snapshot(alone)
    intake.undo(store, again.upload_id)
    assert snapshot(store) == before
    again = load(store, tmp_path, content, "again.csv")  # remembered
    intake.undo(store, first.upload_id)
    assert snapshot(store) == snapshot(alone)
    assert again.replaced == similar
    assert told(seen(store, tmp_path, content)) == (rows, rows, 0, 0)
    corrected = load(store, tmp_path, content.replace("Delivery,7\n", "Delivery,8\n"), "corrected.csv")
    assert (corrected.accepted, corrected.replaced, corrected.duplicates) == (
        n := content.count("Delivery,7\n"), n, rows - n)
    intake.undo(store, again.upload_id)
    repeated = load(store, tmp_path, content, "once more.csv")
    assert store.value("SELECT count(*) FROM interactions") == rows
    intake.undo(store, corrected.upload_id)
    intake.undo(store, repeated.upload_id)
    assert store.value("SELECT count(*) FROM row_aliases") == 0


@pytest.mark.parametrize("what", ["a column more", "many alike, as many"])
def test_rows_of_nobody_that_are_the_same_are_there_once(tmp_path: Path, what: str):
    before, after, similar = PAIRS[what]
    store, alone = open_store(":memory:"), open_store(":memory:")
    load(store, tmp_path, before, "before.csv")
    again = load(store, tmp_path, after, "after.csv", same=True)
    load(alone, tmp_path, after, "after.csv")
    assert store.rows("SELECT count(*), count(DISTINCT customer_key) FROM interactions") == [(similar, similar)]
    assert snapshot(store)["interactions"] == snapshot(alone)["interactions"]
    one_form = snapshot(store)
    back = load(store, tmp_path, before, "once more.csv")
    assert store.rows("SELECT count(*), count(DISTINCT row_key) FROM interactions") == [(similar, similar)]
    intake.undo(store, back.upload_id)
    assert snapshot(store) == one_form
    intake.undo(store, again.upload_id)
    assert store.rows("SELECT count(*) FROM interactions") == [(similar,)]


def test_without_an_answer_no_row_is_lost(tmp_path: Path):
    store = open_store(":memory:")
    load(store, tmp_path, FIRST, "first.csv")
    assert load(store, tmp_path, AGAIN["seconds cut"][0], "again.csv").accepted == 20
    assert store.value("SELECT count(*) FROM interactions") == 40


IDS = "Response id,Date,Touchpoint,NPS"


def answers(*given: tuple[str, int, str, int], header: str = IDS) -> str:
    """Answers: (id, day of January, touchpoint, NPS)."""
    return header + "\n" + "".join(f"{who},2026-01-{day:02} 10:00,{place},{nps}\n" for who, day, place, nps in given)


TEN = [(f"r{n}", n + 1, "Delivery", n) for n in range(10)]
# what comes first, what then → (there already, correct an earlier one, new)
NUMBERED = {
    "the same twice in the file": (answers(*TEN), answers(*TEN, *TEN[:3]), (13, 0, 0)),
    "new, and twice in the file": (answers(*TEN), answers(*TEN, ("r10", 11, "Store", 4), ("r10", 11, "Store", 4)), (11, 0, 1)),
    "an id again with other contents": (answers(*TEN), answers(*TEN, ("r3", 4, "Store", 4)), (10, 0, 1)),
    "the other contents first": (answers(*TEN), answers(("r3", 4, "Store", 4), *TEN), (9, 1, 1)),
    "one corrected, and again": (answers(*TEN), answers(*TEN[:3], ("r3", 4, "Delivery", 9), *TEN[4:], ("r3", 4, "Delivery", 9)),
                                 (10, 1, 0)),
    "numbers that begin anew": (answers(*TEN), answers(*((who, day + 12, "Store", 10 - nps) for who, day, _, nps in TEN)),
                                (0, 0, 10)),
    "three contacts in one minute": (
        answers(*[("c1", 1, "Store", 9)] * 2, header=HEADER), answers(*[("c1", 1, "Store", 9)] * 3, header=HEADER), (2, 0, 1)),
}


@pytest.mark.parametrize("what", NUMBERED)
def test_what_is_announced_is_what_the_receipt_says(tmp_path: Path, what: str):
    before, after, (there, corrected, new) = NUMBERED[what]
    store = open_store(":memory:")
    load(store, tmp_path, before, "before.csv")
    found = seen(store, tmp_path, after, "after.csv")
    assert (found.there, found.corrected, found.rows - found.there - found.corrected) == (there, corrected, new)
    receipt = load(store, tmp_path, after, "after.csv")
    assert (receipt.duplicates, receipt.replaced, receipt.accepted - receipt.replaced) == (there, corrected, new)
    again = seen(store, tmp_path, after, "after.csv")
    assert (again.rows, again.there) == (there + corrected + new,) * 2


def test_looking_stores_nothing(tmp_path: Path):
    store = open_store(":memory:")
    load(store, tmp_path, answers(*TEN), "before.csv")
    before, version = snapshot(store), store.data_version
    seen(store, tmp_path, NUMBERED["numbers that begin anew"][1].replace("Store", "Nowhere yet"))
    assert (snapshot(store), store.data_version) == (before, version)


def test_all_rows_of_a_file_are_compared_however_long_it_is(tmp_path: Path):
    """The last of it look like an earlier upload."""
    store = open_store(":memory:")
    load(store, tmp_path, FIRST, "first.csv")
    others = "".join(f"k{n % 900},2026-02-{n % 28 + 1:02} {n // 60 % 24:02}:{n % 60:02},Store,{n % 11}\n" for n in range(100_000))
    cut = AGAIN["seconds cut"][0].removeprefix(HEADER + "\n")
    found = seen(store, tmp_path, HEADER + "\n" + others + cut)
    assert (found.rows, found.similar, found.asks) == (100_020, 20, (True,))


def test_rows_that_are_the_same_lie_on_disk_where_they_are_many(tmp_path: Path, monkeypatch):
    """So that the memory of a load does not grow with them."""
    made = []

    class Counted(columns.Columns):
        def __init__(self, given, folder=None):
            super().__init__(given, folder)
            made.append(folder)

    monkeypatch.setattr(columns, "Columns", Counted)
    monkeypatch.setattr(columns, "_AT_ONCE", 1_000)
    store = open_store(":memory:")
    many = 5_000
    exact, cut = (HEADER + "\n" + "".join(f"c{n},2026-01-{n % 28 + 1:02} 10:{n % 60:02}{seconds},Delivery,{n % 11}\n"
                                          for n in range(many)) for seconds in (":17", ""))
    first = load(store, tmp_path, exact, "exact.csv")
    before = snapshot(store)
    again = load(store, tmp_path, cut, "cut.csv", same=True)
    assert (first.accepted, again.accepted, again.replaced) == (many, many, many)
    assert sum(folder is not None for folder in made) == 2  # the keys they took, and the rows they met
    assert store.value("SELECT count(*) FROM interactions") == many
    intake.undo(store, again.upload_id)
    assert snapshot(store) == before


def test_which_rows_will_not_be_loaded_is_known_before_by_the_reasons_of_the_load(first, tmp_path: Path):
    content = (HEADER + "\nc1,32.13.2026,Delivery,9\nc2,05.01.2026,Delivery,8\n,06.01.2026,Delivery,7\n"
               ",07.01.2026,Delivery,7\nc4,28.01.2026,Delivery,7\n")
    for store in (first, open_store(":memory:")):  # with rows to compare with, and with none
        found = seen(store, tmp_path, content)
        assert (found.rejected, [(each.rows, each.row) for each in found.reasons]) == (3, [(2, 4), (1, 2)])
    receipt = load(open_store(":memory:"), tmp_path, content, "again.csv")
    assert receipt.rejected == 3
    assert {each.text.id for each in found.reasons} == {each.id for each in receipt.rejects["text"]}


def test_the_counts_of_a_receipt_add_up_to_the_rows_of_its_file(tmp_path: Path):
    store = open_store(":memory:")
    orders = "order no,customer no,order date,promised delivery date,delivered on,amount\n" + "".join(
        f"A-{n},c{n},2026-01-{n + 1:02},2026-01-20,2026-01-{n + 11:02},{n + 10}\n" for n in range(9))
    load(store, tmp_path, orders, "orders.csv")
    changed = orders.replace("A-3,c3", "A-3,d3").replace(",12\n", ",13\n") + "\nA-20,c1,2026-99-99,,,5\nA-21,c1,2026-02-01,,,5\n"
    again = load(store, tmp_path, changed, "orders.csv")
    assert (again.accepted, again.corrected, again.duplicates, again.rejected) == (3, 2, 7, 1)
    assert again.rows == again.accepted + again.duplicates + again.rejected + again.skipped
