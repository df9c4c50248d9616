"""Exports of shops with a row for each line of an order."""

import numpy as np
import pytest

from cx import intake, open_store
from cx.errors import IntakeError
from cx.filters import Filters
from cx.intake.clean import Cleaned, Cleaner
from cx.intake.order_lines import find_lines
from cx.intake.plan import Plan
from cx.intake.shape import fields_of
from cx.metrics.kpi import kpis
from tests.intake.files import text_file

SHOPIFY = """Name,Email,Financial Status,Created at,Total,Lineitem quantity,Lineitem name,Lineitem price,Source
#1001,a@example.com,paid,2026-03-09 08:49:00,60,1,Cup,20,web
#1001,a@example.com,,,,2,Plate,20,
#1001,a@example.com,,,,1,Knife,0,
#1002,b@example.com,paid,2026-03-10 09:00:00,15,1,Cup,15,web
#1003,a@example.com,paid,2026-04-11 10:00:00,35,1,Cup,20,app
#1003,a@example.com,,,,1,Fork,15,
"""
WOO = """Order Number,Customer Email,Order Date,Order Total Amount,Item Name,Quantity
5201,a@example.com,2026-03-09 08:49,60,Cup,1
5201,a@example.com,2026-03-09 08:49,60,Plate,2
5202,b@example.com,2026-03-10 09:00,15,Cup,1
"""
PLAIN_TOTAL = """Sipariş Numarası;Müşteri No;Sipariş Tarihi;Tutar;Ürün;Adet
900000011;M1;09.03.2026 08:49;60;Bardak;1
900000011;M1;09.03.2026 08:49;60;Tabak;2
900000012;M2;10.03.2026 09:00;45;Bardak;1
900000012;M2;10.03.2026 09:00;45;Çatal;2
900000013;M1;11.04.2026 10:00;35;Bardak;1
900000013;M1;11.04.2026 10:00;35;Tabak;1
"""
LINE_AMOUNTS = """Sipariş Numarası;Müşteri No;Sipariş Tarihi;Tutar;Ürün;Adet
900000011;M1;09.03.2026 08:49;20;Bardak;1
900000011;M1;09.03.2026 08:49;40;Tabak;2
900000012;M2;10.03.2026 09:00;15;Bardak;1
900000013;M1;11.04.2026 10:00;20;Bardak;1
900000013;M1;11.04.2026 10:00;20;Tabak;1
"""
AMAZON = """amazon-order-id,buyer-email,purchase-date,item-price,product-name,quantity
114-3001-77,a@example.com,2026-03-09 08:49,20,Cup,1
114-3001-77,a@example.com,2026-03-09 08:49,20,Plate,1
114-3002-77,b@example.com,2026-03-10 09:00,15,Cup,1
114-3002-77,b@example.com,2026-03-10 09:00,15,Cup,1
114-3003-77,c@example.com,2026-03-11 09:00,15,Cup,1
114-3003-77,c@example.com,2026-03-11 09:00,15,Cup,1
"""


@pytest.mark.parametrize(("content", "rows", "orders", "revenue", "pieces", "continue_"), [
    pytest.param(SHOPIFY, 6, 3, 110, 7, 3, id="total in the first row only"),
    pytest.param(WOO, 3, 2, 75, 4, 1, id="total of the order on every row, and called so"),
    pytest.param(PLAIN_TOTAL, 6, 3, 140, 8, 3, id="total of the order on every row, by the values"),
    pytest.param(LINE_AMOUNTS, 5, 3, 115, 6, 2, id="amounts of lines"),
    pytest.param(AMAZON, 6, 3, 100, 6, 3, id="equal amounts of lines, called so"),
])
def test_lines_of_an_order_are_one_order_whose_total_counts_once(tmp_path, content, rows, orders, revenue, pieces,
                                                                 continue_):
    path, store = text_file(tmp_path, content), open_store(":memory:")
    receipt = intake.load(store, path)
    assert (receipt.rows, receipt.accepted, receipt.rejected, receipt.duplicates) == (rows, rows, 0, 0)
    found = kpis(store, Filters(), None).set_index("kpi")["value"]
    assert (found["orders"], found["revenue"]) == (orders, revenue)
    assert store.value("SELECT CAST(sum(quantity) AS INTEGER) FROM interactions") == pieces
    assert store.value("SELECT count(*) FROM interactions WHERE occurred_at IS NULL") == 0
    assert [note.values["n"] for note in receipt.notes if "continue" in note.id] == [continue_]
    again = intake.load(store, path)
    assert (again.accepted, again.duplicates, again.rejected) == (0, rows, 0)


@pytest.mark.parametrize(("content", "left_empty"), [
    (SHOPIFY, True), (WOO, False), (PLAIN_TOTAL, False), (AMAZON, False),
    (PLAIN_TOTAL.replace("900000011;M1;09.03.2026 08:49;60;Tabak", "900000011;M1;;60;Tabak"), True)])
def test_that_lines_took_date_or_customer_of_their_order_is_said_only_where_one_was_empty(tmp_path, content, left_empty):
    receipt = intake.load(open_store(":memory:"), text_file(tmp_path, content))
    [note] = [note.id for note in receipt.notes if "continue" in note.id]
    assert ("leave empty of date" in note or "leaves empty of date" in note) == left_empty


ITEMS = ("Cup", "Plate", "Fork")


def _sheet(header, rows):
    return f"Order No,Customer No,Order Date,{header},Item,Quantity\n" + "".join(
        f"A-{order},c{order},2026-03-0{order} 10:00,{amount},{ITEMS[item % 3]},{pieces}\n"
        for item, (order, amount, pieces) in enumerate(rows))


ALIKE = [(1, 50, 1), (1, 50, 1), (1, 50, 1), (2, 80, 1), (2, 80, 1), (3, 20, 1), (3, 20, 1)]
ONE_TELLS = [(1, 50, 1), (1, 50, 2), (2, 80, 1), (2, 80, 1), (3, 20, 1), (3, 20, 1)]
TWO_TELL = [(1, 50, 1), (1, 50, 2), (2, 80, 1), (2, 80, 3), (3, 20, 1), (3, 20, 1)]
SINGLE = [(1, 50, 1), (1, 50, 1), (2, 30, 1), (3, 40, 1)]


@pytest.mark.parametrize(("header", "rows", "whose", "revenue"), [
    ("Price", ALIKE, "line", 350), ("Fiyat", TWO_TELL, "line", 300), ("Bilet Fiyatı", ALIKE, "line", 350),
    ("Order Item Total", SINGLE, "line", 170), ("Line Amount", TWO_TELL, "line", 300),
    ("Order Total", ALIKE, "order", 150), ("Sipariş Tutarı", SINGLE, "order", 120), ("Amount", TWO_TELL, "order", 150),
    ("Amount", ONE_TELLS, "ambiguous", None), ("Amount", ALIKE, "ambiguous", None), ("Tutar", ALIKE, "ambiguous", None),
    ("Total Price", TWO_TELL, "ambiguous", None), ("Amount", SINGLE, None, 170),
    ("Amount", [(1, 20, 1), (1, 40, 2), (2, 30, 1), (2, 30, 1)], None, 120),
])
def test_whose_an_amount_is_that_the_rows_of_an_order_repeat_is_told_by_header_and_quantities_or_asked(
        tmp_path, header, rows, whose, revenue):
    path, store = text_file(tmp_path, _sheet(header, rows)), open_store(":memory:")
    plan = intake.propose(path)
    assert plan.sheet.column_of("revenue") == header
    assert plan.sheet.amounts.get(header) == whose
    assert [problem.code for problem in plan.open_problems()] == ["amounts"] * (whose == "ambiguous")
    assert [problem.severity for problem in plan.problems if problem.code == "amounts"] == (
        [] if whose is None else ["question" if whose == "ambiguous" else "note"])
    if revenue is not None:
        intake.load(store, path, plan)
        assert store.value("SELECT CAST(sum(revenue) AS INTEGER) FROM interactions") == revenue


@pytest.mark.parametrize(("answer", "revenue"), [("order", 150), ("line", 350)])
def test_an_answer_whose_an_amount_is_holds_through_corrections_and_for_the_next_file(tmp_path, answer, revenue):
    path, store = text_file(tmp_path, _sheet("Amount", ALIKE)), open_store(":memory:")
    plan = intake.propose(path, store=store)
    with pytest.raises(IntakeError, match="all rows of an order say the same amount"):
        intake.load(store, path, plan)
    plan.sheet.amounts["Amount"] = answer
    intake.reconsider(path, plan)
    assert not plan.open_problems()
    intake.load(store, path, Plan.from_json(plan.to_json()))
    assert store.value("SELECT CAST(sum(revenue) AS INTEGER) FROM interactions") == revenue
    later = text_file(tmp_path, _sheet("Amount", ALIKE).replace("A-", "B-"), "later.csv")
    intake.load(store, later)
    assert store.value("SELECT CAST(sum(revenue) AS INTEGER) FROM interactions") == 2 * revenue
    single = text_file(tmp_path, _sheet("Amount", SINGLE).replace("A-", "D-"), "single.csv")
    intake.load(store, single)
    assert store.value("SELECT CAST(sum(revenue) AS INTEGER) FROM interactions WHERE order_id LIKE 'D-%'") == (
        120 if answer == "order" else 170)
    telling = text_file(tmp_path, _sheet("Amount", TWO_TELL).replace("A-", "E-"), "telling.csv")
    intake.load(store, telling)  # quantities weigh less than what a person said
    assert store.value("SELECT CAST(sum(revenue) AS INTEGER) FROM interactions WHERE order_id LIKE 'E-%'") == (
        150 if answer == "order" else 300)
    differing = text_file(tmp_path, _sheet("Amount", [(1, 20, 1), (1, 40, 2), (2, 30, 1), (2, 10, 1)]).replace(
        "A-", "C-"), "differing.csv")
    plan = intake.propose(differing, store=store)
    assert "amounts" not in [problem.code for problem in plan.problems]
    intake.load(store, differing, plan)  # whatever was answered: these are amounts of rows
    assert store.value("SELECT CAST(sum(revenue) AS INTEGER) FROM interactions WHERE order_id LIKE 'C-%'") == 100
    assert intake.propose(later, store=store).sheet.amounts == {"Amount": answer}


def test_a_row_that_continues_an_order_takes_its_time_customer_and_channel_but_not_another_orders(tmp_path):
    store = open_store(":memory:")
    intake.load(store, text_file(tmp_path, SHOPIFY))
    assert store.rows("""
        SELECT order_id, CAST(occurred_at AS DATE)::VARCHAR, c.label, CAST(revenue AS INTEGER)
        FROM interactions LEFT JOIN channels c USING (channel_id) ORDER BY order_id, revenue NULLS LAST""") == [
            ("#1001", "2026-03-09", "web", 60), ("#1001", "2026-03-09", "web", None),
            ("#1001", "2026-03-09", "web", None), ("#1002", "2026-03-10", "web", 15),
            ("#1003", "2026-04-11", "app", 35), ("#1003", "2026-04-11", "app", None)]


def test_where_the_first_row_of_an_order_is_rejected_the_others_are_told_to_be_mended_there(tmp_path):
    store = open_store(":memory:")
    receipt = intake.load(store, text_file(tmp_path, SHOPIFY.replace("2026-04-11 10:00:00", "2026-13-41 10:00:00")))
    assert receipt.accepted == 4
    assert [(row, reason.startswith("The row continues an order")) for row, reason in zip(
        receipt.rejects["row"], receipt.rejects["reason"], strict=True)] == [(6, False), (7, True)]


@pytest.mark.parametrize("first", [
    pytest.param("5203,d,2026-03-12 08:49,,Cup,1", id="empty"),
    pytest.param("5203,d,2026-03-12 08:49,63,Cup,1,more,more", id="in a row that is rejected"),
])
def test_a_total_that_the_first_row_of_an_order_does_not_bring_counts_with_the_next_that_does(tmp_path, first):
    rows = [f"520{n},{'abcdef'[n]},2026-03-12 08:49,{60 + n},{item}" for n in range(6)
            for item in ("Cup,1", "Plate,2", "Fork,1")]
    rows[rows.index("5203,d,2026-03-12 08:49,63,Cup,1")] = first
    store = open_store(":memory:")
    intake.load(store, text_file(tmp_path, "\n".join([WOO.splitlines()[0], *rows]) + "\n"))
    assert kpis(store, Filters(), None).set_index("kpi").loc["revenue", "value"] == 60 + 61 + 62 + 63 + 64 + 65


def test_an_order_number_that_comes_again_for_another_customer_or_day_continues_nothing(tmp_path):
    store = open_store(":memory:")
    receipt = intake.load(store, text_file(
        tmp_path, "order no,customer no,order date,order total\nA-1001,a,2026-01-01,10\nA-1001,b,2026-01-01,10\n"
                  "A-1001,a,2026-01-02,10\nA-1001,a,2026-01-02,10\n"))
    assert receipt.accepted == 4
    assert store.rows("SELECT CAST(sum(revenue) AS INTEGER) FROM interactions") == [(30,)]


@pytest.mark.parametrize("day", ["2026-03-09 ", "09.03.2026 ", "2026-03-09T", "3/25/2026 "])
def test_lines_that_were_written_one_after_the_other_are_of_one_order(tmp_path, day):
    rows = [f"520{n},{'abcdef'[n]},{day}08:49:0{second}{'Z' if 'T' in day else ''},{60 + n},{item}" for n in range(6)
            for second, item in enumerate(("Cup,1", "Plate,2"))]
    store = open_store(":memory:")
    intake.load(store, text_file(tmp_path, "\n".join([WOO.splitlines()[0], *rows]) + "\n"))
    assert _held(store) == (12, 6, 60 + 61 + 62 + 63 + 64 + 65)


def test_a_delivery_that_is_told_on_each_line_is_one_and_a_later_parcel_another(tmp_path):
    store = open_store(":memory:")
    intake.load(store, text_file(
        tmp_path, "order no,customer no,order date,promised delivery date,delivered on,order total,item\n"
                  "A-1001,a,2026-01-01,2026-01-05,2026-01-06,10,x\nA-1001,a,2026-01-01,2026-01-05,2026-01-06,10,y\n"
                  "A-1001,a,2026-01-01,2026-01-05,2026-01-09,10,z\n"))
    assert store.rows("SELECT CAST(occurred_at AS DATE)::VARCHAR, delay_days FROM interactions "
                      "WHERE delay_days IS NOT NULL ORDER BY 1") == [("2026-01-06", 1), ("2026-01-09", 4)]


def test_a_delivery_whose_first_row_is_rejected_is_told_by_the_next(tmp_path):
    store = open_store(":memory:")
    receipt = intake.load(store, text_file(
        tmp_path, "order no,customer no,order date,promised delivery date,delivered on,order total,item,quantity\n"
                  "A-1001,a,2026-01-01,2026-01-05,2026-01-06,10,x,1,more,more\n"
                  "A-1001,a,2026-01-01,2026-01-05,2026-01-06,10,y,1\nA-1001,a,2026-01-01,2026-01-05,2026-01-06,10,z,1\n"
                  "A-1002,b,2026-01-01,2026-01-05,2026-01-09,10,x,1\n"))
    assert receipt.rejected == 1
    assert store.rows("SELECT delay_days FROM interactions WHERE delay_days IS NOT NULL ORDER BY 1") == [(1,), (4,)]


def test_an_order_goes_on_in_the_next_part_of_a_long_file(tmp_path):
    path = text_file(tmp_path, SHOPIFY)
    sheet = intake.propose(path).sheet
    [table] = intake.read(path)
    columns = table.columns()
    lines = find_lines(table, columns, sheet)
    assert lines is not None
    cleaner, times = Cleaner(table, columns, sheet), []
    for chunk in table.chunks(columns, 1):
        cleaned: Cleaned = cleaner.read(chunk)
        row = fields_of(sheet, cleaned, None)
        lines.take(chunk, row)
        times += row["occurred_at"].data.astype("datetime64[D]").astype(str).tolist()
    assert times == ["2026-03-09"] * 3 + ["2026-03-10"] + ["2026-04-11"] * 2


def test_a_total_that_goes_on_in_the_next_part_of_a_long_file_counts_once(tmp_path):
    path = text_file(tmp_path, WOO)
    sheet = intake.propose(path).sheet
    [table] = intake.read(path)
    columns = table.columns()
    lines = find_lines(table, columns, sheet)
    assert lines is not None
    cleaner, amounts = Cleaner(table, columns, sheet), []
    for chunk in table.chunks(columns, 1):
        cleaned = cleaner.read(chunk)
        row = fields_of(sheet, cleaned, None)
        lines.count_once(chunk, row, cleaned, np.ones(1, dtype=bool))
        amounts += row["revenue"].filled.tolist()
    assert amounts == [True, False, True]


GROWN = WOO.replace("5201,a@example.com,2026-03-09 08:49,60,Plate,2\n", "")
LATER = WOO.replace("5202,b@example.com,2026-03-10 09:00,15,Cup,1\n",
                    "5202,b@example.com,2026-03-10 09:00,15,Cup,1\n5203,c@example.com,2026-03-11 09:00,30,Cup,1\n")
MORE_LINES = LATER.replace("5202,b@example.com,2026-03-10 09:00,15,Cup,1\n",
                           "5202,b@example.com,2026-03-10 09:00,15,Cup,1\n5202,b@example.com,2026-03-10 09:00,15,Fork,1\n")


def _held(store):
    found = kpis(store, Filters(), None).set_index("kpi")["value"]
    return store.value("SELECT count(*) FROM interactions"), int(found["orders"]), int(found["revenue"])


@pytest.mark.parametrize("files", [
    [GROWN, WOO, LATER, MORE_LINES], [GROWN, MORE_LINES], [WOO, GROWN, MORE_LINES], [LATER, GROWN, WOO, MORE_LINES],
    [GROWN.replace("Cup,1\n5202", "Cup,1\n5200,z@example.com,2026-03-01 09:00,5,Cup,1\n5202"), MORE_LINES],
], ids=["grown line by line", "grown at once", "shrunk and grown", "out of order", "with an order that left"])
def test_an_order_that_gets_another_line_in_a_later_file_is_the_same_and_so_are_the_others(tmp_path, files):
    store = open_store(":memory:")
    for number, content in enumerate(files):
        path = text_file(tmp_path, content, f"{number}.csv")
        seen = intake.seen_before(store, path, intake.propose(path, store=store))
        assert number == 0 or seen.there + seen.corrected > 0
        intake.load(store, path)
    left = files[0].count("5200,")
    assert _held(store) == (5 + left, 3 + left, 60 + 15 + 30 + 5 * left)
    again = intake.load(store, path)
    assert (again.accepted, again.duplicates) == (0, 5)
    assert _held(store) == (5 + left, 3 + left, 60 + 15 + 30 + 5 * left)


@pytest.mark.parametrize(("files", "told"), [
    ([GROWN, WOO], (1, 2, 0)), ([WOO, GROWN], (0, 2, 0)), ([WOO, MORE_LINES], (2, 3, 0)), ([GROWN, MORE_LINES], (3, 2, 0)),
    ([GROWN, WOO.replace("60,Cup,1", "60,Cup,3")], (2, 1, 1))])
def test_of_an_order_that_grew_what_stayed_is_there_already_and_not_corrected(tmp_path, files, told):
    """(accepted, there already, corrected) of the last file, before it is loaded and after."""
    store = open_store(":memory:")
    for number, content in enumerate(files):
        path = text_file(tmp_path, content, f"{number}.csv")
        seen = intake.seen_before(store, path, intake.propose(path, store=store))
        receipt = intake.load(store, path)
    assert (seen.rows - seen.there, seen.there, seen.corrected) == told
    assert (receipt.accepted, receipt.duplicates, receipt.corrected) == told


def test_an_order_that_got_another_line_is_known_again_in_another_time_zone(tmp_path):
    store = open_store(":memory:")
    for zone, content in (("UTC", GROWN), ("Europe/Istanbul", WOO), ("Asia/Tokyo", GROWN), ("America/New_York", WOO)):
        intake.set_time_zone(store, zone)
        intake.load(store, text_file(tmp_path, content.replace(" 08:49", "T08:49:00Z").replace(" 09:00", "T09:00:00Z")))
        assert _held(store) == (2 if (zone, content) == ("UTC", GROWN) else 3, 2, 75)


@pytest.mark.parametrize("back", [1, 2])
def test_undo_takes_back_the_line_that_came_later_and_leaves_the_order(tmp_path, back):
    store = open_store(":memory:")
    first = intake.load(store, text_file(tmp_path, GROWN)).upload_id
    second = intake.load(store, text_file(tmp_path, WOO, "grown.csv")).upload_id
    intake.undo(store, second if back == 1 else first)
    assert _held(store) == ((2, 2, 75) if back == 1 else (3, 2, 75))
    intake.load(store, text_file(tmp_path, GROWN if back == 2 else WOO, "again.csv"))
    assert _held(store) == (3, 2, 75)


def test_an_order_number_that_begins_again_for_another_customer_or_day_is_not_taken_for_the_earlier_order(tmp_path):
    store = open_store(":memory:")
    intake.load(store, text_file(tmp_path, GROWN))
    intake.load(store, text_file(tmp_path, WOO.replace("2026-03", "2026-05").replace("b@", "c@"), "later.csv"))
    assert _held(store)[0] == 2 + 3
    assert _held(store)[2] == 150


def test_a_delivery_that_comes_with_a_second_line_is_that_of_the_order(tmp_path):
    store = open_store(":memory:")
    header = "order no,customer no,order date,promised delivery date,delivered on,order total,item\n"
    alone = "A-1001,a,2026-01-01,2026-01-05,2026-01-06,10,x\n"
    intake.load(store, text_file(tmp_path, header + alone + "A-1002,b,2026-01-02,2026-01-05,2026-01-09,10,x\n"))
    intake.load(store, text_file(tmp_path, header + alone + "A-1001,a,2026-01-01,2026-01-05,2026-01-06,10,y\n"
                                 "A-1002,b,2026-01-02,2026-01-05,2026-01-10,10,x\n", "grown.csv"))
    assert store.rows("SELECT delay_days FROM interactions WHERE delay_days IS NOT NULL ORDER BY 1") == [(1,), (5,)]
