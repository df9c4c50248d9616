"""From the drop to the dashboard through the real page; every number on it is the one cx gives for the same files."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect

import cx
from cx import Store, intake, sample
from cx.intake import Receipt
from cx.language import language
from cx.metrics.kpi import kpis
from cx.metrics.overview import span
from cx.scratch import PREFIX
from pages.parts.intake_problems import FORMAT_NAMES
from tests.browser.driver import Server, act, serve, settled, text_of, visit
from tests.browser.uploads import (
    WORDS,
    counts,
    data_version,
    downloaded,
    drop,
    load,
    press,
    receipts,
    tile,
    understood,
    unfold,
    upload_page,
    waiting,
    words,
)
from tests.intake.files import text_file, workbook

TR = language("tr")
HEADER = "Customer no,Date,Touchpoint,Channel,NPS\n"
EITHER = HEADER + "either-1,03/04/2026,Delivery,Courier,9\neither-1,05/06/2026,Delivery,Courier,3\n"


@pytest.fixture
def alone(tmp_path_factory) -> Iterator[Server]:
    """A server whose numbers nobody else changes."""
    with serve(tmp_path_factory.mktemp("alone")) as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    """A server for small files; each test brings customers of its own."""
    with serve(tmp_path_factory.mktemp("uploads")) as running:
        yield running


def told(receipt: Receipt) -> list[int]:
    return [receipt.accepted - receipt.corrected, receipt.duplicates, receipt.corrected, receipt.rejected]


def nps(store: Store) -> str:
    return TR.number(kpis(store, only=["nps"])["value"].iloc[0], 1)


def size(page: Page) -> str:
    """What the newest receipt says the dashboard has."""
    return words(receipts(page).first.locator("p.cx-body").first)


def test_the_turkish_sample_needs_no_answers_and_can_be_taken_back(browser: Browser, alone: Server):
    own = cx.open_store(":memory:")
    expected = [intake.load(own, path) for path in sample.files("tr")]
    with upload_page(browser, alone, "tr") as page:
        drop(page, *sample.files("tr"))
        assert waiting(page).count() == 4
        assert page.get_by_text("Önce yukarıdaki soruları").count() == 0
        for receipt in expected:
            assert load(page, "tr") == told(receipt)
        loaded = span(own)
        assert f"{TR.number(loaded.customers)} müşteri" in size(page)
        assert f"{TR.number(loaded.interactions)} etkileşim" in size(page)

        survey = next(path for path in sample.files("tr") if path.name == "anket.xlsx")
        drop(page, survey)
        again, first = load(page, "tr"), next(each for each in expected if each.name == survey.name)
        assert again == [0, first.accepted + first.duplicates, 0, first.rejected]
        assert again[1] > 6000
        assert span(own).interactions == loaded.interactions

        press(page, WORDS["tr"]["open"])
        page.get_by_role("heading", name="Genel bakış", level=1).wait_for()
        settled(page)
        assert tile(page, "nps") == nps(own)

        # the copy says nothing new, so the survey stands until both are taken back
        for number in (5, 3):
            visit(page, alone, "/history")
            page.locator(f".st-key-upload-{number}").get_by_role("button", name=WORDS["tr"]["undo"]).click()
            act(page, lambda: page.get_by_test_id("stPopoverBody").get_by_role("button").click())
            if number == 3:  # own has no copy
                intake.undo(own, number)
            visit(page, alone)
            counted = span(own)
            assert f"{TR.number(counted.customers)} müşteri · {TR.number(counted.interactions)} etkileşim" in text_of(page)
            assert tile(page, "nps") == (nps(own) if number == 5 else "—")
        assert counted.interactions < loaded.interactions


BROKEN = {"en": "yesterday", "tr": "dün"}
REASONS = {"en": ["“yesterday” cannot be read as a date in this column. Write it like 2025-12-31 14:05.",
                  "The customer is empty. Fill in who it was.", "The date is empty. Fill in when it happened."],
           "tr": ["“dün” bu sütunda tarih olarak okunamıyor. Şöyle yazın: 2025-12-31 14:05.",
                  "Müşteri boş. Kim olduğunu yazın.", "Tarih boş. Ne zaman olduğunu yazın."]}


@pytest.mark.parametrize("code", ["en", "tr"])
def test_rejected_rows_are_downloaded_mended_and_added(browser: Browser, server: Server, tmp_path: Path, code: str):
    bad = {2: (f"{code}-2", BROKEN[code]), 5: ("", "2026-02-05"), 8: (f"{code}-8", "")}
    rows = [",".join([*bad.get(n, (f"{code}-{n}", f"2026-02-{n + 1:02}")), "Delivery", "Courier", str(n)])
            for n in range(10)]
    path = text_file(tmp_path, HEADER + "\n".join(rows), f"february {code}.csv")
    with upload_page(browser, server, code) as page:
        drop(page, path)
        before = {"en": "3 rows of this file will not be loaded", "tr": "Bu dosyanın 3 satırı yüklenmeyecek"}[code]
        assert before in words(waiting(page))
        assert load(page, code) == [7, 0, 0, 3]
        before = size(page)
        book = openpyxl.load_workbook(downloaded(page, lambda: page.get_by_role(
            "button", name=WORDS[code]["rejected"]).click(), tmp_path))
        reasons = [row[4] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)]
        assert reasons == REASONS[code]
        sheet = book.worksheets[0]
        assert [cell.value for cell in sheet[1]] == HEADER.strip().split(",")
        assert sheet.max_row == 4
        for row in sheet.iter_rows(min_row=2):
            row[0].value = row[0].value or f"{code}-5"
            row[1].value = "2026-02-20"
        mended = tmp_path / f"mended {code}.xlsx"
        book.save(mended)
        drop(page, mended)
        assert load(page, code) == [3, 0, 0, 0]
        assert size(page) != before
        drop(page, mended)
        assert load(page, code) == [0, 3, 0, 0]
        visit(page, server, "/history")  # the rejected rows are there later, too
        later = openpyxl.load_workbook(downloaded(page, lambda: page.get_by_role(
            "button", name=WORDS[code]["later"]).first.click(), tmp_path))
        assert [row[4] for row in later.worksheets[1].iter_rows(min_row=2, values_only=True)] == reasons


def test_a_turkish_screen_does_not_decide_how_the_dates_of_an_english_sheet_are_read(
        browser: Browser, server: Server, tmp_path: Path):
    path = text_file(tmp_path, EITHER)
    with upload_page(browser, server, "tr") as page:
        drop(page, path)
        assert "hem gün hem ay önce okunabiliyor" in words(waiting(page))
        assert page.get_by_role("button", name="Yükle", exact=True).is_disabled()


def test_dates_that_can_be_read_both_ways_are_asked_about(browser: Browser, server: Server, tmp_path: Path):
    path = text_file(tmp_path, EITHER)
    with upload_page(browser, server) as page:
        drop(page, path)
        assert "can be read day first or month first" in words(waiting(page))
        assert page.get_by_role("button", name="Load", exact=True).is_disabled()
        act(page, lambda: page.get_by_text("month first: 03/04 is 4 March").click())
        assert load(page) == [2, 0, 0, 0]
        visit(page, server, "/customer?id=either-1")
        assert "4 Mar 2026 – 6 May 2026" in text_of(page)


@pytest.mark.parametrize(("code", "answer", "worth"), [("en", "order", 10), ("tr", "line", 30)])
def test_whose_an_amount_is_that_all_rows_of_an_order_repeat_is_asked(
        browser: Browser, alone: Server, tmp_path: Path, code: str, answer: str, worth: int):
    """Nothing tells: no quantities, and a header that says neither order nor line."""
    t = language(code)
    lines = [("A1", 1, 10), ("A1", 1, 10), ("A1", 1, 10), ("A2", 2, 20), ("A2", 2, 20), ("A3", 3, 5), ("A3", 3, 5)]
    path = text_file(tmp_path, "Order number,Customer no,Order date,Article,Amount\n" + "\n".join(
        f"{order},whose-{who},2026-03-{who:02},Thing {place},{amount}" for place, (order, who, amount) in enumerate(lines)))
    own, plan = cx.open_store(":memory:"), intake.propose(path)
    plan.sheets[0].amounts["Amount"] = answer
    expected = told(intake.load(own, path, plan))
    with upload_page(browser, alone, code) as page:
        drop(page, path)
        question = t("In “{column}” all rows of an order say the same amount. Is it that of the whole order, to be counted "
                     "once, or that of each row, to be added up?", column="Amount")
        assert question in words(waiting(page))
        button = page.get_by_role("button", name=WORDS[code]["load"], exact=True)
        assert button.is_disabled()
        act(page, lambda: page.get_by_text(t(FORMAT_NAMES[answer]), exact=True).click())
        assert load(page, code) == expected
        visit(page, alone, "/customer?id=whose-1")
        assert f"1 ({t.money(worth)})" in text_of(page)


@pytest.mark.parametrize("code", ["en", "tr"])
def test_days_without_a_year_get_the_one_that_is_chosen(browser: Browser, server: Server, tmp_path: Path, code: str):
    t = language(code)
    rows = "".join(f"yearless-{code},{day},Counter {code}\n" for day in ("28/12", "30/12", "02/01"))
    path = text_file(tmp_path, f"Customer no,Date {code},Touchpoint\n" + rows, f"{code}-2022.csv")
    with upload_page(browser, server, code) as page:
        drop(page, path)
        said = "Which year are they of?" if code == "en" else "Hangi yıla ait?"
        assert said in words(waiting(page))
        assert page.get_by_role("button", name=WORDS[code]["load"], exact=True).is_disabled()
        unfold(page, t("They are of"))
        offered = f"{t.date(dt.date(2022, 12, 28))} – {t.date(dt.date(2023, 1, 2))}"
        assert page.get_by_role("option").first.inner_text() == offered
        act(page, lambda: page.get_by_role("option", name=offered).click())
        assert load(page, code) == [3, 0, 0, 0]
        visit(page, server, f"/customer?id=yearless-{code}")
        assert offered in text_of(page)


def test_that_every_row_is_a_complaint_is_said_and_can_be_switched_off(browser: Browser, server: Server, tmp_path: Path):
    path = text_file(tmp_path, "Customer no,Date,Complaint subject\n" + "".join(
        f"moan-{n},2026-03-{n:02},Subject {n % 4}\n" for n in range(1, 20)), "list.csv")
    with upload_page(browser, server) as page:
        drop(page, path)
        assert "Every row of “list” counts as a complaint." in words(waiting(page))
        act(page, lambda: page.get_by_text("Every row is a complaint", exact=True).click())
        assert "counts as a complaint" not in words(waiting(page))
        assert load(page) == [19, 0, 0, 0]


def test_that_cancelled_orders_are_none_is_said_and_can_be_switched_off(browser: Browser, server: Server,
                                                                       tmp_path: Path):
    path = text_file(tmp_path, "Order no,Customer no,Order date,Amount,Quantity,Status\n" + "".join(
        f"void-{n},void-{n},2026-03-{n:02},{n}.50,1,{'Void' if n % 6 == 0 else 'Paid'}\n" for n in range(1, 20)), "list.csv")
    with upload_page(browser, server) as page:
        drop(page, path)
        assert "“Status” says in 3 rows that the order was cancelled: they are loaded as contacts" in words(waiting(page))
        act(page, lambda: page.get_by_text("What “Status” calls cancelled is no order", exact=True).click())
        assert "they count as orders all the same, as you chose" in words(waiting(page))
        assert load(page) == [19, 0, 0, 0]


def test_a_sheet_without_a_date_gets_the_one_that_is_given(browser: Browser, server: Server, tmp_path: Path):
    path = text_file(tmp_path, "Customer no,Touchpoint,NPS\nundated-1,Delivery,9\nundated-2,Delivery,3\n")
    with upload_page(browser, server) as page:
        drop(page, path)
        assert "has no date" in words(waiting(page))
        assert page.get_by_role("button", name="Load", exact=True).is_disabled()
        page.get_by_role("spinbutton").first.click()
        page.keyboard.type("24122010")
        act(page, lambda: page.get_by_role("heading", level=1).click())
        assert load(page) == [2, 0, 0, 0]
        visit(page, server, "/customer?id=undated-1")
        assert "24 Dec 2010" in text_of(page)


def test_a_sheet_of_a_workbook_can_be_left_out(browser: Browser, server: Server, tmp_path: Path):
    """The sheet that is left out takes its open question along."""
    path = workbook(tmp_path, {
        "Visits": [["Customer no", "Date", "Touchpoint"], ["book-1", "2026-01-05", "Store visit"],
                   ["book-2", "2026-01-06", "Store visit"]],
        "Scores": [["Customer no", "Touchpoint", "NPS"], ["book-3", "Delivery", 9], ["book-4", "Delivery", 2]]})
    with upload_page(browser, server) as page:
        drop(page, path)
        switches = page.get_by_test_id("stCheckbox").filter(has_text="Load this sheet")
        assert switches.count() == 2
        question = "“Scores” has no date"
        for left_out in (False, True, False):
            (expect(waiting(page)).not_to_contain_text if left_out else expect(waiting(page)).to_contain_text)(question)
            act(page, lambda: switches.nth(1).locator("label").click())
        expect(waiting(page)).not_to_contain_text(question)
        act(page, lambda: switches.nth(0).locator("label").click())
        expect(waiting(page)).to_contain_text("Every sheet is left out")
        assert page.get_by_role("button", name="Load", exact=True).is_disabled()
        act(page, lambda: switches.nth(0).locator("label").click())
        expect(waiting(page)).not_to_contain_text("Every sheet is left out")
        assert load(page) == [2, 0, 0, 0]
        visit(page, server, "/customer?id=book-3")
        assert "No customer has this number" in text_of(page)


def is_a(page: Page, row: int, role: str) -> None:
    """Say in the table of columns what the column in this row (from 0) is."""
    choice, columns = page.locator(".glide-select input"), page.get_by_test_id("stDataFrame").first
    for _ in range(15):  # the table is a picture that takes no key until it is drawn
        columns.scroll_into_view_if_needed()
        table = columns.locator("canvas").first.bounding_box()
        assert table is not None
        page.mouse.click(table["x"] + 10, table["y"] + 35 * (row + 1) + 17)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        with contextlib.suppress(TimeoutError):
            choice.fill(role, timeout=1500)
            break
        page.keyboard.press("Escape")
    act(page, lambda: page.get_by_role("option", name=role, exact=True).click())


def test_columns_are_corrected_once_and_the_next_months_export_needs_two_gestures(
        browser: Browser, server: Server, tmp_path: Path):
    """Headers in a language the product does not speak: said once, known of the next file. Drop it, load it."""
    months = [text_file(tmp_path, "Wer,Wann,Wo,Wie gern\n" + "".join(
        f"month-{n},2026-{month:02}-{n + 10},Filiale,{n % 5 + 1}\n" for n in range(12)), f"month {month}.csv")
        for month in (1, 2)]
    with upload_page(browser, server) as page:
        drop(page, months[0])
        assert "No column of “month 1” says what happened" in words(waiting(page))
        assert page.get_by_role("button", name="Load", exact=True).is_disabled()
        for row, role in ((1, "Customer"), (2, "Touchpoint"), (3, "Satisfaction")):  # Wann came first: it is known
            is_a(page, row, role)
        assert load(page) == [12, 0, 0, 0]
        drop(page, months[1])
        assert "read as the last time a file like this was loaded" in words(waiting(page))
        assert load(page) == [12, 0, 0, 0]
        visit(page, server, "/customer?id=month-3")
        shown = text_of(page)
        assert "13 Jan 2026 – 13 Feb 2026" in shown
        assert "Net emotion" in shown
        visit(page, server, "/touchpoints?touchpoint=filiale")
        assert "12 customers · 24 interactions" in text_of(page)


def becomes(page: Page, shown: str) -> None:
    """The preview's first row, as those hear it who do not see the table, holds this."""
    row = waiting(page).get_by_test_id("stDataFrame").last.locator('[role="row"]').nth(1)
    expect(row).to_contain_text(shown)


def test_two_dates_change_places_and_a_wrong_choice_is_forgotten(browser: Browser, alone: Server, tmp_path: Path):
    """Only one column can be the time: it moves, its row stays, and the page comes to rest."""
    asked = "Colour of the form that was used"
    path = text_file(tmp_path, f"Complaint ID,Customer ID,Date Received,Date Resolved,Notes,{asked} first,{asked} last\n"
                     + "".join(f"K-{n}00,swap-{n},{n + 10}/01/2026,{n + 10}/02/2026,late by {n} days,red,blue\n"
                               for n in range(1, 9)), "complaints.csv")
    with upload_page(browser, alone) as page:
        drop(page, path)
        becomes(page, "2026-01-11")
        mapped = waiting(page).get_by_test_id("stDataFrame").first.locator('[role="row"]')
        for row, shown in ((2, "day.month.year"), (5, "…was used first"), (6, "…was used last")):
            expect(mapped.nth(row + 1)).to_contain_text(shown)
        rows = {"Received": 2, "Resolved": 4}  # those without a meaning come last, and stay there
        for taken, given in (("Received", "Resolved"), ("Resolved", "Received"), ("Received", "Resolved")):
            is_a(page, rows[given], "Date and time")
            expect(waiting(page)).to_contain_text(f"“Date {taken}” was it before, and is now: Further information")
        becomes(page, "2026-02-11")
        assert load(page) == [8, 0, 0, 0]

        receipt = receipts(page).first
        receipt.get_by_role("button", name="Undo").click()
        expect(page.get_by_test_id("stPopoverBody")).to_contain_text("This takes 8 rows off the dashboard.")
        assert "is loaded" in words(receipt)
        press(page, WORDS["en"]["undo_upload"])
        expect(receipt).to_contain_text("complaints.csv was undone")
        assert receipt.get_by_role("button").count() == 0

        drop(page, path)
        expect(waiting(page)).to_contain_text("read as the last time")
        expect(mapped.nth(1)).to_contain_text("as last time")
        becomes(page, "2026-02-11")
        press(page, "Read afresh")
        understood(page, 1)
        expect(waiting(page)).not_to_contain_text("read as the last time")
        becomes(page, "2026-01-11")


def test_the_same_export_in_another_form_is_asked_about(browser: Browser, server: Server, tmp_path: Path):
    """The seconds are missing the second time. Once answered, it is remembered."""
    exact, cut, corrected = (text_file(tmp_path, "Customer no,Seen at,Touchpoint,NPS\n" + "".join(
        f"again-{n},2026-01-{n + 10} 10:{n + 20}{seconds},Delivery,{nps or n}\n" for n in range(8)), name)
        for name, seconds, nps in (("exact.csv", ":17", 0), ("cut.csv", "", 0), ("corrected.csv", "", 9)))
    with upload_page(browser, server) as page:
        drop(page, exact)
        assert "there already" not in words(waiting(page))
        assert load(page) == [8, 0, 0, 0]
        drop(page, exact)
        assert "All rows of this file are there already" in words(waiting(page))
        press(page, WORDS["en"]["discard"])
        drop(page, cut)
        assert "8 of 8 rows look like rows of “exact.csv”" in words(waiting(page))
        assert "(less than a minute apart)" in words(waiting(page))
        assert page.get_by_role("button", name="Load", exact=True).is_disabled()
        act(page, lambda: page.get_by_text("They are the same").click())
        assert load(page) == [0, 0, 8, 0]
        drop(page, cut)
        assert "All rows of this file are there already" in words(waiting(page))
        assert load(page) == [0, 8, 0, 0]
        drop(page, corrected)
        assert "8 correct an earlier row" in words(waiting(page))
        press(page, WORDS["en"]["discard"])


def test_a_page_that_was_closed_finds_its_files_again(browser: Browser, server: Server, tmp_path: Path):
    with upload_page(browser, server) as page:
        drop(page, text_file(tmp_path, HEADER + "closed-1,2026-01-05,Delivery,Courier,9\n", "left behind.csv"))
        again = page.context.new_page()
        page.close()
        visit(again, server, "/upload")
        waiting(again).first.wait_for()
        settled(again)
        assert "left behind.csv" in words(waiting(again))
        assert load(again) == [1, 0, 0, 0]
        visit(again, server, "/upload")
        again.wait_for_timeout(500)
        assert waiting(again).count() == 0


def test_a_template_loads_as_it_is_and_a_second_file_finds_its_customers(browser: Browser, server: Server, tmp_path: Path):
    """The receipt says what changed; figures of months are kept apart."""
    with upload_page(browser, server) as page:
        page.get_by_text("No file at hand?").click()
        filled = downloaded(page, lambda: page.locator(".st-key-template-orders button").click(), tmp_path)
        drop(page, filled)
        assert load(page) == [6, 0, 0, 0]
        assert "6 rows brought 11 interactions. An order that has arrived becomes two" in words(receipts(page).first)
        assert "What this changed on the dashboard" in words(receipts(page).first)
        drop(page, text_file(tmp_path, "Order no,Review date,Rating\n" + "".join(
            f"O-500{n},2026-02-0{n},{n}\n" for n in range(1, 5)), "reviews.csv"))
        assert "“Order no” is known from rows that do: 4 of 4 numbers" in words(waiting(page))
        assert load(page) == [4, 0, 0, 0]
        drop(page, text_file(tmp_path, "Month,NPS\n2025-11,31\n2025-12,33\n", "figures.csv"))
        assert "is a table of figures" in words(waiting(page))
        assert load(page) == [2, 0, 0, 0]
        assert "2 reported figures stand beside the computed ones" in words(receipts(page).first)
        earlier = receipts(page).last  # a line, until somebody asks for the rest
        assert "New rows: 6" in words(earlier)
        assert "6 rows brought 11" not in words(earlier)
        press(page, "Show all of it", earlier)
        expect(earlier).to_contain_text("6 rows brought 11 interactions")
        visit(page, server, "/customer?id=C-1003")
        assert "7 Jan 2026 – 4 Feb 2026" in text_of(page)


@pytest.mark.parametrize("code", ["en", "tr"])
def test_the_row_with_the_names_is_chosen_once_and_known_next_month(browser: Browser, server: Server, tmp_path: Path,
                                                                    code: str):
    t = language(code)

    def export(month: int, above: list[list[object]]) -> Path:
        return workbook(tmp_path, {"Export": [*above, ["Customer no", "Visited on", f"Place {code}", "NPS"], *[
            [f"{code}-{month}-{day}", f"2026-{month:02}-{day:02}", "Counter", 9] for day in range(1, 8)]]},
            f"{code}-{month}.xlsx")

    about: list[list[object]] = [["Region", "Manager", "Period", "State"], ["North", "A. Kaya", "March", "closed"]]
    with upload_page(browser, server, code) as page:
        drop(page, export(3, about))
        assert t("header in row {row}", row=1) in words(waiting(page))
        unfold(page, t("Row with the names of the columns"))
        act(page, lambda: page.get_by_role("option", name="3: Customer no").click(), timeout=120)
        understood(page, 1)
        assert t("header in row {row}", row=3) in words(waiting(page))
        assert load(page, code) == [7, 0, 0, 0]
        drop(page, export(4, [["Branch", "Contact", "Weather", "Open"], *about]))
        assert t("header in row {row}", row=4) in words(waiting(page))
        assert load(page, code) == [7, 0, 0, 0]


def test_what_a_row_is_can_be_corrected(browser: Browser, server: Server, tmp_path: Path):
    path = text_file(tmp_path, "Customer no,Lead date,Won date\nlead-1,2026-01-05,2026-02-05\nlead-2,2026-01-06,\n")
    with upload_page(browser, server) as page:
        before = data_version(server)
        drop(page, path)
        box = page.get_by_role("combobox", name="What a row is")
        assert box.input_value() == "a row is a customer with dates of stages"
        box.click()
        act(page, lambda: page.get_by_role("option", name="a row is something that happened").click())
        page.get_by_text("No column of “file” says what happened").wait_for()
        assert page.get_by_role("button", name="Load", exact=True).is_disabled()
        press(page, WORDS["en"]["discard"])
        assert waiting(page).count() == 0
        assert data_version(server) == before


def test_loads_are_stopped_where_they_run_and_where_they_wait_for_their_turn(browser: Browser, server: Server,
                                                                             tmp_path: Path):
    large = text_file(tmp_path, HEADER.replace("NPS", "Comment") + "".join(
        f"stop-{n},2026-01-{n % 28 + 1:02} 10:{n % 60:02},Delivery,Courier,it was {n} times late and cold and {n * 7}\n"
        for n in range(400_000)), "large.csv")
    small = text_file(tmp_path, HEADER + "stop-small,2026-01-05,Delivery,Courier,9\n", "small.csv")
    with upload_page(browser, server) as page:
        before = data_version(server)
        drop(page, large, small)
        for name in ("large.csv", "small.csv"):
            box = waiting(page).filter(has_text=name)
            box.get_by_role("button", name="Load", exact=True).click()
            box.get_by_role("button", name="Stop").wait_for()
        expect(page.get_by_text("they are stored one after the other").first).to_be_visible()
        for name in ("small.csv", "large.csv"):
            box = waiting(page).filter(has_text=name)
            box.get_by_role("button", name="Stop").click()
            box.get_by_text("Stopped. Nothing of this file was stored.").wait_for(timeout=60_000)
        settled(page)
        assert data_version(server) == before
        page.get_by_role("button", name="Load", exact=True).nth(1).click()
        receipts(page).first.wait_for(timeout=60_000)
        settled(page)
        assert counts(page) == [1, 0, 0, 0]
        press(page, WORDS["en"]["discard"])
        assert waiting(page).count() == 0


def test_the_sample_goes_on_loading_when_its_page_is_left_and_can_be_stopped(browser: Browser, alone: Server):
    with upload_page(browser, alone) as page:
        before = data_version(alone)
        visit(page, alone, "/")
        page.get_by_role("button", name="Load the sample data").click()
        page.get_by_role("button", name="Stop").wait_for()
        again = page.context.new_page()
        page.close()
        again.goto(f"{alone.url}/funnel")
        again.wait_for_function("() => Number(/(\\d+)%/.exec(document.querySelector("
                                "'[data-testid=\"stProgress\"]')?.textContent)?.[1]) > 5", timeout=60_000)
        again.get_by_role("button", name="Stop").first.click()
        again.get_by_role("button", name="Load the sample data").wait_for(timeout=60_000)
        settled(again)
        assert data_version(alone) <= before + 8  # files that were loaded by then were taken back
        visit(again, alone, "/history")
        assert again.get_by_role("button", name="Undo", exact=True).count() == 0


def test_after_a_mistake_of_the_program_the_file_can_be_tried_again_and_others_stay(
        browser: Browser, tmp_path_factory, tmp_path: Path, monkeypatch):
    """What was read of a long file is spoilt on the disk before it is loaded."""
    scratch = tmp_path_factory.mktemp("scratch")
    monkeypatch.setenv("TMPDIR", str(scratch))
    large = text_file(tmp_path, HEADER.replace("NPS", "Comment") + "".join(
        f"spoilt-{n % 99},2026-01-{n % 28 + 1:02} 10:{n % 60:02},Delivery {n // 60},Courier,{'nothing to say ' * 25}{n % 9}\n"
        for n in range(45_000)), "large.csv")
    small = text_file(tmp_path, HEADER + "beside-1,2026-01-05,Delivery,Courier,9\n", "small.csv")
    home = tmp_path_factory.mktemp("mistake")
    with serve(home) as server, upload_page(browser, server) as page:
        drop(page, large, small)
        rows = list(scratch.glob(f"{PREFIX}*/*.arrow"))
        assert rows
        for each in rows:
            each.write_bytes(b"\0" * each.stat().st_size)
        box = waiting(page).filter(has_text="large.csv")
        act(page, lambda: box.get_by_role("button", name="Load", exact=True).click(), timeout=120)
        said = page.get_by_text("The program made a mistake with this file")
        said.wait_for(timeout=60_000)
        logged = (home / "server.log").read_text(encoding="utf-8")
        assert "ArrowInvalid" in logged
        assert "nothing to say" not in logged
        act(page, lambda: page.get_by_role("button", name="Try again").click(), timeout=120)
        understood(page, 2)
        assert said.count() == 0
        assert "small.csv" in words(waiting(page).nth(1))
        assert load(page) == [45_000, 0, 0, 0]
        assert load(page) == [1, 0, 0, 0]


def test_times_that_say_their_zone_become_those_of_the_browser_or_of_another_zone(
        browser: Browser, alone: Server, tmp_path: Path):
    lines = "".join(f"zoned-{n},2026-03-01T22:30:0{n}Z,Delivery,Courier,{n}\n" for n in range(9))
    with upload_page(browser, alone, zone="Europe/Istanbul") as page:
        drop(page, text_file(tmp_path, HEADER + lines, "zoned.csv"))
        assert "say their time zone" in text_of(page)
        expect(page.get_by_role("combobox", name="Time zone of the workspace")).to_have_value("Europe/Istanbul")
        zone = unfold(page, "Time zone of the workspace")
        zone.fill("Asia/Tok")
        act(page, lambda: page.get_by_role("option", name="Asia/Tokyo").click())
        settled(page)
        assert load(page, "en") == [9, 0, 0, 0]
    alone.stop()  # a workspace is open in one program only
    store = cx.open_store(alone.workspace)
    try:
        assert str(store.value("SELECT min(occurred_at) FROM interactions")) == "2026-03-02 07:30:00"
    finally:
        store.close()


def test_two_windows_with_the_same_file_load_it_once(browser: Browser, server: Server, tmp_path: Path):
    path = text_file(tmp_path, HEADER.replace("NPS", "Comment") + "".join(
        f"window-{n},2026-01-{n % 28 + 1:02} 10:{n % 60:02},Delivery,Courier,it came {n} times {n * 7}\n"
        for n in range(20_000)), "both.csv")
    with upload_page(browser, server) as page:
        drop(page, path)
        before = data_version(server)
        other = page.context.new_page()
        visit(other, server, "/upload")
        waiting(other).first.wait_for()
        settled(other)
        for each in (page, other):
            each.get_by_role("button", name="Load", exact=True).click()
        for each in (page, other):
            receipts(each).first.wait_for(timeout=60_000)
            settled(each)
            assert counts(each) == [20_000, 0, 0, 0]
            assert waiting(each).count() == 0
        assert data_version(server) == before + 1
