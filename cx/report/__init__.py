"""Findings in the forms people use: PowerPoint, PDF, Excel, one HTML file."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cx.errors import ReportError, reason
from cx.language import text
from cx.report.content import Report, Section, Table

__all__ = ["FORMATS", "Format", "Report", "Section", "Table", "save", "write"]


@dataclass(frozen=True)
class Format:
    """A form of a report: its name, its media type, and the module here that writes it."""

    name: str
    media: str
    module: str


FORMATS: Mapping[str, Format] = MappingProxyType({
    "pptx": Format("PowerPoint", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "slides"),
    "pdf": Format("PDF", "application/pdf", "pdf"),
    "xlsx": Format("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "workbook"),
    "html": Format("HTML", "text/html", "page"),
})
"""{file name ending: form}."""


def write(report: Report, ending: str) -> bytes:
    """The report in the form of that ending (a key of FORMATS). Raises ReportError where a chart cannot be drawn.

    The libraries that write are loaded on the first use: they take memory that few sessions need.
    """
    return importlib.import_module(f"cx.report.{FORMATS[ending].module}").write(report)


def save(report: Report, path: Path) -> None:
    """Write the report to a file, in the form its ending asks for. Raises ReportError where that cannot be done."""
    made = write(report, path.suffix.lower().lstrip("."))
    try:
        path.write_bytes(made)
    except OSError as error:
        raise ReportError(text("The file {path} cannot be written: {error}", path=str(path),
                               error=reason(error))) from error
