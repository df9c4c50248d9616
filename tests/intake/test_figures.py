"""Tables of figures become reported KPI history: recognised, read in the KPI's unit, kept apart, undone with their upload."""

from __future__ import annotations

import datetime as dt

import pytest

from cx import intake, open_store
from cx.filters import Filters
from cx.intake.figures import FIGURES, kpi_named
from cx.intake.history import reported_of, uploads
from cx.intake.periods import read_period, read_periods
from cx.metrics.kpi import kpis
from cx.metrics.kpi_registry import KPIS
from cx.metrics.reported import reported, reported_kpis, segment_of
from cx.store.schema import MIGRATIONS
from tests.intake.files import text_file, workbook

MONTHS = [dt.datetime(2025, month, 1) for month in range(1, 13)]


@pytest.mark.parametrize(("cell", "start", "interval"), [
    ("2025-03", (2025, 3, 1), "month"), ("03.2025", (2025, 3, 1), "month"), ("3/2025", (2025, 3, 1), "month"),
    ("202503", (2025, 3, 1), "month"), ("Mart 2025", (2025, 3, 1), "month"), ("Mar-25", (2025, 3, 1), "month"),
    ("2025 Mart", (2025, 3, 1), "month"), ("September 2025", (2025, 9, 1), "month"), ("Q1 2025", (2025, 1, 1), "quarter"),
    ("2025-Q4", (2025, 10, 1), "quarter"), ("1. çeyrek 2025", (2025, 1, 1), "quarter"), ("Ç2 2025", (2025, 4, 1), "quarter"),
    ("2025-W05", (2025, 1, 27), "week"), ("5. hafta 2025", (2025, 1, 27), "week"), ("Week 5 2025", (2025, 1, 27), "week"),
    ("2025", (2025, 1, 1), "year"), ("Ocak", (2024, 1, 1), "month"), ("Q3", (2024, 7, 1), "quarter"),
])
def test_a_cell_names_a_period(cell, start, interval):
    assert read_period(cell, 2024) == (dt.date(*start), interval)


@pytest.mark.parametrize("cell", ["", "x", "2025-13", "W60 2025", "12", "2025-03-04", "Total", "Ocak Şubat 2025"])
def test_other_cells_name_none(cell):
    assert read_period(cell, 2024) is None


@pytest.mark.parametrize(("cells", "first", "interval"), [
    (["31.01.2025", "28.02.2025", "31.03.2025"], (2025, 1, 1), "month"), (["01/02/2025", "01/03/2025"], (2025, 2, 1), "month"),
    (["1/1/2025", "2/1/2025", "3/1/2025"], (2025, 1, 1), "month"), (["2025-01-06", "2025-01-13"], (2025, 1, 6), "week"),
    (["2025-01-01", "2025-04-01"], (2025, 1, 1), "quarter"),
])
def test_dates_as_far_apart_as_months_name_months(cells, first, interval):
    assert read_periods(cells)[cells[0]] == (dt.date(*first), interval)


@pytest.mark.parametrize(("header", "kpi"), [
    ("NPS", "nps"), ("NPS Skoru", "nps"), ("CSAT %", "csat"), ("Müşteri Memnuniyeti (%)", "csat"), ("Churn rate", "churn"),
    ("Dönüşüm Oranı", "conversion"), ("Ortalama Bekleme Süresi (dk)", "waiting_time"), ("Şikayet oranı", "complaint_rate"),
    ("Ciro (TL)", "revenue"), ("AOV", "average_order_value"), ("Elde tutma oranı", "retention"), ("Visits", None), ("", None),
])
def test_headers_name_kpis(header, kpi):
    assert kpi_named(header) == kpi


def test_units_and_bounds_are_those_of_the_registry():
    assert {key: (named.unit, named.bounds) for key, named in FIGURES.items()} == {
        key: (KPIS[key].unit, KPIS[key].bounds) for key in FIGURES}


def loaded(path):
    store = open_store(":memory:")
    plan = intake.propose(path)
    assert (plan.layout, plan.open_problems()) == ("kpis", [])
    return store, intake.load(store, path, plan)


def test_a_month_a_row_and_a_kpi_a_column(tmp_path):
    store, receipt = loaded(text_file(tmp_path, "Ay;NPS;CSAT (%);Ortalama bekleme süresi (dk);Yanıt sayısı;Not\n" + "".join(
        f"{month:02}.2025;{30 + month};8{month % 10},5;4,5;{200 + month};x\n" for month in range(1, 13)), "kpi.csv"))
    assert (receipt.rows, receipt.accepted, receipt.rejected, receipt.interactions, receipt.reported) == (12, 12, 0, 0, 36)
    nps = reported(store, "nps")
    assert nps["period"].tolist() == MONTHS
    assert nps["value"].tolist() == [31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42]
    assert nps["n"].tolist() == list(range(201, 213))
    assert reported(store, "csat")["value"].iloc[0] == pytest.approx(0.815)
    assert set(reported(store, "waiting_time")["value"]) == {270}
    computed = kpis(store, only=["nps", "csat"])
    assert computed["value"].isna().all()  # never mixed
    assert computed["n"].tolist() == [0, 0]


def test_kpis_down_and_months_across(tmp_path):
    store, receipt = loaded(workbook(tmp_path, {"2025": [
        ["KPI", "Ocak", "Şubat", "Mart"], ["NPS", 30, 31, None], ["Müşteri kaybı (%)", "3,5%", "3,1%", "2,9%"],
        ["Koku", 1, 2, 3]]}))
    assert reported(store, "nps")[["period", "value"]].values.tolist() == [[MONTHS[0], 30], [MONTHS[1], 31]]
    assert reported(store, "churn")["value"].tolist() == pytest.approx([0.035, 0.031, 0.029])
    assert (receipt.accepted, receipt.rejected) == (2, 1)
    assert "Koku" in receipt.rejects["reason"].iloc[0]


def test_months_without_a_year_are_asked_for_it(tmp_path):
    path = workbook(tmp_path, {"Rapor": [["Müşteri deneyimi raporu"], [], ["Ay", "NPS", "Memnuniyet %"], ["Ocak", 30, 82.1],
                                         ["Şubat", 31, 83.2], ["Mart", 35, 84]]})
    plan = intake.propose(path)
    assert [problem.code for problem in plan.open_problems()] == ["no_year"]
    plan.default_time = dt.date(2024, 6, 1)
    store = open_store(":memory:")
    assert intake.load(store, path, plan).reported == 6
    assert reported(store, "nps")["period"].tolist() == [dt.datetime(2024, month, 1) for month in (1, 2, 3)]


def test_kpi_period_and_value_a_row(tmp_path):
    store, receipt = loaded(text_file(tmp_path, "Period,Metric,Value,n\nQ1 2025,NPS,35,120\nQ2 2025,NPS,38,130\n"
                                      "Q1 2025,Conversion rate,0.031,\nQ2 2025,Conversion rate,0.034,\n"))
    assert receipt.accepted == 4
    assert reported(store, "nps")[["interval", "value", "n"]].values.tolist() == [["quarter", 35, 120], ["quarter", 38, 130]]
    assert reported(store, "conversion")["value"].tolist() == [0.031, 0.034]


def test_what_cannot_be_a_value_is_left_out_and_said(tmp_path):
    store, receipt = loaded(text_file(tmp_path, "Month,NPS,CSAT\n2025-01,130,4.2\n2025-02,40,4.3\n2025-03,-20,4.1\n"))
    assert reported(store, "nps")["value"].tolist() == [40, -20]
    assert reported_kpis(store) == ["nps"]
    assert any("averages of ratings" in str(note) for note in receipt.notes)
    assert any("130" in str(note) for note in receipt.notes)
    assert (receipt.accepted, receipt.rejected) == (2, 1)


def test_the_same_table_again_adds_nothing_a_corrected_one_corrects_and_undo_restores(tmp_path):
    path = text_file(tmp_path, "Month,NPS\n2025-01,30\n2025-02,31\n")
    store, first = loaded(path)
    again = intake.load(store, path)
    assert (again.accepted, again.duplicates, again.replaced) == (0, 2, 0)
    text_file(tmp_path, "Month,NPS\n2025-01,30\n2025-02,35\n2025-03,36\n")
    grown = intake.load(store, path)
    assert (grown.accepted, grown.duplicates, grown.replaced) == (2, 1, 1)
    assert reported(store, "nps")["value"].tolist() == [30, 35, 36]
    intake.undo(store, grown.upload_id)
    intake.undo(store, first.upload_id)
    assert reported(store, "nps")["value"].tolist() == [30, 31]
    intake.undo(store, again.upload_id)
    assert reported(store, "nps").empty


@pytest.mark.parametrize("content", [
    "Date,NPS,CSAT\n" + "".join(f"2025-03-{day:02},{day % 11},{1 + day % 5}\n" for day in range(1, 29)),
    "customer,month,NPS\n" + "".join(f"c{n},2025-{n:02},{n % 11}\n" for n in range(1, 13)),
])
def test_answers_of_people_are_no_table_of_figures(tmp_path, content):
    assert intake.propose(text_file(tmp_path, content)).layout != "kpis"


def test_a_person_may_call_a_sheet_a_table_of_figures(tmp_path):
    path = text_file(tmp_path, "When,Promoters minus detractors,CSAT\n2025-01-01,30,80%\n2025-02-01,31,81%\n")
    plan = intake.propose(path)
    intake.change_layout(plan.sheet, "kpis")
    intake.assign(plan.sheet, "Promoters minus detractors", "reported")
    intake.reconsider(path, plan)
    assert plan.open_problems() == []
    store = open_store(":memory:")
    intake.load(store, path, plan)
    assert reported(store, "nps")["value"].tolist() == [30, 31]
    assert intake.propose(path, store=store).sheet.kpis == plan.sheet.kpis
    intake.change_layout(plan.sheet, "events")
    assert set(plan.columns.values()) == {"attribute"}


def test_months_across_may_be_real_dates(tmp_path):
    days = [dt.datetime(2025, month, 1) for month in (1, 2, 3, 4)]
    store, receipt = loaded(workbook(tmp_path, {"Board": [["KPI", *days], ["NPS", 30, 31, 35, 36], ["CSAT %", 80, 81, 82, 83]]}))
    assert (receipt.accepted, receipt.reported) == (2, 8)
    assert reported(store, "nps")[["period", "value"]].values.tolist() == [[day, value] for day, value in zip(days, [30, 31, 35, 36], strict=True)]


def test_first_rows_of_contacts_are_no_headers_of_dates(tmp_path):
    [table] = intake.read(text_file(tmp_path, "C1,2025-01-01,2025-02-01,5\nC2,2025-01-02,2025-02-03,4\n"))
    assert len(table.rows) == 2


def test_history_says_which_figures_an_upload_brought(tmp_path):
    store, receipt = loaded(text_file(tmp_path, "Ay;NPS;Ciro\n2025-01;30;1000\n2025-02;31;\n", "kpi.csv"))
    assert uploads(store)["reported"].tolist() == [3]
    assert reported_of(store, receipt.upload_id)[["kpi", "figures", "first", "last"]].values.tolist() == [
        ["nps", 2, MONTHS[0], MONTHS[1]], ["revenue", 1, MONTHS[0], MONTHS[0]]]
    intake.undo(store, receipt.upload_id)
    assert uploads(store)[["reported", "undone"]].values.tolist() == [[0, True]]


@pytest.mark.parametrize("content", [
    "Channel,2025-01,2025-02,2025-03\nWeb,31,33,35\nPhone,12,15,11\n",
    "Kanal;Ocak 2025;Şubat 2025\nİnternet;31;33\nTelefon;12;15\n",
])
def test_figures_of_which_is_not_said_whom_and_what_they_are_of_are_not_taken_for_contacts_nor_for_everybody(tmp_path, content):
    store, path = open_store(":memory:"), text_file(tmp_path, content, "march.csv")
    with pytest.raises(intake.IntakeError, match="holds figures by month in a way that does not name the KPI"):
        intake.load(store, path)
    assert store.value("SELECT count(*) FROM interactions") == 0


@pytest.mark.parametrize(("content", "segment", "keys"), [
    ("Month,Channel,NPS,n\n2025-01,Web,31,50\n2025-01,Phone,12,20\n2025-02,Web,33,60\n2025-02,Phone,15,\n2025-02,All,24,80\n",
     "channel", ["web", "phone"]),
    ("Ay;Persona;NPS;Memnuniyet %\nOcak 2025;Web;31;81\nOcak 2025;Aile;12;70\nŞubat 2025;Web;33;82\nŞubat 2025;Aile;15;71\n"
     "Şubat 2025;Genel;24;76\n", "persona", ["web", "aile"]),
    ("Period,Metric,Channel,Value\nJan 2025,NPS,Web,31\nJan 2025,NPS,Phone,12\nFeb 2025,NPS,Web,33\nFeb 2025,NPS,Phone,15\n"
     "Feb 2025,NPS,All,24\n", "channel", ["web", "phone"]),
])
def test_figures_of_a_channel_or_persona_stand_beside_its_computed_values_only(tmp_path, content, segment, keys):
    store, receipt = loaded(text_file(tmp_path, content, "nps.csv"))
    assert (receipt.accepted, receipt.rejected, receipt.duplicates) == (5, 0, 0)
    assert reported(store, "nps", segment, keys[0])[["period", "value"]].values.tolist() == [[MONTHS[0], 31], [MONTHS[1], 33]]
    assert reported(store, "nps", segment, keys[1])["value"].tolist() == [12, 15]
    assert reported(store, "nps")["value"].tolist() == [24]  # of everybody
    assert kpis(store, only=["nps"])["n"].tolist() == [0]
    text_file(tmp_path, content.replace("33", "35"), "nps.csv")
    corrected = intake.load(store, tmp_path / "nps.csv")
    assert (corrected.accepted, corrected.replaced) == (1, 1)
    assert reported(store, "nps", segment, keys[0])["value"].tolist() == [31, 35]
    intake.undo(store, corrected.upload_id)
    assert reported(store, "nps", segment, keys[0])["value"].tolist() == [31, 33]
    intake.undo(store, receipt.upload_id)
    assert reported_kpis(store) == []


def test_figures_of_several_groups_at_once_are_of_exactly_those(tmp_path):
    store, receipt = loaded(text_file(tmp_path, "Month,Channel,Persona,NPS\n2025-01,Web,A,31\n2025-01,Phone,B,12\n"
                                      "2025-02,Web,A,33\n2025-02,Phone,A,15\n2025-02,Web,All,20\n2025-02,Total,All,18\n"))
    assert (receipt.accepted, receipt.rejected, receipt.reported) == (6, 0, 6)
    told = [(Filters(channel="web", persona="a"), [31, 33]), (Filters(channel="phone", persona="b"), [12]),
            (Filters(channel="phone", persona="a"), [15]), (Filters(channel="web"), [20]), (Filters(), [18]),
            (Filters(persona="a"), [])]
    assert [(each, reported(store, "nps", *segment_of(each))["value"].tolist()) for each, _ in told] == told
    assert kpis(store, only=["nps"])["n"].tolist() == [0]


@pytest.mark.parametrize(("name", "content"), [
    ("NPS by channel.csv", "Channel,2025-01,2025-02,2025-03\nWeb,31,33,35\nPhone,12,15,11\n"),
    ("Kanal bazında NPS.csv", "Kanal;Ocak 2025;Şubat 2025;Mart 2025\nWeb;31;33;35\nTelefon;12;15;11\nGenel;24;25;26\n"),
])
def test_the_name_of_a_file_may_name_the_kpi_of_months_across(tmp_path, name, content):
    store, receipt = loaded(text_file(tmp_path, content, name))
    assert receipt.rejected == 0
    assert reported(store, "nps", "channel", "web")[["period", "value"]].values.tolist() == [
        [MONTHS[0], 31], [MONTHS[1], 33], [dt.datetime(2025, 3, 1), 35]]
    assert reported(store, "nps")["value"].tolist() == ([24, 25, 26] if "Genel" in content else [])


def test_answers_with_a_month_and_a_channel_are_no_figures(tmp_path):
    content = "Month,Channel,NPS\n" + "".join(f"2025-0{n % 2 + 1},{('Web', 'Phone')[n % 2]},{n % 11}\n" for n in range(12))
    assert intake.propose(text_file(tmp_path, content)).layout == "events"


def test_a_row_of_figures_says_whom_they_are_of(tmp_path):
    _, receipt = loaded(text_file(tmp_path, "Month,Channel,NPS\n2025-01,Web,31\n2025-02,,33\n2025-03,Web,35\n"))
    assert (receipt.accepted, receipt.rejected) == (2, 1)
    assert "say whom" in receipt.rejects["reason"].iloc[0]


@pytest.mark.parametrize(("given", "segment"), [
    (Filters(), ("", "")), (Filters(start=dt.date(2025, 1, 1), channel=("Web",)), ("channel", "web")),
    (Filters(channel=("web", "phone")), None), (Filters(channel="web", persona="a"), ("persona\nchannel", "a\nweb")),
    (Filters(channel="web", attributes=(("city", ("x",)),)), None),
])
def test_a_table_can_report_of_one_channel_and_persona_at_a_time(given, segment):
    assert segment_of(given) == segment


def test_a_workspace_of_the_version_before_keeps_its_figures_as_those_of_everybody(tmp_path):
    path = tmp_path / "cx.duckdb"
    store = open_store(path)
    before = next(n for n, each in enumerate(MIGRATIONS) if "ADD COLUMN IF NOT EXISTS segment" in each)
    with store.write() as cursor:
        cursor.execute("ALTER TABLE reported_kpis DROP COLUMN segment")
        cursor.execute("ALTER TABLE reported_kpis DROP COLUMN member")
        cursor.execute("INSERT INTO reported_kpis VALUES ('nps', DATE '2025-01-01', 'month', 30, NULL, 1)")
        cursor.execute("UPDATE settings SET value = ? WHERE key = 'schema_version'", [str(before)])
    store.close()
    assert reported(open_store(path), "nps")["value"].tolist() == [30]


def test_a_row_whose_only_figure_cannot_be_says_which(tmp_path):
    path = text_file(tmp_path, "KPI,2026-01,2026-02\nNPS,12,15\nCSAT,3.4,3.5\nChurn,400,-3\n")
    receipt = intake.load(open_store(":memory:"), path)
    assert [(row, reason[:31]) for row, reason in zip(receipt.rejects["row"], receipt.rejects["reason"], strict=True)
            ] == [(3, "“2026-02” holds averages of rat"), (4, "“-3” is no figure of that KPI, ")]
