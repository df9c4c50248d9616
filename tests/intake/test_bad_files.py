"""Whatever a person drops: refused with its reason, or read as far as it goes, in both languages. A table to read."""

from __future__ import annotations

import sys
import time

import pytest

from cx import intake, open_store
from cx.errors import IntakeError
from cx.language import language
from tests.intake.bad_files import (
    BILLION_LAUGHS,
    BOMB,
    BOOK,
    GOOD,
    HEADER,
    MANY_KEYS,
    OLE2,
    PARQUET,
    PNG,
    behind_a_damaged_part,
    book,
    cell,
    entities,
    locked_zip,
    lying,
    lying_zip,
    old_office,
    open_document,
    packed_otherwise,
    parquet,
    sheet,
    with_part,
)
from tests.intake.files import text_file, zipped

# file → (content, what the message says in English, in Turkish)
REFUSED = {
    # nothing in it
    "empty.csv": (b"", "is empty", "boş"),
    "blank.csv": (b"\n \n\r\n", "is empty", "boş"),
    "mark_only.csv": (b"\xef\xbb\xbf", "holds no table", "tablo yok"),
    "delimiters.csv": (b",,,\n,,,\n", "holds no table", "tablo yok"),
    "header.csv": (b"customer,date,event\n", "no rows below", "altında satır yok"),
    "header.tsv": (b"customer\tdate\tevent\n\n\n", "no rows below", "altında satır yok"),
    "header.xlsx": (book(["customer", "date"]), "no rows below", "altında satır yok"),
    "blank.xlsx": (book(), "holds no table", "tablo yok"),
    "no_sheet.xlsx": (with_part("xl/workbook.xml", b"<workbook/>"), "holds no table", "tablo yok"),
    "header.parquet": (parquet(customer=[], date=[]), "no rows below", "altında satır yok"),
    "list.json": (b"[]", "holds no table", "tablo yok"),
    "object.json": (b"{}", "holds no table", "tablo yok"),
    "numbers.json": (b"[1, 2, 3]", "holds no table", "tablo yok"),
    "header.html": (b"<table><tr><td>customer<td>date</table>", "no rows below", "altında satır yok"),
    "one_line.csv": (b"just a line of text", "no rows below", "altında satır yok"),
    "empty.zip": (zipped({}), "a ZIP archive without files", "içinde dosya olmayan"),
    "folders.zip": (zipped({"a/": b"", "__MACOSX/._a": b"x"}), "a ZIP archive without files", "içinde dosya olmayan"),
    # something else
    "picture.csv": (PNG, "a picture (PNG)", "resim (PNG)"),
    "photo.xlsx": (b"\xff\xd8\xff\xe0" + b"\0" * 900, "a picture (JPEG)", "resim (JPEG)"),
    "anim.csv": (b"GIF89a" + b"\0\1" * 90, "a picture (GIF)", "resim (GIF)"),
    "scan.tif": (b"II*\0" + b"\0\1" * 90, "a picture (TIFF)", "resim (TIFF)"),
    "paint.csv": (b"BM\x36\0\0\0" + b"\0" * 90, "a picture (BMP)", "resim (BMP)"),
    "report.csv": (b"%PDF-1.7\n%\xe2\xe3", "a PDF document", "PDF belgesi"),
    "film.csv": (b"\0\0\0\x20ftypisom" + b"\0" * 99, "film", "film"),
    "clip.csv": (b"RIFF\x24\0\0\0WAVEfmt ", "sound", "ses"),
    "song.csv": (b"ID3\x04\0\0" + b"\0" * 90, "a sound file", "ses dosyası"),
    "data.7z": (b"7z\xbc\xaf\x27\x1c" + b"\0" * 40, "7-Zip", "7-Zip"),
    "data.rar": (b"Rar!\x1a\x07" + b"\0" * 40, "RAR", "RAR"),
    "data.gz": (b"\x1f\x8b\x08" + b"\0" * 40, "gzip", "gzip"),
    "data.tar": (b"d".ljust(257, b"\0") + b"ustar\x0000".ljust(300, b"\0"), "a TAR archive", "TAR arşivi"),
    "data.xz": (b"\xfd7zXZ\0" + b"\0" * 40, "an xz archive", "xz arşivi"),
    "data.zst": (b"\x28\xb5\x2f\xfd" + b"\0" * 40, "a zstd archive", "zstd arşivi"),
    "data.bz2": (b"BZh91AY&SY\0\0" + b"\0" * 40, "a bzip2 archive", "bzip2 arşivi"),
    "base.db": (b"SQLite format 3\0" + b"\0" * 99, "SQLite", "SQLite"),
    "data.feather": (b"ARROW1\0\0", "Arrow or Feather", "Arrow ya da Feather"),
    "data.orc": (b"ORC\0\0\1", "an ORC file", "ORC dosyası"),
    "data.avro": (b"Obj\x01\x04\x14", "an Avro file", "Avro dosyası"),
    "model.pkl": (b"\x80\x04\x95\x0f\0\0", "a Python pickle", "pickle"),
    "prog.csv": (b"MZ\x90\0\3\0\0\0", "a program", "program"),
    "elf.csv": (b"\x7fELF\2\1\1\0", "a program", "program"),
    "letter.rtf": (b"{\\rtf1 hello}", "RTF", "RTF"),
    "noise.csv": (bytes(range(256)) * 40, "binary", "ikili"),
    "nothing.csv": (b"\0" * 500, "binary", "ikili"),
    "page.csv": (b"<!DOCTYPE html><html><body>Sign in</body></html>", "a web page without a table", "tablo içermeyen"),
    "drawing.csv": (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "a web page without a table", "tablo içermeyen"),
    "news.xml": (b"<?xml version='1.0'?><rss><a>1</a></rss>", "an XML document", "XML belgesi"),
    "letter.doc": (old_office("WordDocument"), "not a workbook", "çalışma kitabı olmayan"),
    "talk.ppt": (old_office("PowerPoint Document"), "not a workbook", "çalışma kitabı olmayan"),
    "mail.msg": (old_office("__substg1.0_001A001F"), "an e-mail message", "e-posta"),
    "letter.docx": (zipped({"word/document.xml": b"<w/>"}), "not a workbook", "çalışma kitabı olmayan"),
    "talk.pptx": (zipped({"ppt/presentation.xml": b"<p/>"}), "not a workbook", "çalışma kitabı olmayan"),
    "letter.odt": (open_document(b"text"), "not a workbook", "çalışma kitabı olmayan"),
    "sheet.numbers": (zipped({"Index/Document.iwa": b"x"}), "Apple's Numbers", "Apple Numbers"),
    "pictures.zip": (zipped({"a.png": PNG}), "a picture (PNG)", "resim (PNG)"),
    "nested.zip": (zipped({"in.zip": zipped({"a.csv": GOOD})}), "an archive inside an archive", "arşiv içinde bir arşiv"),
    # damaged or locked
    "locked.xlsx": (old_office("EncryptedPackage"), "protected by a password", "parola"),
    "packed.zip": (packed_otherwise(), "packed in a way that only a few programs know", "az programın bildiği"),
    "locked.zip": (locked_zip(), "protected by a password", "parolayla korunuyor"),
    "broken.xlsx": (zipped({"xl/workbook.xml": b"<workbook"}), "workbook “broken.xlsx” cannot be read: it is damaged", "bozuk"),
    "cut_early.xlsx": (BOOK[:60], "workbook “cut_early.xlsx” cannot be read: it is damaged", "bozuk"),
    "cut_half.xlsx": (BOOK[:len(BOOK) // 2], "workbook “cut_half.xlsx” cannot be read: it is damaged", "bozuk"),
    "cut_late.xlsx": (BOOK[:-30], "workbook “cut_late.xlsx” cannot be read: it is damaged", "bozuk"),
    "no_xml.xlsx": (with_part("xl/worksheets/sheet1.xml", b"\0\1\2"), "it is damaged", "bozuk"),
    "parts.xlsx": (zipped({"[Content_Types].xml": b"<x/>"}), "it is damaged", "bozuk"),
    "broken.xls": (OLE2 + b"\0\1\2" * 900, "it is damaged", "bozuk"),
    "broken.ods": (open_document(b"spreadsheet"), "it is damaged", "bozuk"),
    "cut.zip": (zipped({"a.csv": GOOD})[:60], "ZIP archive “cut.zip” cannot be read: it is damaged", "bozuk"),
    "wrong_sum.zip": (zipped({"a.csv": GOOD}).replace(b"\x78", b"\x79", 1)[:-40], "it is damaged", "bozuk"),
    "cut.parquet": (PARQUET[:60], "it is damaged", "bozuk"),
    "magic.parquet": (b"PAR1", "it is damaged", "bozuk"),
    "cut.json": (b'[{"customer": "a"}, {"customer": ', "at line 1, character", "1. satırın"),
    "line.json": (b'{"a": 1}\n{"a": 2}\noops\n', "at line 3, character 1", "3. satırın 1."),
    "cut.xml": (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Work', "it is damaged",
                "bozuk"),
    # hostile
    "bomb.xlsx": (BOMB, "unpack to far more than it holds", "açıldığında çok büyüyor"),
    "bomb.zip": (zipped({"a.csv": b"0" * 60_000_000}), "unpack to far more than it holds", "açıldığında çok büyüyor"),
    "lying.zip": (lying_zip(), "cannot be read", "okunamıyor"),
    "crowd.zip": (zipped({f"{n}.csv": b"x" for n in range(300)}), "more than 200", "en çok 200"),
    "far_cell.xlsx": (sheet(b"<sheetData>" + cell(b"A1", b"x") + cell(b"XFD1048576", b"y") + b"</sheetData>"), "too large",
                      "çok büyük"),
    "far_row.xlsx": (sheet(b"<sheetData>" + cell(b"A4000000000", b"x") + b"</sheetData>"), "too large", "çok büyük"),
    "entities.xlsx": (sheet(b"<sheetData>" + cell(b"A1", b"&b;") + b"</sheetData>", b"<!DOCTYPE x [" + BILLION_LAUGHS + b"]>"),
                      "abbreviations that could grow", "kısaltmalar"),
    "entities_behind.xlsx": (behind_a_damaged_part(sheet(b"<sheetData>" + cell(b"A1", b"&b;") + b"</sheetData>",
                                                         b"<!DOCTYPE x [" + BILLION_LAUGHS + b"]>")),
                             "abbreviations that could grow", "kısaltmalar"),
    "entities.xml": (entities(BILLION_LAUGHS), "abbreviations that could grow", "kısaltmalar"),
    "outside.xml": (entities(b'<!ENTITY b SYSTEM "file:///etc/passwd">'), "abbreviations that could grow", "kısaltmalar"),
    "wide.csv": (b",".join(b"c%d" % n for n in range(50_000)) + b"\n" + b"1," * 49_999 + b"1\n", "50,000 columns",
                 "50.000 sütun"),
    "wide.json": (MANY_KEYS, "20,000 columns", "20.000 sütun"),
    "wide.html": (b"<table><tr>" + b'<td colspan="1000">x' * 20 + b"</table>", "columns", "sütunu var"),
    "huge_cell.csv": (HEADER + b"a,2025-01-02," + b"x" * 10_000_000 + b",9\n", "a cell of 10,000,000 characters",
                      "10.000.000 karakterlik"),
    "one_word.csv": (b"x" * 1_000_000 + b"\ny\n", "a cell of 1,000,000 characters", "1.000.000 karakterlik"),
    "deep.json": (b"[" * 100_000, "nested too deeply", "çok derin"),
    "deep_objects.json": (b'[{"a":' * 20_000, "nested too deeply", "çok derin"),
    "deep.html": (b"<table>" * 500, "nested too deeply", "çok derin"),
    "long_footer.parquet": (lying(2**31 - 1), "it is damaged", "bozuk"),
    "short_footer.parquet": (lying(30), "it is damaged", "bozuk"),
    "zeros.parquet": (b"PAR1" + b"\0" * 2000 + b"\xe8\x03\0\0PAR1", "it is damaged", "bozuk"),
    # tables of something else
    "colours.csv": (b"colour;shape\nred;round\nblue;square\n", "neither a customer, nor a time, nor a score", "müşteri, zaman"),
    "unnamed.csv": (b"colour;;shape\nred;1st;round\nblue;2nd;square\n", "Found the columns: colour, shape. Expected",
                    "Bulunan sütunlar: colour, shape. Şunlar"),
    "who_when.csv": (b"customer,date\na,2025-01-02\nb,2025-01-03\n", "says what happened", "ne olduğunu söyleyen"),
    "open_dates.csv": (b"customer,date,touchpoint\na,03/04/2025,x\n", "day first or month first", "hem gün hem ay önce"),
    "no_date.csv": (b"customer,nps\na,9\nb,8\n", "has no date", "tarih yok"),
}

MORE = b"".join(b"d%d,2025-01-04,cart,8\n" % number for number in range(30))
# file → (content, rows taken, what its reasons and notes say in English, in Turkish)
TAKEN = {
    "short_row.csv": (GOOD + b"c,2025-01-04\n", 2, "says nothing", "bir bilgi yok"),
    "long_row.csv": (GOOD + b"c,2025-01-04,cart,9,1,2,3,4,5,6\n", 2, "more cells than the header", "fazla hücre"),
    "no_day.csv": (GOOD + b"c,soon,cart,9\n", 2, "cannot be read as a date", "tarih olarak okunamıyor"),
    "nobody.csv": (GOOD + b",2025-01-04,cart,9\n", 2, "customer is empty", "Müşteri boş"),
    "eleven.csv": (GOOD + b"c,2025-01-04,cart,11\n", 3, "outside the scale", "ölçeğinin dışında"),
    "open_quote.csv": (HEADER + b'"a,2025-01-02,cart,9\nb,2025-01-03,home,3\n', 2, "", ""),
    "nul_bytes.csv": (GOOD.replace(b"cart", b"ca\0rt"), 2, "", ""),
    "formula.csv": (GOOD + b"=cmd|' /C calc'!A0,2025-01-04,cart,9\n", 3, "", ""),
    "total.csv": (GOOD + b"Total,,,12\n", 2, "1 row was skipped (blank, or a total)", "1 satır atlandı"),
    "header_again.csv": (GOOD + HEADER + b"c,2025-01-05,cart,1\n", 3, "1 row was skipped", "1 satır atlandı"),
    "blank_rows.csv": (HEADER + b"\n,,,\n" + GOOD.removeprefix(HEADER) + b",,,\n", 2, "2 rows were skipped", "2 satır atlandı"),
    "foot.csv": (GOOD + b"Source: our CRM, exported 2025-02-01\n", 2, "“exported 2025-02-01” cannot be read as a date",
                 "“exported 2025-02-01” bu sütunda tarih olarak okunamıyor"),
    "no_such_day.csv": (GOOD + b"c,2025-02-30,cart,9\n", 2, "“2025-02-30” is not a day there is", "“2025-02-30” takvimde olmayan"),
    "far_future.csv": (GOOD + b"c,2999-01-01,cart,9\n", 2, "“2999-01-01” is not a day there is, or is before 1990 or after 2099", "2099 yılından sonra"),
    "word_score.csv": (GOOD + MORE + b"z,2025-01-04,cart,great\n", 33, "1 cell is not a score and was left empty, e.g. “great”",
                       "1 hücre puan değil, boş bırakıldı; örneğin “great”"),
    "word_wait.csv": ((GOOD + MORE).replace(b",nps", b",wait time") + b"z,2025-01-04,cart,long\n", 33,
                      "1 cell could not be read as Waiting time", "1 hücre okunamadı ve boş bırakıldı"),
    "no_customer.csv": (b"date,nps\n2025-01-02,9\n2025-01-03,4\n", 2, "each row counts as an anonymous respondent",
                        "her satır anonim bir katılımcı sayılır"),
    "two_tables.csv": (GOOD + b"\n\nregion,sales\nEge,5\nMarmara,6\n", 2, "is left out: nothing in it could be recognised",
                       "içinde tanınan bir şey yok"),
    "addresses.csv": (b"email,date,touchpoint,comment\na@b.com,2025-01-02,cart,call me at 0532 123 45 67\n"
                      b"c@d.com,2025-01-03,home,ok\n", 2, "a code that cannot be traced back is kept", "geri çevrilemeyen bir kod"),
    "dimension.xlsx": (sheet(b'<dimension ref="A1:XFD1048576"/><sheetData><row r="1">' + b"".join(
        b'<c t="inlineStr"><is><t>%s</t></is></c>' % name for name in (b"customer", b"date", b"touchpoint"))
        + b'</row><row r="2">' + b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % name for name in (
            b"a", b"2025-01-02", b"cart")) + b"</row></sheetData>"), 1, "", ""),
    "macro.xlsm": (with_part("xl/vbaProject.bin", OLE2 + b"Shell"), 1, "", ""),
    "link.xlsx": (with_part("xl/externalLinks/externalLink1.xml", b'<externalLink Target="http://192.0.2.1/x"/>'), 1, "", ""),
    "climbing.zip": (zipped({"../../../etc/evil.csv": GOOD}), 2, "", ""),
    "mixed.zip": (zipped({"a.csv": GOOD, "read me.pdf": b"%PDF-1.7\n%\xe2"}), 2, "“read me.pdf” in the archive was left out",
                  "“read me.pdf” dosyası dışarıda"),
}


def most_memory() -> int:
    """The most this process ever held, in bytes; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


@pytest.fixture(scope="module")
def store():
    return open_store(":memory:")


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_with_its_reason_in_both_languages(tmp_path, store, name):
    content, english, turkish = REFUSED[name]
    path = text_file(tmp_path, content, name)
    uploads = store.value("SELECT count(*) FROM uploads")
    began, before = time.monotonic(), most_memory()
    with pytest.raises(IntakeError) as error:
        intake.load(store, path)
    assert path.stem in str(error.value) or "“date”" in str(error.value)
    assert english in str(error.value)
    assert turkish in language("tr")(error.value.text)
    assert store.value("SELECT count(*) FROM uploads") == uploads
    assert time.monotonic() - began < 20
    assert most_memory() - before < 500_000_000


@pytest.mark.parametrize("name", TAKEN)
def test_what_can_be_read_of_a_bad_file_is_kept_and_the_rest_is_said(tmp_path, store, name):
    content, rows, english, turkish = TAKEN[name]
    path = text_file(tmp_path, content, name)
    plan = intake.propose(path)
    receipt = intake.load(store, path)
    said = [*(problem.text for problem in plan.problems), *receipt.notes, *receipt.rejects["text"]]
    assert receipt.accepted + receipt.duplicates == rows
    assert receipt.accepted + receipt.duplicates + receipt.rejected == sum(
        sheet.rows for sheet in plan.sheets if not sheet.skip)  # nothing is lost without a word
    assert any(english in str(each) for each in said) or not english
    assert any(turkish in language("tr")(each) for each in said) or not turkish
    assert list(tmp_path.iterdir()) == [tmp_path / name]


def test_at_least_eighty_different_files_are_refused_with_a_reason_or_taken_with_a_word():
    told = [*(content for content, _, _ in REFUSED.values()), *(content for content, _, said, _ in TAKEN.values() if said)]
    assert len(set(told)) >= 80
    assert all(english and turkish for _, english, turkish in REFUSED.values())
