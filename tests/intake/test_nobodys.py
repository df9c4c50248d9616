"""Contacts and answers whose customer is empty while others have one, as in calls of withheld numbers."""

import pytest

from cx import intake, open_store
from cx.language import language

from .files import text_file

CALLS = "Call ID,Customer ID,Call date,Queue,Wait (sec)\n" + "".join(
    f"K{n},{'' if n % 5 == 0 else f'C{n % 7}'},2026-03-{n:02},Billing,{n * 10}\n" for n in range(1, 26))


def _counted(store):
    return store.rows("SELECT count(*) FILTER (NOT anonymous), count(*) FILTER (anonymous) FROM interactions "
                      "JOIN customers USING (customer_key)")[0]


def test_a_call_that_says_no_number_counts_for_nobody_known(tmp_path):
    path, store, tr = text_file(tmp_path, CALLS), open_store(":memory:"), language("tr")
    plan = intake.propose(path)
    [before] = [tr(problem.text) for problem in plan.problems if problem.code == "nobodys"]
    assert before == "“Customer ID” 5 satırda boş: anonim katılımcı sayılır; puanlara girer, yolculuklara girmez."
    receipt = intake.load(store, path, plan)
    assert (receipt.accepted, receipt.rejected) == (25, 0)
    assert before in map(tr, receipt.notes)
    assert _counted(store) == (20, 5)
    assert store.value("SELECT count(*) FROM customers WHERE NOT anonymous") == 7
    again = intake.load(store, path)
    assert (again.accepted, again.duplicates) == (0, 25)


def test_who_it_was_is_filled_in_later_and_taken_back_again(tmp_path):
    store = open_store(":memory:")
    intake.load(store, text_file(tmp_path, CALLS))
    mended = text_file(tmp_path, CALLS.replace("K10,,", "K10,C3,"), "mended.csv")
    receipt = intake.load(store, mended)
    assert (receipt.corrected, receipt.duplicates, receipt.rejected) == (1, 24, 0)
    assert _counted(store) == (21, 4)
    intake.undo(store, receipt.upload_id)
    assert _counted(store) == (20, 5)


def test_answers_without_a_customer_count_too(tmp_path):
    content = "Response ID,Customer no,Date,How satisfied are you with delivery (1-5),How satisfied are you with price (1-5)\n"
    content += "".join(f"R{n},{'' if n == 4 else f'C{n}'},2026-03-{n:02},{n % 5 + 1},{(n + 2) % 5 + 1}\n" for n in range(1, 21))
    path, store = text_file(tmp_path, content), open_store(":memory:")
    plan = intake.propose(path)
    assert plan.layout == "survey"
    assert intake.load(store, path, plan).rejected == 0
    assert _counted(store) == (38, 2)


WITHOUT_NUMBERS = "\n".join(line.partition(",")[2] for line in CALLS.splitlines()) + "\n"
ORDERS = "Order No,Customer,Order date,Amount,Quantity\n" + "".join(
    f"O{n},{'' if n % 5 == 0 else f'C{n}'},2026-03-{n:02},{n}.50,1\n" for n in range(1, 26))


@pytest.mark.parametrize("content", [WITHOUT_NUMBERS, ORDERS])
def test_what_nothing_finds_again_and_orders_must_say_who_it_was(tmp_path, content):
    receipt = intake.load(open_store(":memory:"), text_file(tmp_path, content))
    assert (receipt.accepted, receipt.rejected) == (20, 5)
    assert set(receipt.rejects["reason"]) == {"The customer is empty. Fill in who it was."}
