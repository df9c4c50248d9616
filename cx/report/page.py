"""A report as one HTML file: everything inside it, no script, nothing fetched, fit to print."""

from __future__ import annotations

import html

import pandas as pd

from cx.charts.theme import ACCENT, FAINT_INK, INK
from cx.language import Language
from cx.report.content import Report, Section, at_right, cell, figure, together
from cx.report.draw import Picture, pictures

_FONTS = 'Roboto, Arial, "Liberation Sans", sans-serif'  # charts are measured for the first; the others are as wide
_STYLE = f"""
:root {{ color-scheme: light }}
body {{ font: 16px/1.5 {_FONTS}; color: {INK["light"]}; background: #fff;
  max-width: 1000px; margin: 2rem auto; padding: 0 1.25rem }}
h1 {{ font-size: 1.9rem; line-height: 1.2; margin: 0 0 .25rem }}
h2 {{ font-size: 1.25rem; line-height: 1.3; margin: 2.5rem 0 .25rem }}
.note {{ color: {FAINT_INK["light"]}; font-size: .875rem; margin: 0 0 .75rem }}
figure {{ margin: 1rem 0 }}
svg {{ width: 100%; height: auto; overflow: visible }}
svg text {{ font-family: {_FONTS} }}
.wide {{ overflow-x: auto }}
table {{ border-collapse: collapse; font-size: .875rem; width: 100% }}
th {{ text-align: left; border-bottom: 2px solid {ACCENT}; vertical-align: bottom }}
td {{ border-bottom: 1px solid #DCE1E6; vertical-align: top }}
th, td {{ padding: .3rem 1.25rem .3rem 0 }}
th:last-child, td:last-child {{ padding-right: 0 }}
.number {{ text-align: right; font-variant-numeric: tabular-nums }}
.figure {{ white-space: nowrap }}
footer {{ color: {FAINT_INK["light"]}; font-size: .8rem; margin: 3rem 0 1rem }}
@media screen and (max-width: 640px) {{ figure {{ overflow-x: auto; padding-left: .5rem }} svg {{ min-width: 600px }}
  td:not(.figure) {{ min-width: 8.5rem }} }}
@page {{ margin: 15mm }}
@media print {{
  body {{ margin: 0; max-width: none }} h2, .note {{ break-after: avoid }}
  h2, figure, tr {{ break-inside: avoid }} }}
"""
_NUMBER = ' class="number"'


def write(report: Report) -> bytes:
    """The whole report. Raises ReportError where a chart cannot be drawn."""
    sections = report.filled
    drawn = iter(pictures([chart for section in sections for chart in section.charts], "svg"))
    body = [_section(section, [next(drawn) for _ in section.charts], report.t) for section in sections]
    if report.defined:
        body.append(_section(report.defined, [], report.t))
    return f"""<!doctype html>
<html lang="{report.t.code}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{html.escape(report.title)}</title><style>{_STYLE}</style></head>
<body><h1>{html.escape(report.title)}</h1><p class="note">{html.escape(report.caption)}</p>
{"".join(body)}
<footer>CX Journey · {html.escape(report.made)}</footer></body></html>
""".encode()


def _section(section: Section, drawn: list[Picture], t: Language) -> str:
    parts = [f"<h2>{_words(section.title)}</h2>"]
    if section.note:
        parts.append(f'<p class="note">{_words(section.note)}</p>')
    parts += [f"<p>{_words(each)}</p>" for each in section.sentences]
    parts += [f'<figure role="img" aria-label="{html.escape(each.alt)}">{each.data.decode()}</figure>'
              for each in drawn]
    parts += [_table(table.frame, t) for table in section.tables_on_paper]
    return f"<section>{''.join(parts)}</section>\n"


def _table(frame: pd.DataFrame, t: Language) -> str:
    numbers = [at_right(frame.iloc[:, place]) for place in range(len(frame.columns))]
    head = "".join(f'<th scope="col"{_NUMBER if number else ""}>{_words(str(name))}</th>'
                   for name, number in zip(frame.columns, numbers, strict=True))
    rows = "".join("<tr>" + "".join(_cell(cell(value, t), number) for value, number in zip(row, numbers, strict=True))
                   + "</tr>" for row in frame.itertuples(index=False))
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _cell(words: str, number: bool) -> str:
    kinds = [name for name, holds in (("number", number), ("figure", figure(words))) if holds]
    return f"""<td{f' class="{" ".join(kinds)}"' if kinds else ""}>{_words(words)}</td>"""


def _words(text: str) -> str:
    return html.escape(together(text))
