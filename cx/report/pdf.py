"""A report as PDF: A4, page numbers, fonts with Turkish letters embedded, charts at well over 200 dots per inch."""

from __future__ import annotations

import html
import io
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus import Table as Grid

from cx.charts.theme import ACCENT, FAINT_INK, INK, Chart
from cx.language import Language
from cx.report import fit
from cx.report.content import Report, Section, at_right, cell, figure, together
from cx.report.draw import FONT, FONTS, Picture, pictures, printable

MOST_ROWS = 40  # of a table; the rest is in the workbook
_LONG = 12  # a table of more rows may be broken between two pages
_ROOM = 120  # for what the columns of a table need, on an upright page
_MARGIN, _PADDING = 18 * mm, 6  # the library's frame has padding of its own
_WIDE = A4[0] - 2 * _MARGIN
_FAINT = FAINT_INK["light"]
_MOST_HIGH = A4[1] - 3 * _MARGIN - 20 * mm  # of a chart
_LETTER = 8.5  # points of the letters of a chart and of a table
_FLAT = 215  # pixels that a chart without rows of its own is high
_FEW = 6  # sentences that stay with the heading and the first chart


def write(report: Report) -> bytes:
    """The whole report. Raises ReportError where a chart cannot be drawn."""
    bold = _fonts()
    sections = report.filled
    charts = [_charts(section) for section in sections]
    every = [chart for each in charts for chart in each]
    drawn = iter(pictures(every, "png", [fit.size(chart, _WIDE, _MOST_HIGH, _LETTER) for chart in every]))
    story: list[Flowable] = [_words(report.title, _style("title", bold, 22, leading=27)),
                             _words(report.caption, _style("caption", FONT, 9.5, _FAINT)), Spacer(1, 5 * mm)]
    for section, each in zip(sections, charts, strict=True):
        story += _section(section, [next(drawn) for _ in each], report.t, bold)
    if report.defined:
        story += _section(report.defined, [], report.t, bold)
    if isinstance(story[-1], Spacer):
        story.pop()
    buffer = io.BytesIO()
    document = BaseDocTemplate(buffer, title=report.title, author="CX Journey", lang=report.t.code,
                               initialFontName=FONT)  # else Helvetica is named in the file, and not embedded
    document.addPageTemplates([_page("upright", A4), _page("across", landscape(A4))])
    document.build(_without_empty_pages(story), canvasmaker=lambda *args, **how: _Numbered(report, *args, **how))
    return buffer.getvalue()


def _without_empty_pages(story: list[Flowable]) -> list[Flowable]:
    """Of breaks between which nothing is printed the last, on a page as the last template before it wants."""
    kept: list[Flowable] = []
    for each in story:
        if isinstance(each, PageBreak):
            between = len(kept)
            while between and isinstance(kept[between - 1], Spacer | NextPageTemplate):
                between -= 1
            if between and isinstance(kept[between - 1], PageBreak):
                kept[between - 1:] = [one for one in kept[between:] if isinstance(one, NextPageTemplate)]
        kept.append(each)
    return kept


def _page(name: str, size: tuple[float, float]) -> PageTemplate:
    side, foot = _MARGIN - _PADDING, _MARGIN + 4 * mm
    return PageTemplate(name, Frame(side, foot, size[0] - 2 * side, size[1] - _MARGIN - foot), pagesize=size)


def _section(section: Section, drawn: list[Picture], t: Language, bold: str) -> list[Flowable]:
    """The heading stays with what follows it, of a long table with its first rows."""
    note = _style("note", FONT, 8.5, _FAINT)
    head: list[Flowable] = [_words(section.title, _style("heading", bold, 13, leading=17))]
    if section.note:
        head.append(_words(section.note, note))
    body: list[Flowable] = [_words(each, _style("body", FONT, 10)) for each in section.sentences]
    kept = len(body) + 1 if len(body) <= _FEW else 1  # of these with the heading
    body += [_image(picture) for picture in drawn]
    for table in section.tables_on_paper:
        across = sum(_needed(table.frame, t)) > _ROOM
        grid = _grid(table.frame.head(MOST_ROWS), t, bold, A4[1] - 2 * _MARGIN if across else _WIDE)
        more = [_words(t.plural("{n} more row: in the workbook", "{n} more rows: in the workbook",
                                n=len(table.frame) - MOST_ROWS), note)] if len(table.frame) > MOST_ROWS else []
        if across or len(table.frame) > _LONG:
            kept = min(kept, max(len(body), 1))
        if across:
            body += [NextPageTemplate("across"), PageBreak(), grid, *more, NextPageTemplate("upright"), PageBreak()]
            continue
        if len(table.frame) > _LONG:
            body += [CondPageBreak(50 * mm), grid] if body else [grid]
        else:
            body.append(grid if len(body) < kept else KeepTogether(grid))
        body += more
    head.append(Spacer(1, 1.5 * mm))
    if body and isinstance(body[0], NextPageTemplate):
        return [*body[:2], *head, *body[2:]]
    if body and isinstance(body[0], Grid) and len(section.tables_on_paper[0].frame) > _LONG:
        return [CondPageBreak(60 * mm), *head, *body, Spacer(1, 7 * mm)]
    return [KeepTogether([*head, *body[:kept]]), *body[kept:], Spacer(1, 7 * mm)]


def _charts(section: Section) -> list[Chart]:
    """Those of a section: one of too many rows as several, one without rows of its own lower, so that three stand on a
    page."""
    parts = [part for chart in section.charts for part in fit.parts(chart, round(_MOST_HIGH * fit.LETTER / _LETTER))]
    return [replace(chart, height=min(chart.height, _FLAT) if chart.height <= 340 else max(340, 4 * chart.height // 5))
            for chart in parts]


def _image(picture: Picture) -> Image:
    width, height = ImageReader(io.BytesIO(picture.data)).getSize()
    scale = min(_WIDE / width, _MOST_HIGH / height)
    return Image(io.BytesIO(picture.data), width * scale, height * scale, hAlign="LEFT")


def _grid(frame: pd.DataFrame, t: Language, bold: str, wide: float = _WIDE) -> Grid:
    """A table over the full width; each column as wide as its words need."""
    size = _LETTER if len(frame.columns) <= 6 else 7
    right = [at_right(frame.iloc[:, place]) for place in range(len(frame.columns))]
    styles = [_style("cell", FONT, size, leading=size + 2, alignment=2 if each else 0) for each in right]
    heads = [_style("head", bold, size, leading=size + 2, alignment=2 if each else 0) for each in right]
    rows = [[_words(str(name), style) for name, style in zip(frame.columns, heads, strict=True)],
            *([_words(cell(value, t), style) for value, style in zip(row, styles, strict=True)]
              for row in frame.itertuples(index=False))]
    return Grid(rows, colWidths=[wide * share for share in shares(frame, t)], repeatRows=1, hAlign="LEFT", style=[
        ("FONTNAME", (0, 0), (-1, -1), FONT), ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.HexColor(ACCENT)),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.HexColor("#DCE1E6")), ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 7), ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5)])


def shares(frame: pd.DataFrame, t: Language) -> list[float]:
    """How much of a table's width each column gets."""
    needed = _needed(frame, t)
    return [each / sum(needed) for each in needed]


def _needed(frame: pd.DataFrame, t: Language) -> list[float]:
    """What each column needs, in about characters: by its longest text, at least its longest word and, where it holds
    figures, the longest of them with its interval or n."""
    needed = []
    for name in frame.columns:
        texts = [str(name), *(cell(value, t) for value in frame[name])]
        word = max(len(word) for text in texts for word in text.split() or [""])
        figures = [0.9 * len(each) for each in texts[1:] if figure(each)]
        needed.append(max(word + 2, min(60, max(map(len, texts))) ** 0.8, *figures, 4))
    return needed


def _words(text: str, style: ParagraphStyle) -> Paragraph:
    """Plain text: what would be markup to the library is shown as the characters it is."""
    return Paragraph(html.escape(printable(together(text))).replace("\n", "<br/>"), style)


def _style(name: str, font: str, size: float, colour: str = INK["light"], *, leading: float | None = None,
           alignment: int = 0) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=leading or size * 1.35, textColor=colour,
                          alignment=alignment, spaceAfter=1.5 if name in ("body", "note") else 3, splitLongWords=1)


@cache
def _fonts() -> str:
    """Register the fonts; returns the name of the bold one."""
    for name, file in ((FONT, "Roboto-Regular.ttf"), (f"{FONT}-Bold", "Roboto-Medium.ttf")):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / file)))
    return f"{FONT}-Bold"


class _Numbered(Canvas):
    """A canvas that knows how many pages there are when it writes the footers."""

    def __init__(self, report: Report, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self._report = report
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self.setFont(FONT, 8)
            self.setFillColor(colors.HexColor(_FAINT))
            self.drawString(_MARGIN, 11 * mm, f"CX Journey · {self._report.made}")
            self.drawRightString(self._pagesize[0] - _MARGIN, 11 * mm, f"{number} / {len(self._pages)}")
            super().showPage()
        super().save()
