"""From a sheet to a plan: what its columns are taken for, what is asked, what comes of it."""

from __future__ import annotations

import datetime as dt

import pytest

from cx import intake, open_store
from cx.errors import IntakeError
from cx.intake.survey import touchpoint_of
from tests.intake.columns import (
    AMOUNTS,
    DAYS,
    EACH,
    EVENTS,
    FIVE,
    LATER,
    MAILS,
    NPS,
    PHONES,
    ROWS,
    UNIQUE,
    WORDS,
    written,
)
from tests.intake.files import text_file, workbook
from tests.intake.signatures import CASES


@pytest.mark.parametrize("name", CASES)
def test_a_sheet_is_understood(tmp_path, name):
    layout, columns = CASES[name]
    plan = intake.propose(written(tmp_path, columns))
    assert plan.columns == {header: role for header, (_, role) in columns.items()}
    assert plan.layout == layout
    assert plan.open_problems() == []
    receipt = intake.load(open_store(":memory:"), tmp_path / "file.csv", plan)
    assert (receipt.accepted + receipt.duplicates, receipt.rejected) == (ROWS, 0)


def test_the_day_a_complaint_was_closed_is_kept_and_said(tmp_path):
    plan = intake.propose(written(tmp_path, CASES["complaints with an end"][1]))
    assert [problem.column for problem in plan.problems if problem.code == "closed"] == ["Date Resolved"]


def test_codes_outside_the_scale_are_missing_and_reported(tmp_path):
    path = written(tmp_path, CASES["survey tool with codes"][1])
    store = open_store(":memory:")
    receipt = intake.load(store, path)
    assert store.rows("SELECT min(nps), max(nps), min(csat), max(csat), max(csat_max) FROM interactions") == [(0, 10, 2, 5, 5)]
    assert any("(11) lie outside the scale 0–10" in str(note) for note in receipt.notes)
    assert any("99" in str(note) and "outside the scale 1–5" in str(note) for note in receipt.notes)


@pytest.mark.parametrize(("header", "answers", "role", "top"), [
    ("Likelihood to recommend", ["5", "4", "3", "2", "1", "4"], "csat", 5), ("Tavsiye puanı", ["7", "6", "5", "2", "1"], "csat", 7),
    ("Likelihood to recommend", ["10", "4", "3", "2", "9", "4"], "nps", 10), ("NPS", ["5", "4", "3", "2", "1", "4"], "nps", 10),
    ("Likelihood to recommend (0-10)", ["5", "4", "3", "2", "1", "4"], "nps", 10)])
def test_a_recommendation_on_five_or_seven_points_is_no_nps(tmp_path, header, answers, role, top):
    plan = intake.propose(written(tmp_path, {"date": (DAYS, ""), "customer no": (EACH, ""), header: (answers, "")}))
    assert (plan.columns[header], plan.sheets[0].scores[header].top) == (role, top)
    assert plan.confidence[header] < 0.8 or role == "nps"
    assert any("recommendation on a scale up to" in str(problem.text) for problem in plan.problems) == (role == "csat")


@pytest.mark.parametrize(("header", "values", "role"), [
    ("call type", ["inbound", "outbound"], "touchpoint"), ("score", [str(n) for n in range(0, 100, 7)], "csat"),
    ("action", ["kept", "moved"], "touchpoint"), ("user", ["zoe", "max", "tom"], "customer_id")])
def test_a_header_that_can_mean_several_things_is_never_sure_unless_its_values_bear_it_out(tmp_path, header, values, role):
    plan = intake.propose(written(tmp_path, {"date": (DAYS, ""), "visitor phone": (PHONES, ""), "rating": (FIVE, ""),
                                             header: (values, "")}))
    assert plan.columns[header] != role or plan.confidence[header] < 0.8


@pytest.mark.parametrize(("columns", "header", "role"), [
    ({"message_id": UNIQUE, "conversation_created_at": DAYS, "message_created_at": LATER}, "message_created_at", "occurred_at"),
    ({"Guest ID": EACH, "Arrival": LATER, "Departure": LATER, "Booked On": DAYS, "Event": EVENTS}, "Booked On", "occurred_at"),
    ({"Guest ID": EACH, "Arrival": LATER, "Departure": LATER, "Event": EVENTS}, "Arrival", "occurred_at"),
    ({"contact_id": UNIQUE, "ani": PHONES, "agent_name": ["Ann", "Bob"], "start": DAYS}, "contact_id", "record_id"),
    ({"contact_id": UNIQUE, "date": DAYS, "event": EVENTS}, "contact_id", "customer_id"),
    ({"Order ID": UNIQUE, "Date Ordered": DAYS, "Ticket Size": AMOUNTS, "Tax": AMOUNTS}, "Ticket Size", "revenue"),
    ({"Order ID": UNIQUE, "Date Ordered": DAYS, "Size A": AMOUNTS, "Size B": AMOUNTS}, "Size A", "attribute"),
    ({"Invoice no": UNIQUE, "Invoice Date": DAYS, "Due Date": LATER, "Total": AMOUNTS}, "Due Date", "attribute"),
    ({"Order no": UNIQUE, "Order Date": DAYS, "Due Date": LATER, "Total": AMOUNTS}, "Due Date", "promised_at"),
    ({"Respondent ID": UNIQUE, "E-mail": MAILS, "Date": DAYS, "NPS": NPS}, "Respondent ID", "record_id"),
    ({"Date": DAYS, "event": EVENTS, "Departure delay in minutes": [str(3 * n) for n in range(ROWS)]},
     "Departure delay in minutes", "attribute"),
    ({"date": DAYS, "rating": FIVE, "is_recommended": ["1.0", "0.0", "1.0"]}, "is_recommended", "attribute"),
    ({"date": DAYS, "rating": FIVE, "name": ["Nova Cafe Moda", "Nova Cafe Park"]}, "name", "attribute"),
    ({"PO no": UNIQUE, "PO date": DAYS, "QTY": ["1", "20"], "NET_PRICE": AMOUNTS, "NET_VALUE": AMOUNTS}, "NET_VALUE", "revenue"),
    ({"Visit date": DAYS, "Greeting": FIVE, "Advice": FIVE, "Looks": FIVE, "Farewell": FIVE}, "Looks", "csat"),
    ({"Kayıt Açılış": DAYS, "Randevu Verilen Tarih": LATER, "NPS": NPS}, "Kayıt Açılış", "occurred_at"),
    ({"Date": DAYS, "Bizi nereden duydunuz?": ["Afiş", "Komşu", "Instagram"], "NPS": NPS}, "Bizi nereden duydunuz?", "channel"),
    ({"Responded": LATER, "Opened": DAYS, "NPS": NPS}, "Responded", "occurred_at"),
    ({"UserNo": [str(n + 1) for n in range(ROWS)], "Customer number": EACH, "Date": DAYS, "NPS": NPS}, "UserNo", "record_id"),
    ({"Score (0-10)": NPS, "Is our app what you need?": FIVE, "How was support?": FIVE, "Date": DAYS}, "Is our app what you need?",
     "csat")])
def test_what_a_column_is_follows_from_the_others_too(tmp_path, columns, header, role):
    assert intake.propose(written(tmp_path, {name: (values, "") for name, values in columns.items()})).columns[header] == role


def test_a_contact_about_an_order_is_no_order(tmp_path):
    columns = {"Order_id": UNIQUE, "Issue reported at": DAYS, "Agent_name": ["Ann", "Bob"], "Item_price": AMOUNTS, "CSAT": FIVE}
    assert intake.propose(written(tmp_path, {name: (values, "") for name, values in columns.items()})).layout == "events"


def test_an_order_that_was_asked_about_in_several_questions_is_a_survey(tmp_path):
    columns = {"Order no": UNIQUE, "Delivered at": DAYS, "Drivers": FIVE, "Assembly": FIVE, "Advice": FIVE, "Recommend us? (0-10)": NPS}
    plan = intake.propose(written(tmp_path, {name: (values, "") for name, values in columns.items()}))
    assert plan.layout == "survey"
    assert {plan.columns[name] for name in ("Drivers", "Assembly", "Advice")} == {"csat"}


def test_a_satisfaction_score_on_ten_points_is_no_recommendation(tmp_path):
    plan = intake.propose(written(tmp_path, {"Date": (DAYS, ""), "Overall satisfaction (0-10)": (NPS, ""), "Why?": (WORDS, "")}))
    assert plan.columns["Overall satisfaction (0-10)"] == "csat"


def test_subjects_rated_on_one_scale_are_scores_of_touchpoints(tmp_path):
    plan = intake.propose(written(tmp_path, {
        "date": (DAYS, ""), "Overall rating": (FIVE, ""), "Staff": (FIVE, ""), "Cleanliness": (FIVE[::-1], ""),
        "Priority": (FIVE, ""), "Number of rooms": (FIVE, "")}))
    assert {header: plan.columns[header] for header in ("Staff", "Cleanliness", "Priority", "Number of rooms")} == {
        "Staff": "csat", "Cleanliness": "csat", "Priority": "attribute", "Number of rooms": "attribute"}
    assert plan.confidence["Staff"] < 0.8


def test_scores_and_dates_alone_are_anonymous_answers(tmp_path):
    store = open_store(":memory:")
    receipt = intake.load(store, written(tmp_path, CASES["scores and dates only"][1]))
    assert store.value("SELECT bool_and(anonymous) FROM customers")
    assert any("no customer column" in str(note) for note in receipt.notes)


@pytest.mark.parametrize(("name", "customer"), [("one customer's history", "C-4711"), ("tek müşteri", "12345")])
def test_the_history_of_one_customer_is_his(tmp_path, name, customer):
    store = open_store(":memory:")
    intake.load(store, written(tmp_path, CASES[name][1]))
    assert store.rows("SELECT customer_id, anonymous FROM customers") == [(customer, False)]


def test_a_plan_round_trips_through_json(tmp_path):
    plan = intake.propose(written(tmp_path, CASES["survey tool"][1]))
    plan.default_time = "2025-01-02"
    assert plan.default_time == dt.date(2025, 1, 2)
    again = intake.Plan.from_json(plan.to_json())
    assert again.to_json() == plan.to_json()
    assert (again.scores, again.default_time) == (plan.scores, plan.default_time)


def test_questions_become_touchpoints(tmp_path):
    plan = intake.propose(written(tmp_path, CASES["survey tool"][1]))
    assert [score.touchpoint for score in plan.scores.values()] == [None, "Checkout", "Delivery", "Find what you needed"]
    assert [score.top for score in plan.scores.values()] == [10, 5, 5, 7]
    turkish = intake.propose(written(tmp_path, CASES["anket"][1]))
    assert turkish.scores["Teslimattan ne kadar memnun kaldınız?"].touchpoint == "Teslimat"
    matrix = intake.propose(written(tmp_path, CASES["matrix survey"][1]))
    assert [score.touchpoint for score in matrix.scores.values()] == ["Website", "Delivery", "Support"]


def test_a_sheet_without_date_asks_and_loads_with_one_or_undated(tmp_path):
    path = text_file(tmp_path, "customer,touchpoint,csat\n" + "".join(f"c{n},delivery,{1 + n % 5}\n" for n in range(20)))
    store = open_store(":memory:")
    with pytest.raises(IntakeError, match="has no date"):
        intake.load(store, path)
    plan = intake.propose(path)
    plan.default_time = dt.date(2025, 3, 1)
    intake.load(store, path, plan)
    assert store.rows("SELECT DISTINCT occurred_at FROM interactions") == [(dt.datetime(2025, 3, 1),)]
    other = open_store(":memory:")
    plan = intake.propose(path)
    plan.undated = True
    receipt = intake.load(other, path, plan)
    assert other.rows("SELECT DISTINCT occurred_at FROM interactions") == [(None,)]
    assert any("no date" in str(note) for note in receipt.notes)


def test_dates_that_could_be_read_both_ways_are_asked_once(tmp_path):
    path = text_file(tmp_path, "customer,date,event\na,03/04/2025,home\nb,05/06/2025,cart\n")
    store = open_store(":memory:")
    with pytest.raises(IntakeError, match="day first or month first"):
        intake.load(store, path)
    plan = intake.propose(path)
    plan.formats["date"] = "mdy"
    intake.load(store, path, plan)
    assert store.value("SELECT min(occurred_at) FROM interactions") == dt.datetime(2025, 3, 4)
    assert intake.propose(path, language="tr").formats["date"] == "dmy"


def test_numbers_that_could_be_read_both_ways_are_asked(tmp_path):
    path = text_file(tmp_path, "customer;date;event;amount\na;2025-04-03;order;1.234\nb;2025-06-05;order;5.678\n")
    [problem] = intake.propose(path).open_problems()
    assert (problem.code, problem.column) == ("number_format", "amount")
    assert intake.propose(path, language="tr").formats["amount"] == "1.234,56"


@pytest.mark.parametrize(("header", "months"), [
    ("Month", ["2025-11", "2025-10"]), ("Ay", ["Kasım 2025", "Ekim 2025"]), ("Tarih", ["11/2025", "10/2025"]),
    ("date", ["Nov-25", "Oct-25", "Oct-25"]), ("Dönem", ["202511", "202510"]), ("Survey wave", ["Nov 2025", "October 2025"]),
    ("ay", ["11.2025", "10.2025"]), ("Period", ["2025M11", "2025M10"]), ("date", ["Kas'25", "Eki'25"])])
def test_months_without_a_day_count_as_their_first_day_and_that_is_said(tmp_path, header, months):
    path = written(tmp_path, {"customer no": (EACH, ""), header: (months, ""), "NPS": (NPS, "")})
    plan = intake.propose(path)
    assert (plan.columns[header], plan.formats[header], plan.open_problems()) == ("occurred_at", "month", [])
    assert [problem.column for problem in plan.problems if problem.code == "months"] == [header]
    store = open_store(":memory:")
    assert intake.load(store, path, plan).rejected == 0
    assert store.rows("SELECT DISTINCT occurred_at FROM interactions ORDER BY 1") == [
        (dt.datetime(2025, 10, 1),), (dt.datetime(2025, 11, 1),)]


@pytest.mark.parametrize(("header", "values"), [
    ("when", ["Nov-25", "Nov-26", "Nov-03", "Nov-11"]), ("Order no", ["2025-11", "2025-10"]), ("Ratio", ["11.2025", "10.2025"]),
    ("Month", ["2025-13", "2025-00"]), ("Ay", ["Kasım", "Ekim"]), ("Cohort", ["Nov 2025", "Oct 2025"])])
def test_what_may_be_a_day_without_its_year_a_number_or_no_date_of_the_row_is_no_month(tmp_path, header, values):
    plan = intake.propose(written(tmp_path, {"customer no": (EACH, ""), header: (values, ""), "NPS": (NPS, "")}))
    assert plan.formats.get(header) != "month"
    asked = [problem.code for problem in plan.open_problems() if problem.column == header]
    assert asked == ["no_year"] if header == "when" else plan.columns[header] != "occurred_at"


def test_beside_dates_with_a_day_months_are_further_information(tmp_path):
    plan = intake.propose(written(tmp_path, {"customer no": (EACH, ""), "Ay": (["Kasım 2025", "Ekim 2025"], ""),
                                             "Görüşme": (DAYS, ""), "NPS": (NPS, "")}))
    assert (plan.columns["Ay"], plan.columns["Görüşme"]) == ("attribute", "occurred_at")


@pytest.mark.parametrize(("header", "durations", "unit", "most"), [
    ("Waiting time", ["4:30", "12:05"], "mm:ss", 725), ("Kuyrukta bekleme süresi", ["4:30", "0:45"], "mm:ss", 270),
    ("Wait", ["4:30", "1:02:44"], "seconds", 3764), ("Wait time", ["4:30", "270"], "seconds", 270),
    ("Wait time (hh:mm)", ["4:30", "2:05"], "hh:mm", 16_200), ("Bekleme süresi (sa:dk)", ["4:30"], "hh:mm", 16_200),
    ("First response time", ["4:30", "75:10"], "mm:ss", 4_510), ("Bekleme (dk)", ["4:30"], "minutes", 270),
    ("Bekleme süresi", ["4:30", "2:05"], "ambiguous", None), ("First response time", ["4:30", "12:05"], "ambiguous", None)])
def test_a_duration_with_one_colon_is_asked_only_where_neither_header_nor_values_tell(tmp_path, header, durations, unit, most):
    path = written(tmp_path, {"customer no": (EACH, ""), "date": (DAYS, ""), header: (durations, "")})
    plan = intake.propose(path)
    assert (plan.columns[header], plan.formats[header]) == ("wait_seconds", unit)
    assert [problem.code for problem in plan.open_problems()] == ([] if most else ["duration"])
    store = open_store(":memory:")
    if most is None:
        plan.formats[header], most = "hh:mm", max(int(each.split(":")[0]) * 3600 + int(each.split(":")[1]) * 60 for each in durations)
    intake.load(store, path, plan)
    assert store.value("SELECT max(wait_seconds) FROM interactions") == most
    assert not intake.propose(path, store=store).open_problems()  # as the last time


@pytest.mark.parametrize(("header", "answer", "first", "clock"), [
    ("Wait", "mm:ss", 270, 270), ("Wait", "hh:mm", 16_200, 16_200), ("Wait", "minutes", 270, 270), ("Wait", "hours", 16_200, 16_200),
    ("Time in queue", None, 270, 270), ("Wait (hh:mm)", None, 16_200, 16_200)])
def test_what_a_colon_means_says_nothing_of_the_plain_seconds_of_the_next_file_and_is_kept(tmp_path, header, answer, first, clock):
    store = open_store(":memory:")
    most = []
    for number, cells in enumerate((["4:30", "2:05"], ["30", "89"], ["4:30", "3:10"])):
        path = text_file(tmp_path, f"customer,date,{header}\n" + "".join(
            f"c{n},2026-0{number + 1}-{n + 1:02},{cells[n % 2]}\n" for n in range(20)), f"{number}.csv")
        plan = intake.propose(path, store=store)
        if answer and number == 0:
            assert [problem.code for problem in plan.open_problems()] == ["duration"]
            plan.formats[header] = answer
        upload = intake.load(store, path, plan).upload_id
        most.append(store.value("SELECT max(wait_seconds) FROM interactions WHERE upload_id = ?", [upload]))
    assert most == [first, 89, clock]


def test_where_earlier_files_were_read_in_seconds_a_colon_is_not_asked_about(tmp_path):
    store = open_store(":memory:")
    for name, cells in (("first.csv", ["30", "89"]), ("second.csv", ["4:30", "2:05"])):
        path = text_file(tmp_path, "customer,date,Wait\n" + "".join(f"c{n},2026-01-{n + 1:02},{cells[n % 2]}\n" for n in range(20)), name)
        plan = intake.propose(path, store=store)
        assert plan.open_problems() == []
        intake.load(store, path, plan)
    assert plan.formats["Wait"] == "mm:ss"
    assert store.value("SELECT max(wait_seconds) FROM interactions") == 270
    path = text_file(tmp_path, "customer,date,Wait\n" + "".join(f"c{n},2026-02-{n + 1:02},0.0031{n:02}\n" for n in range(20)), "third.csv")
    assert intake.propose(path, store=store).formats["Wait"] == "days"  # parts of a day, as a spreadsheet stores them


@pytest.mark.parametrize("header", ["How many people were with you?", "How often did you call us?", "How long have you lived here?",
                                    "Kaç kişiyle geldiniz?", "Ne kadar zamandır müşterimizsiniz?", "Q3. How many people came along?"])
def test_what_is_counted_is_no_score_beside_questions(tmp_path, header):
    plan = intake.propose(written(tmp_path, {"Order ID": (UNIQUE, ""), "date": (DAYS, ""), header: (FIVE, ""),
                                             "Did you visit before today or not?": (["Yes", "No"], ""), "Price": (["9.50", "12.75"], "")}))
    assert header not in plan.scores


def test_a_question_alone_is_a_score_only_where_another_is_one_of_the_same_scale(tmp_path):
    asked = {"date": (DAYS, ""), "Would you say the staff knew what to do?": (FIVE, ""), "Did you visit before today or not?": (["Yes", "No"], "")}
    assert not intake.propose(written(tmp_path, asked)).scores
    known = intake.propose(written(tmp_path, asked | {"How satisfied were you?": (FIVE, "")}))
    assert set(known.scores) == {"Would you say the staff knew what to do?", "How satisfied were you?"}


@pytest.mark.parametrize(("header", "values", "role"), [
    ("answer", NPS, "nps"), ("Loyalty months", NPS, "attribute"), ("Müşteri olduğu yıl", NPS, "attribute"), ("basket", [str(n) for n in range(10)], "attribute")])
def test_what_stands_beside_promoters_and_detractors_is_their_answer_only_to_ten_and_never_sure(tmp_path, header, values, role):
    plan = intake.propose(written(tmp_path, {"customer no": (EACH, ""), header: (values, ""), "label": (["Promoter", "Passive", "Detractor"], ""), "date": (DAYS, ""),
                                             "event": (EVENTS, "")}))
    assert plan.columns[header] == role
    if role == "nps":
        assert plan.confidence[header] == 0.65
        assert [problem.column for problem in plan.problems if problem.code == "unsure"] == [header]


@pytest.mark.parametrize("headers", [("Satisfaction_1_3", "Satisfaction_1_5", "Satisfaction_1_7"), ("Scale_3", "Scale_4", "Scale_5", "Scale_6")])
def test_questions_of_one_scale_numbered_at_their_end_lose_no_answer(tmp_path, headers):
    path = written(tmp_path, {"customer no": (EACH, ""), "date": (DAYS, "")} | {
        header: ([str(1 + (n + place) % 7) for n in range(7)], "") for place, header in enumerate(headers)})
    plan = intake.propose(path)
    assert {header: score.top for header, score in plan.scores.items()} == dict.fromkeys(headers, 7)
    store = open_store(":memory:")
    intake.load(store, path, plan)
    assert store.value("SELECT count(csat) FROM interactions WHERE csat_max = 7") == ROWS * len(headers)


@pytest.mark.parametrize("header", ["Q21INCME", "Q18PET", "Q22Income", "Q5_GENDER", "S3 Education", "q9eğitim"])
def test_who_was_asked_is_no_answer_about_satisfaction(tmp_path, header):
    rated = {name: (["5", "4", "3", "2", "1", "4", "6", "0"], "") for name in ("Q7FOOD", "Q7STORE", "Q7SIGN", "Q7WIFI")}
    plan = intake.propose(written(tmp_path, {"date": (DAYS, "")} | rated | {"Q10SAFE": (FIVE, ""), header: (FIVE, "")}))
    assert [plan.columns[name] for name in ("Q7FOOD", "Q10SAFE", header)] == ["csat", "csat", "attribute"]


def test_of_the_three_header_rows_of_qualtrics_the_questions_name_the_columns(tmp_path):
    codes = ("ResponseId", "RecordedDate", "Q1", "Q2")
    asked = ("Response ID", "Recorded Date", "How likely are you to recommend us?", "")
    rows = [codes, asked, [f'{{"ImportId":"{code}"}}' for code in codes],
            *([f"R_{n:015}", f"2025-09-{1 + n:02} 08:00:00", str(n % 11), str(n % 5 + 1)] for n in range(20))]
    path = text_file(tmp_path, "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows))
    plan = intake.propose(path)
    assert plan.columns == {"Response ID": "record_id", "Recorded Date": "occurred_at",
                            "How likely are you to recommend us?": "nps", "Q2": plan.columns["Q2"]}
    store = open_store(":memory:")
    assert (intake.load(store, path, plan).accepted, store.value("SELECT count(nps) FROM interactions")) == (20, 20)


def test_good_and_bad_of_a_help_desk_are_satisfied_or_not_and_offered_is_no_answer(tmp_path):
    path = written(tmp_path, {"Ticket ID": (UNIQUE, ""), "Created at": (DAYS, ""), "Via": (["Mail", "Chat"], ""),
                              "Satisfaction Score": (["Offered", "Good", "Bad", "Not offered", "Good with comment"], "")})
    store = open_store(":memory:")
    receipt = intake.load(store, path)
    assert (receipt.accepted, receipt.rejected) == (ROWS, 0)
    assert store.rows("SELECT csat, csat_max, count(*) FROM interactions WHERE csat IS NOT NULL GROUP BY ALL ORDER BY 1") == [
        (1, 5, 12), (5, 5, 24)]


@pytest.mark.parametrize(("columns", "header"), [
    ({"Order ID": UNIQUE, "Order No": [f"N{n}" for n in range(ROWS)]}, "Order ID"),
    ({"Müşteri Fleurk Kodu": EACH}, "Müşteri Fleurk Kodu"), ({"Alıcı TC": ["10000000146"]}, "Alıcı TC"),
    ({"Kart Numarası": ["554960******1102", "454360******8810"]}, "Kart Numarası")])
def test_what_two_columns_claim_or_a_header_only_suggests_is_never_sure(tmp_path, columns, header):
    plan = intake.propose(written(tmp_path, {name: (values, "") for name, values in (
        {"Date": DAYS, "Event": EVENTS} | columns).items()}))
    assert plan.confidence[header] < 0.8


HASHES = [f"{n * 2654435761 % 2**32:08x}" for n in range(1, 21)]
SAID = [f"the {thing} was {how} when we came in" for thing in ("room", "pool", "lift") for how in ("cold", "dirty", "fine")]


@pytest.mark.parametrize(("header", "values", "role"), [
    ("mrn_hash", HASHES, "customer_id"), ("merchant_customer_id", HASHES, "customer_id"), ("merchant_hash", HASHES, "attribute"),
    ("pulse_vbtm", SAID, "comment"), ("Variant", ["Keten Gömlek Beyaz Uzun Kollu", "Yün Mont Siyah Kapüşonlu Kısa"], "attribute"),
    ("Grade given", ["5.0 out of 5 stars", "1.0 out of 5 stars", "4.0 out of 5 stars"], "csat"), ("Memn. (☆)", ["★★★★★", "★", "★★★"], "csat"),
    ("Ton", ["Negatif", "Pozitif", "Nötr"], "emotion"), ("state", ["Good", "Late", "Fine"], "attribute"),
    ("Seen as", ["👍", "👎", "👍"], "csat"), ("pulse_1_5", FIVE, "csat"), ("Ses Kaydı", ["https://nova.example/r/1"], "attribute")])
def test_what_a_header_does_not_say_the_values_may(tmp_path, header, values, role):
    plan = intake.propose(written(tmp_path, {"date": (DAYS, ""), "what": (EVENTS, ""), header: (values, "")}))
    assert plan.columns[header] == role


def test_the_groups_of_a_recommendation_name_the_answers_beside_them(tmp_path):
    rated = {"answer": (NPS, ""), "label": (["Promoter", "Passive", "Detractor"], ""), "date": (DAYS, "")}
    assert intake.propose(written(tmp_path, rated)).columns["answer"] == "nps"
    del rated["label"]
    assert intake.propose(written(tmp_path, rated | {"pages": (["3", "20"], "")})).columns["answer"] != "nps"


def test_beside_two_steps_of_a_customer_other_dates_are_steps_too_but_not_the_next_one_due(tmp_path):
    plan = intake.propose(written(tmp_path, {"customer no": (EACH, ""), "First contact date": (DAYS, ""), "Purchase date": (LATER, ""),
                                             "Invite sent": (LATER, ""), "Next review": (LATER, ""), "Birthday": (DAYS, "")}))
    assert (plan.layout, plan.columns["Invite sent"], plan.milestones["Invite sent"]) == ("milestones", "milestone", "Invite sent")
    assert (plan.columns["Next review"], plan.columns["Birthday"]) == ("attribute", "attribute")


def test_a_mapping_is_remembered_by_its_headers(tmp_path):
    store = open_store(":memory:")
    path = written(tmp_path, CASES["web analytics"][1])
    plan = intake.propose(path)
    plan.columns["country"] = "channel"
    plan.columns["traffic_source"] = "attribute"
    intake.load(store, path, plan)
    again = intake.propose(path, store=store)
    assert (again.columns, again.remembered) == (plan.columns, True)
    assert set(again.confidence.values()) == {1.0}
    intake.forget_mapping(store, again)
    afresh = intake.propose(path, store=store)
    assert (afresh.columns, afresh.remembered) == (intake.propose(path).columns, False)
    assert afresh.columns != plan.columns


def test_a_forgotten_mapping_leaves_its_rows_to_be_found_by_their_numbers(tmp_path):
    store = open_store(":memory:")
    tickets = text_file(tmp_path, "Ticket ID,Customer no,Created,Channel\n" + "".join(
        f"T-{n}00,c-{n},2026-01-0{n},E-mail\n" for n in range(1, 9)), "tickets.csv")
    answers = text_file(tmp_path, "Ticket ID,Answered,Rating\n" + "".join(
        f"T-{n}00,2026-02-0{n},{n % 5 + 1}\n" for n in range(1, 9)), "answers.csv")
    plan = intake.propose(tickets)
    assert plan.columns["Ticket ID"] == "record_id"
    intake.load(store, tickets, plan)
    before = intake.propose(answers, store=store).sheet.offered
    assert before["matched"] == 8
    intake.forget_mapping(store, plan)
    assert intake.propose(answers, store=store).sheet.offered == before


def test_a_meaning_only_one_column_may_have_is_taken_from_the_other_which_is_named(tmp_path):
    plan = intake.propose(text_file(tmp_path, "Complaint ID,Customer ID,Date Received,Date Resolved\n" + "".join(
        f"n-{n},c-{n},0{n}/01/2026,1{n}/02/2026\n" for n in range(1, 9))))
    assert plan.columns["Date Received"] == "occurred_at"
    assert intake.assign(plan.sheet, "Date Resolved", "occurred_at") == ["Date Received"]
    assert (plan.columns["Date Received"], plan.columns["Date Resolved"]) == ("attribute", "occurred_at")
    assert intake.assign(plan.sheet, "Date Resolved", "occurred_at") == []
    assert intake.assign(plan.sheet, "Date Received", "attribute") == []


def test_what_was_answered_once_is_not_asked_again_for_the_next_months_export(tmp_path):
    store = open_store(":memory:")
    path = text_file(tmp_path, "customer,date,event\na,03/04/2025,home\nb,05/06/2025,cart\n")
    plan = intake.propose(path, store=store)
    plan.formats["date"] = "mdy"
    intake.load(store, path, plan)
    text_file(tmp_path, "customer,date,event\na,07/08/2025,home\nb,09/10/2025,cart\n")
    again = intake.propose(path, store=store)
    assert (again.formats["date"], again.open_problems()) == ("mdy", [])
    text_file(tmp_path, "customer,date,event\na,17/08/2025,home\nb,09/10/2025,cart\n")
    assert intake.propose(path, store=store).formats["date"] == "dmy"


def test_a_sheet_that_was_left_out_is_left_out_the_next_month_too_but_not_when_it_comes_alone(tmp_path):
    store = open_store(":memory:")
    visits = [["customer", "date", "touchpoint"], ["a", dt.date(2025, 1, 5), "home"], ["b", dt.date(2025, 1, 6), "cart"]]
    scores = [["customer", "touchpoint", "NPS"], ["a", "home", 9], ["b", "home", 4]]
    path = workbook(tmp_path, {"Visits": visits, "Scores": scores})
    plan = intake.propose(path, store=store)
    plan.sheets[1].skip = True
    intake.load(store, path, plan)
    again = intake.propose(path, store=store)
    assert ([sheet.skip for sheet in again.sheets], again.open_problems()) == ([False, True], [])
    alone = intake.propose(workbook(tmp_path, {"Scores": scores}, "scores.xlsx"), store=store)
    assert [sheet.skip for sheet in alone.sheets] == [False]


def test_formats_that_decided_nothing_settle_nothing_later(tmp_path):
    store = open_store(":memory:")
    path = text_file(tmp_path, "customer,date,event,amount\na,2025-04-03,order,12\nb,2025-06-05,order,13\n")
    intake.load(store, path)
    text_file(tmp_path, "customer,date,event,amount\na,07/08/2025,order,1.234\nb,09/10/2025,order,5.678\n")
    assert [problem.code for problem in intake.propose(path, store=store).open_problems()] == ["date_order", "number_format"]


def test_the_preview_shows_the_interactions_a_plan_yields(tmp_path):
    path = written(tmp_path, CASES["survey tool"][1])
    shown = intake.preview(path, intake.propose(path), limit=7)
    assert len(shown) == 7
    assert {"occurred_at", "touchpoint", "csat", "sheet", "row_number"} <= set(shown.columns)


def test_orders_bring_the_order_and_its_delivery_with_the_days_it_was_late(tmp_path):
    path = text_file(tmp_path, "order no,customer no,order date,promised delivery date,delivered on,amount\n"
                     "o1,a,2025-03-01 10:00,2025-03-05,2025-03-08 09:00,10.5\n"
                     "o2,a,2025-04-01 10:00,2025-04-05,2025-04-04 09:00,20\n"
                     "o3,b,2025-04-02 10:00,2025-04-06,,30\n")
    store = open_store(":memory:")
    receipt = intake.load(store, path)
    assert (receipt.accepted, receipt.interactions) == (3, 5)
    assert store.rows("SELECT t.label, delay_days, revenue, order_id FROM interactions i JOIN touchpoints t "
                      "USING (touchpoint_id) ORDER BY occurred_at") == [
        ("Order", None, pytest.approx(10.5), "o1"), ("Delivery", 3, None, None), ("Order", None, 20, "o2"),
        ("Order", None, 30, "o3"), ("Delivery", -1, None, None)]


def test_a_corrected_file_replaces_what_it_corrects(tmp_path):
    store = open_store(":memory:")
    path = text_file(tmp_path, "ticket id,customer,date,event\n1,a,2025-01-01,home\n2,b,2025-01-02,cart\n")
    intake.load(store, path)
    text_file(tmp_path, "ticket id,customer,date,event\n1,a,2025-01-01,home\n2,b,2025-01-03,checkout\n")
    receipt = intake.load(store, path)
    assert (receipt.accepted, receipt.duplicates, receipt.replaced) == (1, 1, 1)
    assert store.rows("SELECT t.label FROM interactions JOIN touchpoints t USING (touchpoint_id) ORDER BY 1") == [
        ("checkout",), ("home",)]


def test_a_workbook_of_several_sheets_is_one_upload(tmp_path):
    head = ["customer", "date", "touchpoint"]
    path = workbook(tmp_path, {"Jan": [head, ["a", dt.date(2025, 1, 5), "home"], ["b", dt.date(2025, 1, 6), "cart"]],
                               "Feb": [head, ["a", dt.date(2025, 2, 5), "home"]],
                               "Notes": [["colour", "meaning"], ["x", "y"]]})
    store = open_store(":memory:")
    receipt = intake.load(store, path)
    assert (receipt.accepted, receipt.rows) == (3, 3)
    assert store.rows("SELECT DISTINCT sheet FROM interactions ORDER BY 1") == [("Feb",), ("Jan",)]
    assert [sheet.skip for sheet in intake.propose(path).sheets] == [False, False, True]


def test_a_sheet_of_figures_no_kpi_stands_for_is_not_taken_for_contacts(tmp_path):
    path = text_file(tmp_path, "Month,Rating,Visits\n" + "".join(f"2025-{n:02},{30 + n},8{n % 10}\n" for n in range(1, 13)))
    with pytest.raises(IntakeError, match="a row a period"):
        intake.load(open_store(":memory:"), path)


def test_what_came_back_is_no_order(tmp_path):
    path = text_file(tmp_path, "İade No;Sipariş No;Müşteri No;İade Tarihi;İade Tutarı\n"
                     + "".join(f"i{n};s{n};m{n % 4};{n + 1:02}.03.2025;10,5\n" for n in range(20)))
    store = open_store(":memory:")
    intake.load(store, path)
    assert store.rows("SELECT DISTINCT t.label, order_id, revenue FROM interactions JOIN touchpoints t "
                      "USING (touchpoint_id)") == [("İade", None, None)]


def test_a_score_column_of_words_is_kept_and_the_reason_said(tmp_path):
    path = text_file(tmp_path, "customer no,date,touchpoint,NPS\n" + "".join(
        f"C{n},2025-03-{n + 1:02},Store,{word}\n" for n, word in enumerate(["Gold", "Silver", "Bronze", "Gold", "7", "Silver"])))
    plan = intake.propose(path)
    assert plan.columns["NPS"] == "attribute"
    [note] = [problem for problem in plan.problems if problem.code == "no_scale"]
    assert "75 % of its different cells are words (e.g. “Gold”)" in str(note.text)
    assert plan.open_problems() == []


@pytest.mark.parametrize(("header", "kind", "touchpoint"), [
    ("Web sitemizden genel olarak ne kadar memnunsunuz? (1-5)", "csat", "Web sitesi"),
    ("Mağazamızdan ne kadar memnunsunuz?", "csat", "Mağaza"),
    ("Personelimizden ne kadar memnunsunuz?", "csat", "Personel"),
    ("Mobil uygulamamızdan ne kadar memnunsunuz?", "csat", "Mobil uygulama"),
    ("Çağrı merkezimizden ne kadar memnunsunuz?", "csat", "Çağrı merkezi"),
    ("Müşteri temsilcimizden ne kadar memnunsunuz?", "csat", "Müşteri temsilcisi"),
    ("Ödeme adımından ne kadar memnunsunuz? (1-5)", "csat", "Ödeme adımı"),
    ("Sorununuzu çözmek ne kadar kolaydı? (1-7)", "ces", "Sorun çözme"),
    ("Bize ulaşmak ne kadar kolaydı?", "ces", "Bize ulaşma"),
    ("İade işlemi ne kadar kolaydı?", "ces", "İade işlemi"),
    ("Teslimat nasıldı?", "csat", "Teslimat"),
    ("SMS OTPmizden ne kadar memnunsunuz?", "csat", "SMS OTPmiz"),  # no word is left without "our"
    ("ALO HATmızdan ne kadar memnunsunuz?", "csat", "ALO HATmız"),
    ("Mobil XKRGDmızdan ne kadar memnunsunuz?", "csat", "Mobil XKRGD"),
    ("Yurtiçi XKRGDmızdan ne kadar memnunsunuz?", "csat", "Yurtiçi XKRGDmız"),  # no vowel to go by
    ("Temmuzdan ne kadar memnunsunuz?", "csat", "Temmuz"),
    ("Domuzdan ne kadar memnunsunuz?", "csat", "Domuz"),
    ("Odamızdan ne kadar memnunsunuz?", "csat", "Oda"),
    ("Hizmetimizden genel olarak ne kadar memnunsunuz?", "csat", None),
    ("Genel olarak ne kadar memnunsunuz?", "csat", None),
    ("Değerlendirme Memnuniyet (1-5)", "csat", None),  # the title over several columns, and what they measure
    ("Rating", "csat", None),
])
def test_a_question_is_about_what_a_person_would_call_it(header, kind, touchpoint):
    assert touchpoint_of(header, kind) == touchpoint


CALLS = "Çağrı ID;Müşteri No;Başlangıç;Kuyrukta Bekleme;Görüşme Süresi;Konu\n" + "".join(
    f"C{n};M-{n % 9};{1 + n % 28:02}.04.2026 19:{n:02}:46;{n % 14:02}:{n:02};00:{n % 20:02}:{n + 1:02};Kargo\n"
    for n in range(40))


def test_a_log_of_calls_says_nothing_and_happened_at_the_call_center(tmp_path):
    path = text_file(tmp_path, CALLS, "rapor.csv")
    plan = intake.propose(path)
    assert plan.columns["Görüşme Süresi"] == "attribute"
    assert plan.sheet.constants == {"touchpoint": "Çağrı merkezi", "channel": "Telefon"}
    store = open_store(":memory:")
    intake.load(store, path, plan)
    assert store.rows("SELECT DISTINCT t.label, c.label, s.key FROM interactions i JOIN touchpoints t USING "
                      "(touchpoint_id) JOIN channels c USING (channel_id) JOIN stages s ON s.stage_id = i.stage_id "
                      ) == [("Çağrı merkezi", "Telefon", "retention")]


@pytest.mark.parametrize(("name", "touchpoint"), [("chats.csv", "Live chat"), ("Calls 2026.csv", "Call center"),
                                                  ("help desk tickets.csv", "Support ticket"), ("list.csv", None)])
def test_a_sheet_named_for_a_service_happened_there(tmp_path, name, touchpoint):
    path = text_file(tmp_path, "customer,date,topic\na,2026-01-02,price\nb,2026-01-03,price\nc,2026-01-05,size\n", name)
    assert intake.propose(path).sheet.constants.get("touchpoint") == touchpoint


def test_averages_of_ratings_are_said_not_to_be_taken_before_anything_is_asked(tmp_path):
    summary = [("Ay", "Ziyaret", "Ort. memnuniyet"), ("Ocak", 90, 3.4), ("Şubat", 90, 3.5), ("Mart", 90, 3.3)]
    answers = [("müşteri no", "tarih", "memnuniyet (1-5)")] + [(f"m{n}", f"2026-01-{n + 1:02}", 1 + n % 5)
                                                               for n in range(20)]
    alone = intake.propose(workbook(tmp_path, {"Özet": summary}, "alone.xlsx"))
    assert [(each.severity, each.code) for each in alone.problems] == [("error", "averages")]
    plan = intake.propose(workbook(tmp_path, {"Ocak": answers, "Özet": summary}))
    assert plan.open_problems() == []
    assert [sheet.skip for sheet in plan.sheets] == [False, True]
    assert [problem.text.values["reason"].values["column"] for problem in plan.problems
            if problem.code == "sheet_skipped"] == ["Ort. memnuniyet"]


def test_answers_about_the_checkout_and_baskets_are_said_to_count_as_the_purchase(tmp_path):
    survey = text_file(tmp_path, "customer,date,How satisfied were you with the checkout? (1-5),"
                       "How satisfied were you with the website? (1-5)\n" + "".join(
                           f"c{n},2026-01-{n + 1:02},{1 + n % 5},{1 + n % 4}\n" for n in range(20)))
    assert [problem.text.values["names"] for problem in intake.propose(survey).problems
            if problem.code == "early"] == ["“Checkout”"]
    events = text_file(tmp_path, "customer,date,touchpoint\na,2026-01-01,Basket\nb,2026-01-02,Order\n")
    assert [problem.text.values["names"] for problem in intake.propose(events).problems
            if problem.code == "early"] == ["“Basket”"]


def test_amounts_and_scores_that_say_nothing_are_counted_by_their_words(tmp_path):
    path = text_file(tmp_path, "order no,customer no,order date,amount,city\n" + "".join(
        f"A-{n},c{n},2026-01-{n + 1:02},{'yok' if n in (3, 5) else n + 10},{'yok' if n == 7 else 'X'}\n"
        for n in range(20)))
    [note] = [note for note in intake.load(open_store(":memory:"), path).notes if "counts as empty" in note.id]
    assert (note.values["column"], note.values["n"], note.values["words"]) == ("amount", 2, "“yok”")


def test_notes_of_several_sheets_name_them_and_are_told_once(tmp_path):
    answers = [("müşteri no", "tarih", "memnuniyet (1-5)")] + [(f"m{n}", f"2026-01-{n + 1:02}", 9 if not n else 3)
                                                               for n in range(20)]
    path = workbook(tmp_path, {"Ocak": answers, "Mart": answers, "Ek": [answers[0], *answers[2:]]})
    told = [str(note) for note in intake.load(open_store(":memory:"), path).notes if "outside the scale" in str(note)]
    assert len(told) == 1
    assert told[0].startswith("Ocak, Mart: Column “memnuniyet (1-5)”")
