"""Reports are opened again with other readers: what was put in must be what is found."""

import html
import io
import re
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pypdf
import pytest
from PIL import Image
from pptx import Presentation
from reportlab.pdfbase import pdfmetrics

import cx
from cx import report
from cx.__main__ import main
from cx.charts.bars import measure_bars, measure_dots
from cx.charts.retention import retention_curve
from cx.charts.trend import trend_line
from cx.filters import Filters
from cx.intake import load_frame
from cx.language import language
from cx.metrics.kpi import kpis
from cx.metrics.kpi_registry import KPIS
from cx.report import Report, Table, fit
from cx.report.board import board
from cx.report.content import cell
from cx.report.draw import SCALE, pictures, printable
from cx.report.pdf import _fonts
from cx.report.workbook import numbers
from tests.language.test_catalogues import texts_in_code, translations

EN, TR = language("en"), language("tr")
pytestmark = pytest.mark.xdist_group("report")  # made once, in one worker
HOSTILE = ["<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "$x$ & <b>bold</b>", "=cmd|' /C calc'!A0", "Iğdır Şubesi"]


@pytest.fixture(scope="module")
def store():
    """Five months of a company whose names are hostile; n is known by hand: 60 customers, 300 interactions."""
    opened = cx.open_store(":memory:")
    load_frame(opened, pd.DataFrame({
        "customer_id": [f"c{n % 60}" for n in range(300)],
        "occurred_at": [f"2025-{1 + n // 60:02}-{1 + n % 28:02}" for n in range(300)],
        "stage": ["Awareness" if n < 60 else "Purchase" for n in range(300)],
        "touchpoint": [HOSTILE[n % 5] for n in range(300)], "nps": [9 if n % 3 else 2 for n in range(300)]}))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def made(store):
    """The board in every form, both languages."""
    return {(code, ending): report.write(board(store, Filters(), language(code)), ending)
            for code in ("en", "tr") for ending in report.FORMATS}


def words(ending: str, file: bytes) -> str:
    if ending == "pdf":
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages)
    if ending == "html":
        return file.decode()
    if ending == "xlsx":
        return " ".join(str(value) for sheet in openpyxl.load_workbook(io.BytesIO(file)) for row in sheet.values
                        for value in row if value is not None)
    shapes = [shape for slide in Presentation(io.BytesIO(file)).slides for shape in slide.shapes]
    return " ".join([shape.text_frame.text for shape in shapes if shape.has_text_frame]
                    + [place.text for shape in shapes if shape.has_table for row in shape.table.rows for place in row.cells])


@pytest.mark.parametrize("ending", report.FORMATS)
@pytest.mark.parametrize(("code", "nps", "counted"), [
    ("en", "33.3", "60 customers · 300 interactions"), ("tr", "33,3", "60 müşteri · 300 etkileşim")])
def test_every_form_holds_the_numbers_of_the_dashboard(store, made, ending, code, nps, counted):
    found = words(ending, made[code, ending])
    value = kpis(store, only=["nps"])["value"].iloc[0]  # by hand: 200 promoters, 100 detractors of 300
    assert value == pytest.approx(100 * (200 - 100) / 300)
    assert (nps if ending != "xlsx" else f"{value:.10f}"[:12]) in found
    assert counted in " ".join(found.split())
    assert ending == "pptx" or language(code)(KPIS["csat"].definition) in " ".join(found.split())


def test_the_board_says_how_a_channel_chooses_journeys_as_the_overview_does(store):
    assert "Channel: nowhere (in journeys: first channel)" in board(store, Filters(channel=("nowhere",)), EN).caption


def test_the_board_says_first_whether_it_is_good_and_then_whether_it_gets_better(store):
    first = board(store, Filters(), EN).filled[0]
    assert first.title == "More promoters than detractors (NPS 33.3). More contacts feel good than bad (net emotion 33.3)."
    assert first.sentences
    assert first.tables[0].name == "KPIs"


def test_the_pdf_has_numbered_a4_pages_its_language_and_its_own_fonts(made):
    pdf = pypdf.PdfReader(io.BytesIO(made["tr", "pdf"]))
    assert {tuple(round(float(each)) for each in page.mediabox[2:]) for page in pdf.pages} == {(595, 842)}
    assert all(f"{number} / {len(pdf.pages)}" in page.extract_text() for number, page in enumerate(pdf.pages, start=1))
    assert pdf.trailer["/Root"]["/Lang"] == "tr"
    fonts = {font.get_object()["/BaseFont"] for page in pdf.pages for font in page["/Resources"]["/Font"].values()}
    assert all("Roboto" in font for font in fonts)
    assert "Müşteri deneyimi" in pdf.pages[0].extract_text()


def test_slides_have_one_finding_each_native_tables_and_pictures_with_words(made):
    deck = Presentation(io.BytesIO(made["en", "pptx"]))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles[0] == "Customer experience"
    assert all(titles)
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    assert any(shape.has_table for shape in shapes)
    drawn = [shape for shape in shapes if shape.shape_type == 13]
    assert drawn
    for shape in drawn:
        assert shape._element._nvXxPr.cNvPr.get("descr")
        assert shape.image.size[0] / shape.width.inches >= 200
        assert shape.left >= 0
        assert shape.top + shape.height <= deck.slide_height
    numbers = [[field.findtext("{*}t") for field in slide.element.iter("{*}fld") if field.get("type") == "slidenum"]
               for slide in deck.slides]
    assert numbers == [[], *([str(number)] for number in range(2, len(titles) + 1))]


def test_a_workbook_has_what_is_shown_and_the_definitions_and_no_formula(made):
    book = openpyxl.load_workbook(io.BytesIO(made["en", "xlsx"]))
    assert book.sheetnames[0] == "Report"
    assert book.sheetnames[-1] == "Definitions"
    assert all(not (isinstance(place.value, str) and place.data_type == "f") for sheet in book for row in sheet for place in row)


def test_the_first_sheet_leads_to_every_other(made):
    book = openpyxl.load_workbook(io.BytesIO(made["tr", "xlsx"]))
    first = book.worksheets[0]
    led = {place.hyperlink.location.split("!")[0].strip("'"): place.value for row in first for place in row if place.hyperlink}
    assert set(led) == {name for name in book.sheetnames[1:] if ".2 " not in name}
    assert led["Tanımlar"] == "Tanımlar"
    assert led[next(name for name in led if name.startswith("1 "))].startswith(book.sheetnames[1][2:10])


def test_slides_end_with_what_the_kpis_on_them_mean(made):
    last = list(Presentation(io.BytesIO(made["tr", "pptx"])).slides)[-1]
    assert last.shapes.title.text_frame.text == "Tanımlar"
    (table,) = [shape.table for shape in last.shapes if shape.has_table]
    assert [place.text for place in table.rows[0].cells] == ["Gösterge", "Tanım", "Formül", "%95 güven aralığı"]
    defined = words("pptx", made["tr", "pptx"])
    assert "Bekleme süresi" in defined
    assert "Ortalama sepet tutarı" not in defined  # which is not on the board


def test_a_finding_that_nothing_shows_has_a_slide_all_the_same():
    alone = Report("Page", EN)
    alone.add("Nobody changes the channel.")
    titles = [slide.shapes.title.text_frame.text for slide in Presentation(io.BytesIO(report.write(alone, "pptx"))).slides]
    assert titles == ["Page", "Nobody changes the channel."]


@pytest.mark.parametrize("ending", report.FORMATS)
def test_a_page_that_has_nothing_to_show_says_so(ending):
    assert "Bu sayfada henüz gösterilecek bir şey yok." in words(ending, report.write(Report("Sayfa", TR), ending))


def test_a_sentence_stands_above_the_table_that_shows_it_on_one_slide():
    said = Report("Said", EN)
    said.begin("Fix this first: Checkout.")
    said.add("If fixed: 215 customers kept.")
    said.add(Table("Problems", pd.DataFrame({"Where": ["Checkout", "Search"], "n": [364, 380]})))
    _, slide = Presentation(io.BytesIO(report.write(said, "pptx"))).slides
    (table,) = [shape for shape in slide.shapes if shape.has_table]
    (sentence,) = [shape for shape in slide.shapes if shape.has_text_frame and "If fixed" in shape.text_frame.text]
    assert sentence.top + sentence.height <= table.top


def test_a_table_that_just_fits_one_slide_when_set_closer_stands_on_one():
    near = Report("Near", EN)
    near.begin("Eight KPIs")
    near.add("Two lines are said above them. " * 6)
    near.add(Table("KPIs", pd.DataFrame({"KPI": [f"KPI {n}" for n in range(9)], "Value": range(9)})))
    slides = list(Presentation(io.BytesIO(report.write(near, "pptx"))).slides)
    assert [sum(shape.has_table for shape in slide.shapes) for slide in slides] == [0, 1]


def test_what_stands_below_a_long_note_does_not_lie_over_it():
    long = Report("Long", EN)
    long.begin("Long", "a note of words " * 25)
    long.add("What is said")
    long.begin("Long", "a note of words " * 25)
    long.add(Table("Long", pd.DataFrame({"row": range(20)})))
    for slide in list(Presentation(io.BytesIO(report.write(long, "pptx"))).slides)[1:]:
        note, *rest = sorted((shape for shape in slide.shapes if shape != slide.shapes.title), key=lambda shape: shape.top)
        assert note.text_frame.text.startswith("a note")
        assert note.top + note.height <= rest[0].top
        assert note.height.inches >= 3 * 12 * 1.2 / 72


def test_hostile_names_are_shown_as_the_characters_they_are(made):
    page = made["en", "html"].decode()
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "onerror=alert(1)&gt;" in page.replace("</tspan>", "").replace("&amp;", "&")
    assert not re.search(r"""(href|src)=["']?(javascript|http)""", page)
    hostile = Report(HOSTILE[0], EN, HOSTILE[1])
    hostile.begin(HOSTILE[2], HOSTILE[4])
    hostile.add(Table(HOSTILE[0], pd.DataFrame({HOSTILE[1]: HOSTILE})))
    for ending in report.FORMATS:
        found = " ".join(html.unescape(words(ending, report.write(hostile, ending))).split())
        assert all(name in found for name in HOSTILE), ending


def test_a_page_fetches_nothing(made):
    page = made["en", "html"].decode()
    assert "default-src 'none'" in page
    assert not re.search(r"url\((?!#)|@import|<link|xlink:href", page)


def test_an_empty_selection_says_so_in_every_form(store):
    empty = board(store, Filters(persona=("nobody",)), TR)
    for ending in ("html", "xlsx"):
        assert "Bu seçime uyan veri yok." in words(ending, report.write(empty, ending))


def test_everything_the_product_says_can_be_written_with_the_embedded_font():
    _fonts()
    known = pdfmetrics.getFont("Roboto").face.charToGlyph
    said = "".join([*texts_in_code(), *(form for _, forms in translations().values() for form in forms)])
    assert {character for character in said if ord(character) > 32 and ord(character) not in known
            and printable(character) == character} == set()


@pytest.mark.parametrize(("value", "english", "turkish"), [
    (1234, "1,234", "1.234"), (np.float64(0.256), "0.26", "0,26"), (5.0, "5", "5"), (None, "—", "—"),
    (float("nan"), "—", "—"), (pd.NaT, "—", "—"), (True, "True", "True"), ("<b>", "<b>", "<b>"),
    (pd.Timestamp("2025-12-31"), "31 Dec 2025", "31 Ara 2025")])
def test_a_cell_is_written_as_the_language_does(value, english, turkish):
    assert cell(value, EN) == english
    assert cell(value, TR) == turkish


def test_a_chart_becomes_a_tidy_table_with_bare_numbers():
    frame = pd.DataFrame({"period": pd.date_range("2025-01-01", periods=2, freq="MS"), "value": [0.5, 0.25],
                          "lower": [0.4, 0.2], "upper": [0.6, 0.3], "n": [10, 20], "complete": [True, False]})
    table = numbers(trend_line(frame, EN, title="CSAT", shown=EN.percent, unit="share"), EN)
    assert table["Value"].tolist() == [0.5, 0.25]
    assert table["95% from"].tolist() == [0.4, 0.2]
    assert table["Answers"].tolist() == [10, 20]
    assert table["Period"].tolist() == list(frame["period"])


def test_a_workbook_shows_shares_in_percent_and_counts_as_numbers(made):
    book = openpyxl.load_workbook(io.BytesIO(made["tr", "xlsx"]))
    rows = {row[0].value: row for row in book.worksheets[1].iter_rows(min_row=2)}
    reached = rows[TR(KPIS["conversion"].name)][1]
    assert 0 <= reached.value <= 1
    assert reached.number_format.startswith("#,##0")
    assert reached.number_format.endswith("%")


def test_a_chart_of_waiting_says_its_unit():
    frame = pd.DataFrame({"period": pd.date_range("2025-01-01", periods=2, freq="MS"), "value": [90.0, 30.4],
                          "lower": [60.0, 20.0], "upper": [120.0, 45.0], "n": [10, 20], "complete": True})
    table = numbers(trend_line(frame, TR, title="Bekleme süresi", shown=TR.duration, unit="seconds"), TR)
    assert table["Değer (dk)"].tolist() == [1.5, pytest.approx(30.4 / 60)]
    assert table["%95 alt (dk)"].tolist() == [1, pytest.approx(1 / 3)]


def test_a_sheet_is_ready_to_read_and_to_print(made):
    book = openpyxl.load_workbook(io.BytesIO(made["tr", "xlsx"]))
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.paperSize == 9
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
        assert sheet.max_row < 3 or sheet.auto_filter.ref == sheet.dimensions


def test_charts_are_drawn_in_their_order_and_none_is_empty():
    bars = [measure_bars(pd.DataFrame({"key": ["a"], "name": [name], "value": [3], "text": ["3"]}), EN, value_title="n")
            for name in ("First", "Second")]
    drawn = pictures(bars, "svg")
    assert [b"First" in each.data for each in drawn] == [True, False]
    width, height = Image.open(io.BytesIO(pictures(bars[:1], "png")[0].data)).size
    assert width == 2800
    assert height > 100


@pytest.mark.parametrize("rows", [3, 30])
@pytest.mark.parametrize("before", range(36, 46, 3))
def test_a_heading_stands_on_the_page_where_its_table_begins(rows, before):
    full = Report("Full", EN)
    for number in range(before):
        full.add(f"Sentence {number}")
    full.begin("The heading", "How to read it")
    full.add(Table("Names", pd.DataFrame({"name": [f"Row {number}" for number in range(rows)]})))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(report.write(full, "pdf"))).pages]
    assert [place for place, text in enumerate(pages) if "The heading" in text] == [
        place for place, text in enumerate(pages) if "Row 0" in text]


@pytest.mark.parametrize(("text", "whole"), [
    ("1,234", True), ("72.7% (71.5% – 74.0%)", True), ("%43,1 (n = 1.038)", True), ("yes", False), ("—", False),
    ("Waiting time: 10.8 min, elsewhere 2.3 min", False)])
def test_a_figure_is_not_broken_into_lines(text, whole):
    page = Report("Figures", EN)
    page.begin("Figures")
    page.add(Table("Figures", pd.DataFrame({"what": [text]})))
    made = report.write(page, "html").decode()
    assert bool(re.search('<td class="[a-z ]*figure">', made)) == whole


def test_a_table_of_many_columns_lies_across_a_page_of_its_own():
    wide = Report("Wide", EN)
    wide.begin("Wide")
    wide.add(Table("Wide", pd.DataFrame({f"Column {n}": ["12.3% (11.1% – 13.5%)"] * 40 for n in range(8)})))
    wide.begin("Next")
    wide.add("A sentence")
    pages = pypdf.PdfReader(io.BytesIO(report.write(wide, "pdf"))).pages
    assert [each.mediabox.width > each.mediabox.height for each in pages] == [False, True, True, False]
    assert all("Column 7" in each.extract_text() for each in pages[1:3])  # the heading on each page
    assert pages[1].extract_text().startswith("Wide\n")
    assert "A sentence" in pages[3].extract_text()


def test_wide_tables_that_follow_each_other_leave_no_page_empty_and_say_below_what_is_left_out():
    wide = Report("Wide", EN)
    for name in ("First", "Second"):
        wide.begin(name)
        for _ in range(2):
            wide.add(Table(name, pd.DataFrame({f"Column {n}": ["12.3% (11.1% – 13.5%)"] * 43 for n in range(8)})))
    texts = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(report.write(wide, "pdf"))).pages]
    assert [place for place, each in enumerate(texts[1:], start=1) if "Column 7" not in each] == []
    assert sum("3 more rows" in each for each in texts) == 4


def test_a_column_that_says_nothing_is_left_out_on_paper_and_figures_stand_at_the_right():
    page = Report("Page", EN)
    page.begin("Page")
    page.add(Table("Page", pd.DataFrame({"Step": ["1. Awareness", "2. Purchase"], "Share": ["72.7%", "—"], "Target": ["—", ""],
                                         "Since": ["1 May 2025", "3 Jun 2025"]})))
    made = report.write(page, "html").decode()
    assert "Target" not in made
    assert re.findall(r'<th scope="col"( class="number")?>', made) == ["", ' class="number"', ""]


def test_slides_hold_all_that_is_said_within_their_edges():
    said = [f"Sentence {n} " + "goes on and on " * 12 for n in range(30)]
    long = Report("Long", EN)
    long.begin("Long")
    long.add(measure_bars(pd.DataFrame({"key": ["a"], "name": ["a"], "value": [3], "text": ["3"]}), EN, value_title="n"))
    for each in said:
        long.add(each)
    long.add(Table("Long", pd.DataFrame({f"Column {n}": ["ten words that need several lines in a narrow column"] * 10
                                         for n in range(8)})))
    deck = Presentation(io.BytesIO(report.write(long, "pptx")))
    for slide in deck.slides:
        kinds = [shape.shape_type for shape in slide.shapes]
        assert not (13 in kinds and any("Sentence" in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame))
        for shape in slide.shapes:
            high = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
            assert shape.top + high <= deck.slide_height
    found = words("pptx", report.write(long, "pptx"))
    kept = [each for each in said if each.strip() in found]
    assert kept == said[:len(kept)]
    assert f"{len(said) - len(kept)} more" in found
    shown = found.count("ten words") // 8
    assert 1 < shown < 10
    assert f"{10 - shown} more rows: in the workbook" in found  # one slide of a table below a chart


def test_a_chart_takes_the_whole_width_of_a_slide_with_letters_to_be_read_from_afar():
    names = [f"Touchpoint {n} of the journey" for n in range(40)]
    tall = Report("Tall", EN)
    for kept in (5, 14, 40):
        tall.begin(f"{kept} bars")
        tall.add(measure_bars(pd.DataFrame({"key": names, "name": names, "value": range(40, 0, -1), "text": "3"}), EN,
                              value_title="n", most=kept))
    deck = Presentation(io.BytesIO(report.write(tall, "pptx")))
    drawn = [(slide.shapes.title.text_frame.text, shape) for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13]
    assert [title for title, _ in drawn] == ["5 bars", "14 bars", *["40 bars"] * 3]
    for _, shape in drawn:
        assert shape.width.inches > 11
        assert 12 * SCALE * shape.width.pt / shape.image.size[0] >= 9  # points of a name, which has 12 pixels of the drawing
    for _, shape in drawn[2:]:
        assert sum(f"{name}: " in shape._element._nvXxPr.cNvPr.get("descr") for name in names) in (12, 13, 14)
    pdf = pypdf.PdfReader(io.BytesIO(report.write(tall, "pdf")))
    assert len(pdf.pages) <= 4


def test_the_parts_of_a_high_chart_hold_every_row_once_on_the_same_scale():
    rows = pd.DataFrame({"key": range(30), "name": [f"Row {n}" for n in range(30)], "value": range(30, 0, -1), "text": "3"})
    whole = measure_bars(rows, EN, value_title="n")
    parts = fit.parts(whole, 500)
    assert len(parts) == 3
    assert pd.concat([part.data for part in parts]).equals(whole.data)
    assert all(part.spec == whole.spec for part in parts)
    assert whole.spec["layer"][0]["encoding"]["x"]["scale"]["domainMax"]  # not by what is drawn
    assert fit.parts(whole, whole.height) == [whole]


@pytest.mark.parametrize("draw", [measure_bars, measure_dots])
def test_each_part_of_a_high_chart_is_read_out_as_what_it_shows(draw):
    names = ["One; two" if n == 3 else f"Row {n}" for n in range(60)]
    rows = pd.DataFrame({"key": range(60), "name": names, "value": range(60, 0, -1), "lower": 0, "upper": 61, "text": "3"})
    parts = fit.parts(draw(rows, EN, value_title="n"), 500)
    assert len(parts) > 3
    for part in parts:
        assert part.alt == "; ".join(f"{name}: 3" for name in part.data["name"])


def test_lines_of_several_groups_are_named():
    frame = pd.DataFrame([{"key": key, "age": age, "value": 0.5, "lower": 0.4, "upper": 0.6, "few": False, "n": 50, "cohorts": 3}
                          for key in ("loyal", "new") for age in range(4)])
    drawn = pictures([retention_curve(frame, EN, "month", str.title)], "svg")[0].data
    assert b">Loyal<" in drawn
    assert b">New<" in drawn


def test_long_tables_are_cut_on_paper_and_whole_in_the_workbook():
    long = Report("Long", EN)
    long.begin("Many")
    long.add(Table("Many", pd.DataFrame({"row": range(100)})))
    assert "60 more rows: in the workbook" in " ".join(words("pdf", report.write(long, "pdf")).split())
    assert "64 more rows: in the workbook" in words("pptx", report.write(long, "pptx"))
    assert openpyxl.load_workbook(io.BytesIO(report.write(long, "xlsx")))["1 Many"].max_row == 101


def test_the_shell_makes_the_same_and_names_the_endings_there_are(tmp_path, capsys):
    workspace = tmp_path / "cx.duckdb"
    opened = cx.open_store(workspace)
    load_frame(opened, pd.DataFrame({"customer_id": ["a", "b"], "touchpoint": "Call", "nps": [9, 3]}))
    opened.close()
    target = tmp_path / "board.pptx"
    assert main(["report", str(target), "--lang", "tr", "--workspace", str(workspace)]) == 0
    assert zipfile.is_zipfile(target)
    assert "2 müşteri" in capsys.readouterr().out
    assert main(["report", str(tmp_path / "board.doc"), "--workspace", str(workspace)]) == 2
    assert ".pptx, .pdf, .xlsx, .html" in capsys.readouterr().err
    nowhere = tmp_path / "nowhere" / "board.xlsx"
    assert main(["report", str(nowhere), "--workspace", str(workspace)]) == 2
    assert f"The file {nowhere} cannot be written: there is no such file or folder" in capsys.readouterr().err
