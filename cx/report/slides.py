"""A report as PowerPoint slides: one finding a slide, native tables, pictures with alternative texts."""

from __future__ import annotations

import io
import textwrap
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Length, Pt

from cx.charts.theme import ACCENT, FAINT_INK, INK, Chart
from cx.language import Language
from cx.report import fit
from cx.report.content import Report, Section, Table, at_right, cell, together
from cx.report.draw import Picture, pictures
from cx.report.pdf import shares

MOST_ROWS = 12  # of a table on one slide
MOST_SLIDES = 3  # that one table may fill, below a chart one; the rest is in the workbook
_WIDE, _HIGH, _MARGIN = Inches(13.333), Inches(7.5), Inches(0.6)
_ASIDE = Inches(3.9)  # sentences beside a picture
_NOTE = Inches(1.35)  # where the note below the title begins
_NUMBER = Inches(0.7)  # of a slide
_LETTER = 13  # points of the letters of a chart
_BESIDE, _MOST_HIGH = 440, 560  # pixels of a chart that is high enough for sentences beside it, or too high for a slide
_FAINT = FAINT_INK["light"]
_TITLE_ONLY, _TITLE = 5, 0


def write(report: Report) -> bytes:
    """The whole report. Raises ReportError where a chart cannot be drawn."""
    sections = report.filled
    planned = [_planned(section) for section in sections]
    every = [each for plan in planned for each in plan]
    drawn = iter(pictures([each.chart for each in every], "png", [
        fit.size(each.chart, each.wide.pt, each.high.pt, _LETTER, filled=True) for each in every]))
    deck = Presentation()
    deck.slide_width, deck.slide_height = _WIDE, _HIGH
    deck.core_properties.title, deck.core_properties.author = report.title, "CX Journey"
    deck.core_properties.language = report.t.code
    _cover(deck, report)
    for section, plan in zip(sections, planned, strict=True):
        _section(deck, section, [(each, next(drawn)) for each in plan], report)
    if report.defined:
        _section(deck, report.defined, [], report)
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def _cover(deck: Any, report: Report) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE])
    for shape, text, top, height, size in ((slide.shapes.title, report.title, 2.4, 1.4, 40),
                                           (slide.placeholders[1], f"{report.caption}\n{report.made}", 3.9, 1.6, 18)):
        _place(shape, _MARGIN, Inches(top), _WIDE - 2 * _MARGIN, Inches(height))
        _write(shape.text_frame, text, size, bold=size > 30, colour=INK["light"] if size > 30 else _FAINT)


@dataclass(frozen=True)
class _Planned:
    """A chart of a slide, what is said above or beside it, and the room it has."""

    chart: Chart
    told: str
    beside: bool
    top: Length
    wide: Length
    high: Length


def _planned(section: Section) -> list[_Planned]:
    """A slide for each chart, several for one of many rows; the sentences on the first, beside a chart that is high,
    unless they are many."""
    plan, told = [], "" if _many(section) else "\n".join(_sentences(section))
    for chart in (part for whole in section.charts for part in fit.parts(whole, _MOST_HIGH)):
        beside = bool(told) and chart.height > _BESIDE
        top = _top(section) + (0 if beside or not told else _told_height(told))
        wide = _WIDE - 2 * _MARGIN - (_ASIDE + Inches(0.2) if beside else 0)
        plan.append(_Planned(chart, told, beside, Emu(top), Emu(wide), Emu(_HIGH - top - Inches(0.6))))
        told = ""
    return plan


def _section(deck: Any, section: Section, drawn: list[tuple[_Planned, Picture]], report: Report) -> None:
    """The slides with charts, as planned; after them the sentences where they are many or there is no chart; then the
    tables, the first below the sentences where there is no chart."""
    for plan, picture in drawn:
        slide, top = _slide(deck, section, report)
        if plan.beside:
            box = slide.shapes.add_textbox(_WIDE - _MARGIN - _ASIDE, top, _ASIDE, plan.high)
            _write(box.text_frame, plan.told, 16)
        elif plan.told:
            _tell(slide, plan.told, top)
        _picture(slide, picture, plan)
    sentences, tables = _sentences(section), section.tables_on_paper
    above = "\n".join(sentences) if tables and not (drawn or _many(section)) else ""
    if sentences and (_many(section) or not drawn) and not above:
        pages = _pages([_LINE * _lines([each]) for each in sentences], 5.1)
        for place, (start, end) in enumerate(pages[:MOST_SLIDES]):
            slide, top = _slide(deck, section, report)
            _tell(slide, "\n".join(sentences[start:end]), top)
            if place == MOST_SLIDES - 1 and end < len(sentences):
                _more(slide, len(sentences) - end, report.t)
    for number, table in enumerate(tables):
        _table(deck, section, table, report, "" if number else above, 1 if drawn else MOST_SLIDES)
    if not (drawn or sentences or tables):
        _slide(deck, section, report)


_TITLES = ((80, 26), (110, 22), (10**6, 18))  # so long at most: points, for two lines in any font

_FEW_LINES, _LINE = 6, 0.29  # sentences above a chart; inches that a line takes


def _lines(sentences: list[str]) -> int:
    return sum(len(each) // 100 + 1 for each in sentences)


def _sentences(section: Section) -> list[str]:
    return [f"• {each}" if len(section.sentences) > 1 else each for each in section.sentences]


def _many(section: Section) -> bool:
    """Whether the sentences need slides of their own."""
    return _lines(_sentences(section)) > _FEW_LINES


def _told_height(text: str) -> int:
    """How high sentences over the whole width are."""
    return Inches(_LINE * _lines(text.split("\n")) + 0.15) if text else 0


def _tell(slide: Any, text: str, top: int) -> None:
    """Write sentences over the whole width."""
    box = slide.shapes.add_textbox(_MARGIN, top, _WIDE - 2 * _MARGIN, _told_height(text))
    _write(box.text_frame, text, 16)


def _pages(heights: list[float], room: float) -> list[tuple[int, int]]:
    """From where to where what is so high (inches) goes on each slide that has so much room."""
    pages, start, full = [], 0, 0.0
    for place, height in enumerate(heights):
        if full + height > room and place > start:
            pages.append((start, place))
            start, full = place, 0.0
        full += height
    return [*pages, (start, len(heights))]


def _slide(deck: Any, section: Section, report: Report) -> tuple[Any, int]:
    """A slide with the finding as its title; returns it and where its content begins."""
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    _place(slide.shapes.title, _MARGIN, Inches(0.35), _WIDE - 2 * _MARGIN, Inches(0.95))
    size = next(size for longest, size in _TITLES if len(section.title) <= longest)
    _write(slide.shapes.title.text_frame, section.title, size, bold=True)
    slide.shapes.title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    top = _top(section)
    if section.note:
        box = slide.shapes.add_textbox(_MARGIN, _NOTE, _WIDE - 2 * _MARGIN, top - _NOTE)
        _write(box.text_frame, section.note, 12, colour=_FAINT)
    foot = slide.shapes.add_textbox(_MARGIN, _HIGH - Inches(0.45), _WIDE - 2 * _MARGIN - _NUMBER, Inches(0.3))
    _write(foot.text_frame, " · ".join(each for each in (report.caption, report.made) if each), 9, colour=_FAINT)
    _number(slide.shapes.add_textbox(_WIDE - _MARGIN - _NUMBER, _HIGH - Inches(0.45), _NUMBER, Inches(0.3)),
            len(deck.slides))
    return slide, top


def _top(section: Section) -> int:
    """Where the content of a slide begins: below its note."""
    return _NOTE + (Inches(0.15 + 0.25 * _note_lines(section)) if section.note else 0)


def _note_lines(section: Section) -> int:
    return len(textwrap.wrap(section.note, 130))


def _number(box: Any, number: int) -> None:
    """The number of the slide as a field, so that it stays true when slides are moved."""
    _write(box.text_frame, str(number), 9, colour=_FAINT, right=True)
    run = box.text_frame.paragraphs[0].runs[0]._r
    run.tag = run.tag.replace("}r", "}fld")
    run.set("id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}")
    run.set("type", "slidenum")


def _picture(slide: Any, picture: Picture, plan: _Planned) -> None:
    """As large as its room allows, in the middle of the width."""
    shape = slide.shapes.add_picture(io.BytesIO(picture.data), _MARGIN, plan.top)
    scale = min(plan.wide / shape.width, plan.high / shape.height)
    shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
    shape.left = Emu(_MARGIN + (plan.wide - shape.width) // 2)
    shape._element._nvXxPr.cNvPr.set("descr", picture.alt)


def _table(deck: Any, section: Section, table: Table, report: Report, above: str, most: int) -> None:
    """A native table, on as many slides as it needs, at most `most`, below these sentences."""
    t, frame = report.t, table.frame.head(MOST_ROWS * most)
    few = len(frame.columns) <= 7
    looks = [*([(14, 0.5)] if few and len(frame) < MOST_ROWS else []), (12 if few else 9, 0.36)]  # roomy where it fits
    widths = _widths(frame, t)
    rows = [[str(name) for name in frame.columns],
            *([cell(value, t) for value in each] for each in frame.itertuples(index=False))]
    at_right_side = [at_right(frame.iloc[:, place]) for place in range(len(frame.columns))]
    room = 5.2 - 0.25 * max(_note_lines(section) - 1, 0) - _told_height(above) / Inches(1)
    for size, least in looks:
        head, *heights = [max(least, _row_height(cells, widths, size)) for cells in rows]
        pages = _pages(heights, room - head)
        if len(pages) == 1:
            break
    pages = pages[:most]
    for start, end in pages:
        slide, top = _slide(deck, section, report)
        if above and not start:
            _tell(slide, above, top)
            top += _told_height(above)
        shape = slide.shapes.add_table(end - start + 1, len(frame.columns), _MARGIN, top, _WIDE - 2 * _MARGIN,
                                       Inches(head + sum(heights[start:end])))
        grid = shape.table
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = width
        for row, place in enumerate([0, *range(start + 1, end + 1)]):
            grid.rows[row].height = Inches([head, *heights][place])
            for column, words in enumerate(rows[place]):
                _fill(grid.cell(row, column), words, size, row, right=at_right_side[column])
        if end == pages[-1][1] and len(table.frame) > end:
            _more(slide, len(table.frame) - end, t)


def _row_height(cells: list[str], widths: list[Emu], size: int) -> float:
    """Inches that a row of a table takes, by how many lines its texts need."""
    lines = [sum(max(1, len(textwrap.wrap(part, max(3, int((width.inches - 0.2) * 72 / (0.6 * size))))))
                 for part in (words.split("\n") or [""])) for words, width in zip(cells, widths, strict=True)]
    return max(lines) * size * 1.22 / 72 + 0.08


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
           colour=_FAINT)


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
