"""Days without a year: asked, offered, over New Year in order, remembered so that the next file follows."""

import datetime as dt

import pytest

import cx
from cx import intake
from cx.errors import IntakeError
from cx.intake.yearless import Yearless, as_before, proposed_year, yearless
from cx.language import language
from tests.intake.files import text_file, workbook

DAY = dt.date
TODAY = DAY(2026, 11, 29)


@pytest.fixture
def store():
    opened = cx.open_store(":memory:")
    yield opened
    opened.close()


def _days(first: DAY, last: DAY, form: str = "%d/%m") -> list[str]:
    return [(first + dt.timedelta(days=each)).strftime(form) for each in range((last - first).days + 1)]


def _file(folder, cells, name="visits.csv", header="Tarih"):
    return text_file(folder, f"Müşteri No,{header},Temas noktası\n" + "".join(
        f"C{row % 40},{cell},Sepet {row % 7}\n" for row, cell in enumerate(cells)), name)


def _problem(plan, code="no_year"):
    return next(problem for problem in plan.problems if problem.code == code)


@pytest.mark.parametrize("form", ["%d/%m", "%d.%m.", "%d-%m 14:05", "%d %B", "%d %b 09:30"])
@pytest.mark.parametrize("down", [False, True])
def test_over_new_year_the_days_go_on_in_the_next_year(tmp_path, store, form, down):
    cells = _days(DAY(2024, 12, 20), DAY(2025, 1, 12), form)
    path = _file(tmp_path, cells[::-1] if down else cells)
    plan = intake.propose(path)
    assert plan.columns["Tarih"] == "occurred_at"
    assert _problem(plan) in plan.open_problems()
    with pytest.raises(IntakeError, match="“Tarih” names days without a year"):
        intake.load(store, path, plan)
    plan.sheet.years["Tarih"].year = 2024
    assert not plan.open_problems()
    assert intake.load(store, path, plan).accepted == 24
    assert store.rows("SELECT min(occurred_at)::DATE, max(occurred_at)::DATE, count(DISTINCT occurred_at::DATE) "
                      "FROM interactions") == [(DAY(2024, 12, 20), DAY(2025, 1, 12), 24)]


@pytest.mark.parametrize(("cells", "span"), [
    (_days(DAY(2026, 1, 5), DAY(2026, 3, 2)), ("01-05", "03-02")), (["01/03", "28/12", "05/03", "02/12", "03/03"], ("03-01", "12-28")),
    (_days(DAY(2025, 11, 1), DAY(2026, 10, 20)), ("11-01", "10-20")),  # nearly a year
    (_days(DAY(2025, 11, 1), DAY(2026, 12, 5)), None), (_days(DAY(2024, 6, 1), DAY(2026, 6, 1)), None),
    (["28/12", "28/12", "x", "", "02/01"], ("12-28", "01-02")),
    (["28/12", "29/12", "30/12", "02/01", "31/12", "03/01", "04/01"], ("12-28", "01-04")),  # a row before its time
    ([f"{DAY(2024, 12, 20) + dt.timedelta(days=7 * each % 24):%d/%m}" for each in range(24)], ("12-20", "01-12")),
    ([day for _ in range(40) for day in ("05/01", "07/05", "09/10", "20/11")], ("01-05", "11-20")),  # by customer first
    (["05/01", "06/01", "07/01", "30/08", "31/08"], ("01-05", "08-31"))])
def test_the_first_and_the_last_day_are_known_or_that_they_are_of_more_than_a_year(cells, span):
    assert yearless(cells, "dmy").span("dmy") == span


def test_what_is_of_more_than_a_year_is_refused_until_the_column_is_something_else(tmp_path, store):
    path = _file(tmp_path, _days(DAY(2024, 6, 1), DAY(2026, 6, 1)))
    plan = intake.propose(path)
    assert [problem.code for problem in plan.open_problems()] == ["many_years"]
    intake.assign(plan.sheet, "Tarih", "attribute")
    intake.reconsider(path, plan)
    assert "many_years" not in [problem.code for problem in plan.problems]


@pytest.mark.parametrize(("cells", "named", "around", "year"), [
    (_days(DAY(2026, 1, 5), DAY(2026, 3, 2)), (), None, 2026), (_days(DAY(2026, 11, 20), DAY(2026, 12, 2)), (), None, 2025),
    (_days(DAY(2024, 12, 20), DAY(2025, 1, 5)), (), None, 2025), (_days(DAY(2024, 12, 20), DAY(2025, 1, 5)), ("Kış 2023-2024",), None, 2023),
    (_days(DAY(2026, 1, 5), DAY(2026, 3, 2)), ("report_2021.csv", "Sayfa1"), None, 2021),
    (_days(DAY(2026, 1, 5), DAY(2026, 3, 2)), ("report_2021.csv",), DAY(2023, 2, 20), 2023),
    (_days(DAY(2024, 12, 20), DAY(2025, 1, 5)), (), DAY(2023, 1, 2), 2022)])
def test_a_year_is_offered(cells, named, around, year):
    assert proposed_year(yearless(cells, "dmy"), "dmy", TODAY, named, around=around) == year


def test_the_year_is_offered_by_what_stands_in_the_file(tmp_path):
    rows = [["Ziyaretler 2022"], [], ["Müşteri No", "Tarih", "Temas noktası"], *[
        [f"C{n}", f"{n:02}/03", "Mağaza"] for n in range(1, 29)]]
    plan = intake.propose(workbook(tmp_path, {"Sayfa1": rows}))
    assert plan.sheet.years["Tarih"].likely == {"dmy": 2022}


def test_the_next_file_follows_the_last_one(tmp_path, store):
    path = _file(tmp_path, _days(DAY(2023, 11, 1), DAY(2023, 12, 31)))
    plan = intake.propose(path, store=store)
    plan.sheet.years["Tarih"].year = 2023
    intake.load(store, path, plan)
    later = _file(tmp_path, _days(DAY(2024, 1, 1), DAY(2024, 2, 29)), "later.csv")
    plan = intake.propose(later, store=store)
    assert (plan.sheet.years["Tarih"].year, plan.open_problems()) == (2024, [])
    assert "follow those of the last file" in str(_problem(plan).text)
    assert intake.load(store, later).rejected == 0
    assert store.value("SELECT max(occurred_at)::DATE FROM interactions") == DAY(2024, 2, 29)
    assert intake.load(store, path).duplicates == 61  # the first one again is still of its year


def test_the_next_file_does_not_follow_into_the_future():
    today = DAY.today()
    earlier = Yearless({"dmy": [f"{today - dt.timedelta(days=30):%m-%d}", f"{today:%m-%d}"]})
    earlier.year = today.year - (earlier.spans["dmy"][0] > earlier.spans["dmy"][1])
    coming = yearless([f"{today + dt.timedelta(days=40):%d/%m}"], "dmy")
    assert coming.bounds("dmy", as_before(coming, earlier, "dmy"))[1] <= today


def test_where_day_and_month_are_open_too_both_are_asked(tmp_path, store):
    path = _file(tmp_path, ["03/04", "05/06", "07/08"], header="Date")
    plan = intake.propose(path, language=None)
    plan.sheet.formats["Date"] = "ambiguous"
    intake.reconsider(path, plan)
    plan.sheet.formats["Date"] = "mdy"
    plan.sheet.years["Date"] = yearless(["03/04", "05/06", "07/08"], "ambiguous")
    plan.sheet.years["Date"].year = 2025
    intake.load(store, path, plan)
    assert store.value("SELECT min(occurred_at)::DATE FROM interactions") == DAY(2025, 3, 4)


def test_a_29_february_of_another_year_is_rejected(tmp_path, store):
    path = _file(tmp_path, ["28/02", "29/02", "01/03"])
    plan = intake.propose(path)
    plan.sheet.years["Tarih"].year = 2025
    receipt = intake.load(store, path, plan)
    assert (receipt.accepted, receipt.rejects["value"].tolist()) == (2, ["29/02"])


@pytest.mark.parametrize(("header", "cell"), [
    ("Bekleme süresi (dk)", lambda n: f"{n % 12 + 1}.{n % 20 + 10}"), ("Price", lambda n: f"{n % 12 + 1}.{n % 20 + 10}"),
    ("Rating", lambda n: f"{n % 5 + 1}/5"), ("Version", lambda n: f"{n % 9 + 1}.{n % 9}")])
def test_other_numbers_are_no_days(tmp_path, header, cell):
    path = text_file(tmp_path, f"Customer no,Date,{header},Touchpoint\n" + "".join(
        f"C{n},2026-03-{n % 28 + 1:02},{cell(n)},Cart\n" for n in range(60)))
    plan = intake.propose(path)
    assert (plan.columns["Date"], plan.sheet.years) == ("occurred_at", {})


def test_the_plan_is_kept_with_its_years(tmp_path):
    plan = intake.propose(_file(tmp_path, ["28/12", "30/12", "02/01"]))
    plan.sheet.years["Tarih"].year = 2025
    assert intake.Plan.from_json(plan.to_json()) == plan
    assert "Hangi yıla ait?" in language("tr")(_problem(plan).text)
