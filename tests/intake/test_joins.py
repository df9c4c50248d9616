"""A sheet without customers gets them by a number it shares with rows that name them."""

from __future__ import annotations

import pytest

from cx import intake, open_store
from tests.intake.files import text_file, workbook

ORDERS = "order no,customer no,order date,amount\n" + "".join(
    f"o{n},c{n % 4},2025-03-{n + 1:02},{10 + n}\n" for n in range(12))
REVIEWS = "order no,review date,rating,courier\n" + "".join(f"o{n},2025-04-{n + 1:02},{1 + n % 5},k{n % 2}\n" for n in range(9)) + (
    "o99,2025-04-20,3,k1\n")


def who(store):
    return store.rows("SELECT CASE WHEN c.anonymous THEN NULL ELSE c.customer_id END, count(*) FROM interactions "
                      "JOIN customers c USING (customer_key) WHERE csat IS NOT NULL GROUP BY 1 ORDER BY 1 NULLS LAST")


BY_CUSTOMER = [("c0", 3), ("c1", 2), ("c2", 2), ("c3", 2), (None, 1)]


def test_reviews_get_the_customers_of_their_orders_and_rows_without_one_are_told(tmp_path):
    store = open_store(":memory:")
    intake.load(store, text_file(tmp_path, ORDERS, "orders.csv"))
    path = text_file(tmp_path, REVIEWS, "reviews.csv")
    plan = intake.propose(path, store=store)
    assert plan.join == {"key": "order_id"}
    assert plan.sheet.offered == {"key": "order_id", "column": "order no", "matched": 9, "of": 10}
    assert plan.open_problems() == []
    receipt = intake.load(store, path, plan)
    assert (receipt.accepted, receipt.rejected) == (10, 0)
    assert who(store) == BY_CUSTOMER
    assert any("1 row has no known customer by “order no”" in str(note) for note in receipt.notes)
    assert store.value("SELECT count(*) FROM interactions WHERE attributes['courier'] IS NOT NULL") == 10
    again = intake.load(store, path)  # remembered, joined again
    assert (again.accepted, again.duplicates) == (0, 10)
    intake.undo(store, receipt.upload_id)
    intake.undo(store, again.upload_id)
    assert who(store) == []


def test_the_join_can_be_taken_back_or_asked_for(tmp_path):
    path = text_file(tmp_path, REVIEWS, "reviews.csv")
    alone = open_store(":memory:")
    assert intake.propose(path, store=alone).join is None
    store = open_store(":memory:")
    intake.load(store, text_file(tmp_path, ORDERS, "orders.csv"))
    plan = intake.propose(path, store=store)
    plan.join = None
    assert intake.Plan.from_json(plan.to_json()).join is None
    intake.load(store, path, plan)
    assert who(store) == [(None, 10)]
    asked = open_store(":memory:")
    intake.load(asked, tmp_path / "orders.csv")
    plan = intake.propose(path)
    plan.join = {"key": "order_id"}
    intake.load(asked, path, plan)
    assert who(asked) == BY_CUSTOMER


def test_reviews_loaded_before_their_orders_are_corrected_when_loaded_again(tmp_path):
    store = open_store(":memory:")
    path = text_file(tmp_path, REVIEWS, "reviews.csv")
    plan = intake.propose(path, store=store)
    plan.join = {"key": "order_id"}
    intake.load(store, path, plan)
    assert who(store) == [(None, 10)]
    intake.load(store, text_file(tmp_path, ORDERS, "orders.csv"))
    receipt = intake.load(store, path)
    assert (receipt.accepted, receipt.replaced, receipt.duplicates) == (9, 9, 1)
    assert who(store) == BY_CUSTOMER


def test_answers_about_tickets_find_the_customer_of_the_ticket(tmp_path):
    store = open_store(":memory:")
    intake.load(store, text_file(tmp_path, "ticket id,customer,created,channel\n" + "".join(
        f"T{n},c{n % 3},2025-01-{n + 1:02},phone\n" for n in range(9)), "tickets.csv"))
    path = text_file(tmp_path, "Ticket ID,Answered at,CSAT\n" + "".join(f"T{n},2025-02-01,4\n" for n in range(6)), "csat.csv")
    plan = intake.propose(path, store=store)
    assert plan.join == {"key": "record_id"}
    intake.load(store, path, plan)
    assert who(store) == [("c0", 2), ("c1", 2), ("c2", 2)]


def test_leads_and_deals_meet_by_a_further_column(tmp_path):
    store = open_store(":memory:")
    intake.load(store, text_file(tmp_path, "customer,date,event,Quote ref\n" + "".join(
        f"c{n},2025-01-{n + 1:02},quote,Q-{n}\n" for n in range(9)), "leads.csv"))
    path = text_file(tmp_path, "Quote ref,Won on,Amount,Stage\n" + "".join(f"Q-{n},2025-02-0{n + 1},{n}0,won\n" for n in range(6)),
                     "deals.csv")
    plan = intake.propose(path, store=store)
    assert plan.join == {"key": "quote ref"}
    intake.load(store, path, plan)
    assert store.value("SELECT count(*) FROM interactions i JOIN customers c USING (customer_key) WHERE revenue IS NOT NULL "
                       "AND c.customer_id = 'c' || CAST(CAST(revenue / 10 AS INTEGER) AS VARCHAR)") == 6


def test_two_sheets_of_one_workbook_are_joined(tmp_path):
    path = workbook(tmp_path, {name: [line.split(",") for line in content.strip().split("\n")]
                               for name, content in (("Reviews", REVIEWS), ("Orders", ORDERS))})
    store = open_store(":memory:")
    intake.load(store, path)
    assert who(store) == BY_CUSTOMER


@pytest.mark.parametrize("other", ["x1", "o1"])
def test_a_number_of_two_customers_belongs_to_nobody(tmp_path, other):
    store = open_store(":memory:")
    intake.load(store, text_file(tmp_path, ORDERS + f"{other},c9,2025-03-20,5\n", "orders.csv"))
    intake.load(store, text_file(tmp_path, REVIEWS, "reviews.csv"))
    assert dict(who(store))["c1"] == (1 if other == "o1" else 2)
