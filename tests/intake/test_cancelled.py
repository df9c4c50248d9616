"""Orders that a column calls cancelled are contacts and no orders; that is said, and can be taken back."""

import pytest

from cx import intake, open_store
from cx.filters import Filters
from cx.intake.plan import Plan
from cx.language import language
from cx.metrics.kpi import kpis

from .files import text_file

ORDERS = """Sipariş No;Müşteri No;Sipariş Tarihi;Tutar;Adet;Durum
S1;M1;09.03.2026 08:49;60;1;Teslim edildi
S2;M1;10.03.2026 09:00;45;2;{}
S3;M2;11.04.2026 10:00;35;1;İade
"""
LINES = """Order No,Line,Customer,Order date,Line total,Quantity,Order status
O1,1,C1,2026-03-09 08:49,20,1,Delivered
O1,2,C1,2026-03-09 08:49,40,2,Delivered
O2,1,C2,2026-03-10 09:00,15,1,{0}
O2,2,C2,2026-03-10 09:00,16,1,{0}
O3,1,C1,2026-03-11 09:00,7,1,Cancelled
O3,2,C1,2026-03-11 09:00,9,1,Shipped
"""
SHOPIFY = """Name,Email,Financial Status,Created at,Total,Lineitem quantity,Lineitem name,Lineitem price,Source
#1001,a@example.com,paid,2026-03-09 08:49:00,60,1,Cup,20,web
#1001,a@example.com,,,,2,Plate,20,
#1002,b@example.com,voided,2026-03-10 09:00:00,15,1,Cup,15,web
#1002,b@example.com,,,,3,Plate,5,
"""


def _found(store):
    values = kpis(store, Filters(), None).set_index("kpi")["value"]
    return values["orders"], values["revenue"]


def _off(store):
    return store.rows("SELECT t.label, s.key, count(*), count(i.order_id), count(i.revenue), count(i.quantity) "
                      "FROM interactions i JOIN touchpoints t USING (touchpoint_id) LEFT JOIN stages s "
                      "ON s.stage_id = i.stage_id WHERE t.label IN ('İptal edilen sipariş', 'Cancelled order') "
                      "GROUP BY ALL")


@pytest.mark.parametrize("status", ["İptal", "İptal edildi", "IPTAL", "Cancelled", "Canceled", "Void", "Declined",
                                    "Müşteri iptali", "wc-cancelled", "Cancelled by customer"])
def test_a_cancelled_order_is_a_contact_and_no_order(tmp_path, status):
    path, store = text_file(tmp_path, ORDERS.format(status)), open_store(":memory:")
    receipt = intake.load(store, path)
    assert (receipt.accepted, receipt.rejected, receipt.interactions) == (3, 0, 3)
    assert _found(store) == (2, 95)
    [(label, stage, rows, *ordered)] = _off(store)
    assert label == ("İptal edilen sipariş" if "ptal" in status.lower().replace("ı", "i") else "Cancelled order")
    assert (stage, rows, ordered) == ("retention", 1, [0, 0, 0])
    assert store.rows("SELECT a.label, value FROM customer_attributes JOIN attributes a USING (attribute_id) "
                      "WHERE value LIKE 'S%'") == [("Sipariş No", "S2")]


@pytest.mark.parametrize("status", ["İptal edilmedi", "Not cancelled", "İptal talebi", "Partially cancelled", "Hazırlanıyor"])
def test_what_only_speaks_of_cancelling_stays_an_order(tmp_path, status):
    path, store = text_file(tmp_path, ORDERS.format(status)), open_store(":memory:")
    plan = intake.propose(path)
    assert "cancelled" not in [problem.code for problem in plan.problems]
    intake.load(store, path, plan)
    assert _found(store) == (3, 140)


def test_the_state_of_something_else_cancels_no_order(tmp_path):
    content = ORDERS.format("İptal").replace("Durum", "Abonelik durumu")
    store = open_store(":memory:")
    intake.load(store, text_file(tmp_path, content))
    assert _found(store) == (3, 140)


def test_it_is_said_before_loading_and_on_the_receipt_and_can_be_taken_back(tmp_path):
    path, store, tr = text_file(tmp_path, ORDERS.format("İptal")), open_store(":memory:"), language("tr")
    plan = intake.propose(path)
    said = {problem.code: tr(problem.text) for problem in plan.problems}
    assert said["cancelled"].startswith("“Durum” sütununa göre 1 satırın siparişi iptal edilmiş: temas olarak yüklenir")
    assert said["returned"].startswith("“Durum” sütununa göre 1 satırın siparişi iade edilmiş: sipariş sayılır")
    assert said["cancelled"] in map(tr, intake.load(store, path, plan).notes)
    plan.sheets[0].cancelled["Durum"] = False
    plan = Plan.from_json(plan.to_json())
    intake.reconsider(path, plan)
    assert next(tr(each.text) for each in plan.problems if each.code == "cancelled").endswith("yine de sipariş sayılıyor.")
    receipt = intake.load(store, path, plan)
    assert (receipt.accepted, receipt.corrected, receipt.duplicates) == (1, 1, 2)
    assert not [note for note in receipt.notes if "cancelled" in note.id]
    assert (_found(store), _off(store)) == ((3, 140), [])
    later = text_file(tmp_path, ORDERS.format("İptal edildi").replace("S2", "S9"), "later.csv")
    assert intake.propose(later, store=store).sheets[0].cancelled == {"Durum": False}
    intake.undo(store, receipt.upload_id)
    assert _found(store) == (2, 95)


@pytest.mark.parametrize("content", [ORDERS.replace("60", "61"), LINES])
def test_an_order_that_is_cancelled_later_is_one_no_more(tmp_path, content):
    store = open_store(":memory:")
    first = intake.load(store, text_file(tmp_path, content.format("Hazır")))
    before, rows = _found(store), store.value("SELECT count(*) FROM interactions")
    later = text_file(tmp_path, content.format("Cancelled"), "later.csv")
    receipt = intake.load(store, later)
    assert receipt.corrected == content.count("{")
    assert store.value("SELECT count(*) FROM interactions") == rows == first.interactions
    assert _found(store)[0] == before[0] - 1
    again = intake.load(store, later)
    assert (again.accepted, again.duplicates) == (0, receipt.rows)
    intake.undo(store, again.upload_id)
    intake.undo(store, receipt.upload_id)
    assert _found(store) == before


def test_of_the_lines_of_an_order_only_the_cancelled_ones_bring_nothing(tmp_path):
    store = open_store(":memory:")
    intake.load(store, text_file(tmp_path, LINES.format("Void")))
    assert _found(store) == (2, 69)
    assert _off(store) == [("Cancelled order", "retention", 3, 0, 0, 0)]


def test_lines_below_share_the_state_of_their_order(tmp_path):
    store = open_store(":memory:")
    receipt = intake.load(store, text_file(tmp_path, SHOPIFY))
    assert (receipt.accepted, _found(store)) == (4, (1, 60))
    assert _off(store) == [("Cancelled order", "retention", 2, 0, 0, 0)]
