"""A report as PowerPoint slides: one finding a slide, native tables, pictures with alternative texts."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from cx.charts.theme import ACCENT, INK, MUTED
from cx.language import Language
from cx.report.content import Report, Section, Table, at_right, cell, together
from cx.report.draw import Picture, pictures
from cx.report.pdf import shares

MOST_ROWS = 12  # of a table on one slide
MOST_SLIDES = 3  # that one table may fill; the rest is in the workbook
_WIDE, _HIGH, _MARGIN = Inches(13.333), Inches(7.5), Inches(0.6)
_ASIDE = Inches(3.9)  # sentences beside a picture
_NUMBER = Inches(0.7)  # of a slide
_TITLE_ONLY, _TITLE = 5, 0


def write(report: Report) -> bytes:
    """The whole report. Raises ReportError where a chart cannot be drawn."""
    sections = report.filled
    drawn = iter(pictures([chart for section in sections for chart in section.charts], "png"))
    deck = Presentation()
    deck.slide_width, deck.slide_height = _WIDE, _HIGH
    deck.core_properties.title, deck.core_properties.author = report.title, "CX Journey"
    deck.core_properties.language = report.t.code
    _cover(deck, report)
    for section in sections:
        _section(deck, section, [next(drawn) for _ in section.charts], report)
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def _cover(deck: Any, report: Report) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE])
    for shape, text, top, height, size in ((slide.shapes.title, report.title, 2.4, 1.4, 40),
                                           (slide.placeholders[1], f"{report.caption}\n{report.made}", 3.9, 1.6, 18)):
        _place(shape, _MARGIN, Inches(top), _WIDE - 2 * _MARGIN, Inches(height))
        _write(shape.text_frame, text, size, bold=size > 30, colour=INK["light"] if size > 30 else MUTED)


def _section(deck: Any, section: Section, drawn: list[Picture], report: Report) -> None:
    """A slide for each chart, the sentences on the first (beside a chart that is high); then the tables."""
    sentences = [f"• {each}" if len(section.sentences) > 1 else each for each in section.sentences]
    if drawn or sentences:
        for number, picture in enumerate(drawn or [None]):
            slide, top = _slide(deck, section, report)
            if picture is not None and sentences and not number and picture.high and sum(map(len, sentences)) < 700:
                box = slide.shapes.add_textbox(_WIDE - _MARGIN - _ASIDE, top, _ASIDE, _HIGH - top - Inches(0.6))
                _write(box.text_frame, "\n".join(sentences), 16)
                _picture(slide, picture, top, _WIDE - 2 * _MARGIN - _ASIDE - Inches(0.2))
                continue
            if sentences and not number:
                lines = sum(len(each) // 105 + 1 for each in sentences)
                height = Inches(min(0.36 * lines + 0.1, 2.2 if drawn else 5))
                box = slide.shapes.add_textbox(_MARGIN, top, _WIDE - 2 * _MARGIN, height)
                _write(box.text_frame, "\n".join(sentences), 16 if lines < 9 else 13)
                top += height
            if picture is not None:
                _picture(slide, picture, top)
    for table in section.tables_on_paper:
        _table(deck, section, table, report)


def _slide(deck: Any, section: Section, report: Report) -> tuple[Any, int]:
    """A slide with the finding as its title; returns it and where its content begins."""
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    _place(slide.shapes.title, _MARGIN, Inches(0.35), _WIDE - 2 * _MARGIN, Inches(0.95))
    _write(slide.shapes.title.text_frame, section.title, 26 if len(section.title) < 110 else 20, bold=True)
    slide.shapes.title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    top = 1.35
    if section.note:
        box = slide.shapes.add_textbox(_MARGIN, Inches(top), _WIDE - 2 * _MARGIN, Inches(0.4))
        _write(box.text_frame, section.note, 12, colour=MUTED)
        top += 0.4 if len(section.note) < 130 else 0.65
    foot = slide.shapes.add_textbox(_MARGIN, _HIGH - Inches(0.45), _WIDE - 2 * _MARGIN - _NUMBER, Inches(0.3))
    _write(foot.text_frame, " · ".join(each for each in (report.caption, report.made) if each), 9, colour=MUTED)
    _number(slide.shapes.add_textbox(_WIDE - _MARGIN - _NUMBER, _HIGH - Inches(0.45), _NUMBER, Inches(0.3)),
            len(deck.slides))
    return slide, Inches(top)


def _number(box: Any, number: int) -> None:
    """The number of the slide as a field, so that it stays true when slides are moved."""
    _write(box.text_frame, str(number), 9, colour=MUTED, right=True)
    run = box.text_frame.paragraphs[0].runs[0]._r
    run.tag = run.tag.replace("}r", "}fld")
    run.set("id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}")
    run.set("type", "slidenum")


def _picture(slide: Any, picture: Picture, top: int, wide: int = _WIDE - 2 * _MARGIN) -> None:
    """As large as the room below `top` allows, in the middle of the width."""
    room = _HIGH - top - Inches(0.6)
    shape = slide.shapes.add_picture(io.BytesIO(picture.data), _MARGIN, top)
    scale = min(wide / shape.width, room / shape.height)
    shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
    shape.left = Emu(_MARGIN + (wide - shape.width) // 2)
    shape._element._nvXxPr.cNvPr.set("descr", picture.alt)


def _table(deck: Any, section: Section, table: Table, report: Report) -> None:
    """A native table, on as many slides as it needs (at most `MOST_SLIDES`)."""
    shown = table.frame.head(MOST_ROWS * MOST_SLIDES)
    for start in range(0, len(shown), MOST_ROWS):
        part = shown.iloc[start:start + MOST_ROWS]
        slide, top = _slide(deck, section, report)
        roomy = len(shown) < MOST_ROWS and len(part.columns) <= 7
        shape = slide.shapes.add_table(len(part) + 1, len(part.columns), _MARGIN, top, _WIDE - 2 * _MARGIN,
                                       Inches(0.5 if roomy else 0.36) * (len(part) + 1))
        grid, size = shape.table, 14 if roomy else 12 if len(part.columns) <= 7 else 9
        for place, width in enumerate(_widths(part, report.t)):
            grid.columns[place].width = width
        rows = [[str(name) for name in part.columns],
                *([cell(value, report.t) for value in each] for each in part.itertuples(index=False))]
        numbers = [at_right(shown.iloc[:, place]) for place in range(len(shown.columns))]
        for row, cells in enumerate(rows):
            for place, (words, right) in enumerate(zip(cells, numbers, strict=True)):
                _fill(grid.cell(row, place), words, size, row, right=right)
        if start + MOST_ROWS >= len(shown) and len(table.frame) > len(shown):
            _more(slide, len(table.frame) - len(shown), report.t)


def _fill(place: Any, words: str, size: int, row: int, *, right: bool) -> None:
    """A cell of a row (0 = the heads); every second row is shaded."""
    _write(place.text_frame, words[:300], size, bold=row == 0, colour=INK["light"] if row else "#FFFFFF", right=right)
    place.margin_top = place.margin_bottom = Inches(0.03)
    place.vertical_anchor = MSO_ANCHOR.MIDDLE
    place.fill.solid()
    colour = ACCENT if row == 0 else "#FFFFFF" if row % 2 else "#F3F5F7"
    place.fill.fore_color.rgb = RGBColor.from_string(colour.lstrip("#"))


def _more(slide: Any, n: int, t: Language) -> None:
    box = slide.shapes.add_textbox(_MARGIN, _HIGH - Inches(0.75), _WIDE - 2 * _MARGIN, Inches(0.3))
    _write(box.text_frame, t.plural("{n} more row: in the workbook", "{n} more rows: in the workbook", n=n), 11,
           colour=MUTED)


def _widths(frame: pd.DataFrame, t: Language) -> list[Emu]:
    return [Emu(int((_WIDE - 2 * _MARGIN) * share)) for share in shares(frame, t)]


def _place(shape: Any, left: int, top: int, width: int, height: int) -> None:
    shape.left, shape.top, shape.width, shape.height = Emu(left), Emu(top), Emu(width), Emu(height)


def _write(frame: Any, text: str, size: float, *, bold: bool = False, colour: str = INK["light"],
           right: bool = False) -> None:
    """Lines of plain text, at the left or the right."""
    frame.word_wrap = True
    for number, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text = together(line)
        run.font.size, run.font.bold, run.font.name = Pt(size), bold, "Calibri"
        run.font.color.rgb = RGBColor.from_string(colour.lstrip("#"))
