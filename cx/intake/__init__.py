"""From a spreadsheet to interactions: read → map → shape → clean → check → load."""

from cx.errors import IntakeError
from cx.intake.cell_formats import written_as
from cx.intake.correct import (
    assign,
    change_layout,
    first_rows,
    forget_mapping,
    reconsider,
    say_header,
)
from cx.intake.file import load, preview, propose, seen_before
from cx.intake.frame import load_frame
from cx.intake.kept import forget
from cx.intake.plan import LAYOUTS, Plan, Problem, Receipt, Score, SheetPlan, roles
from cx.intake.read import read
from cx.intake.rejected import reasons, rejects, rejects_workbook
from cx.intake.table import Table
from cx.intake.templates import template
from cx.intake.undo import undo
from cx.intake.zones import set_time_zone, time_zone, zones

__all__ = ["LAYOUTS", "IntakeError", "Plan", "Problem", "Receipt", "Score", "SheetPlan", "Table", "assign",
           "change_layout", "first_rows", "forget", "forget_mapping", "load", "load_frame", "preview",
           "propose", "read", "reasons", "reconsider", "rejects", "rejects_workbook", "roles", "say_header",
           "seen_before", "set_time_zone", "template", "time_zone", "undo", "written_as", "zones"]
