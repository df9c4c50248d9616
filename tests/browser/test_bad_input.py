"""Files that cannot be read: what the page says of each in both languages, that nothing is stored, and that it lives on."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import msoffcrypto.format.ooxml
import openpyxl
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.driver import Server, act, serve, text_of
from tests.browser.uploads import WORDS, data_version, drop_named, load, upload_page, waiting, words

CSV = {"en": "an Excel or OpenDocument workbook, CSV or another text file", "tr": "Excel ya da OpenDocument çalışma kitabı, CSV"}
GOOD = b"customer;date;touchpoint;nps\nada;2026-01-05;delivery;9\nbo;2026-01-06;delivery;3\n"


def workbook(rows: int = 200) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["customer", "date", "nps"])
    for n in range(rows):
        book.active.append([f"c{n}", f"2026-01-{n % 28 + 1:02}", n % 11])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def protected() -> bytes:
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(workbook())).encrypt("secret", out)
    return out.getvalue()


def bomb() -> bytes:
    """A workbook of 300 kB whose only cell unpacks to 300 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(2))) as small, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as large:
        for name in small.namelist():
            if not name.endswith("sheet1.xml"):
                large.writestr(name, small.read(name))
        with large.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
                        b'main"><sheetData><row><c t="inlineStr"><is><t>')
            for _ in range(300):
                sheet.write(b"0" * 1_000_000)
            sheet.write(b"</t></is></c></row></sheetData></worksheet>")
    return out.getvalue()


PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256))
SCRIPT = "<script>alert(1)</script>.csv"

# name → (content, what the message says: what the file is, what was expected) in both languages
CASES: dict[str, tuple[bytes, dict[str, tuple[str, ...]]]] = {
    "empty.csv": (b"", {"en": ("is empty", "header row", CSV["en"]), "tr": ("boş", "Başlık satırı", CSV["tr"])}),
    "header.csv": (b"customer;date;touchpoint;nps\n", {
        "en": ("has a header but no rows below it",), "tr": ("başlık var ama altında satır yok",)}),
    "photo.csv": (PICTURE, {"en": ("a picture (PNG)", CSV["en"]), "tr": ("bir resim (PNG)", CSV["tr"])}),
    "report.xlsx": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", {
        "en": ("a PDF document", CSV["en"]), "tr": ("bir PDF belgesi", CSV["tr"])}),
    "secret.xlsx": (protected(), {
        "en": ("protected by a password", "Save it without a password"), "tr": ("parola", "Parolasız kaydedip")}),
    "colours.csv": (b"colour;shape\nred;round\nblue;square\n", {
        "en": ("neither a customer, nor a time, nor a score", "colour, shape", "customer no, date, touchpoint"),
        "tr": ("müşteri, zaman ya da puan olarak tanınan bir sütun yok", "colour, shape", "müşteri no, tarih")}),
    "cut.xlsx": (workbook()[:-4000], {"en": ("damaged", "save it anew"), "tr": ("dosya bozuk", "yeniden kaydedin")}),
    "bomb.xlsx": (bomb(), {"en": ("unpack to far more than it holds",), "tr": ("açıldığında çok büyüyor",)}),
    "../../evil.csv": (b"", {"en": ("is empty",), "tr": ("boş",)}),
    SCRIPT: (PICTURE, {"en": ("a picture (PNG)",), "tr": ("bir resim (PNG)",)}),
}


@dataclass
class Session:
    """A page onto which every bad file was dropped at once, and what it says of each."""

    page: Page
    server: Server
    code: str
    before: int
    said: dict[str, str]
    dialogs: list[str]


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("bad")) as running:
        yield running


@pytest.fixture(scope="module", params=["en", "tr"])
def session(request, browser: Browser, server: Server) -> Iterator[Session]:
    with upload_page(browser, server, request.param) as page:
        dialogs: list[str] = []
        page.on("dialog", lambda each: (dialogs.append(each.message), each.dismiss()))
        before = data_version(server)
        drop_named(page, {name: content for name, (content, _) in CASES.items()})
        boxes = [words(each) for each in waiting(page).all()]
        said = dict(zip(CASES, boxes, strict=True))
        yield Session(page, server, request.param, before, said, dialogs)


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_named_for_what_it_is(session: Session, name: str):
    said = session.said[name]
    assert said.startswith(name)
    for expected in CASES[name][1][session.code]:
        assert expected in said
    assert not re.search(r"Traceback|Error\b|\bNone\b", said)


def test_of_a_file_in_which_nothing_is_recognised_it_can_be_said_what_the_columns_are(session: Session):
    box = waiting(session.page).nth(list(CASES).index("colours.csv"))
    assert box.locator('[data-testid="stDataFrame"]').count() == 1
    assert box.locator('[data-testid="stSelectbox"]').count() == 2  # what a row is, and which row names the columns


def test_nothing_was_stored_and_no_name_did_anything(session: Session):
    assert data_version(session.server) == session.before
    assert session.dialogs == []
    assert session.page.locator("script", has_text="alert(1)").count() == 0
    folder = session.server.workspace.parent
    assert not [path for path in (folder.parent.parent / "evil.csv", folder.parent / "evil.csv") if path.exists()]
    assert all(re.fullmatch("[0-9a-f]{32}", path.name) for path in (folder / "inbox").iterdir())


def test_the_page_lives_on_and_loads_the_next_file(session: Session):
    page, code = session.page, session.code
    act(page, lambda: waiting(page).first.get_by_role("button", name=WORDS[code]["remove"]).click())
    assert waiting(page).count() == len(CASES) - 1
    drop_named(page, {f"good {code}.csv": GOOD.replace(b"ada", code.encode() + b"1").replace(b"bo", code.encode() + b"2")})
    assert load(page, code, waiting(page).last)[0] == 2
    assert f"good {code}.csv" in text_of(page)
    assert data_version(session.server) > session.before
