"""From a spreadsheet to interactions: read → map → shape → clean → check → load."""

from cx.intake.commit import undo
from cx.intake.load import load_frame
from cx.intake.plan import Plan, Problem, Receipt, Score, SheetPlan
from cx.intake.table import Table

__all__ = ["Plan", "Problem", "Receipt", "Score", "SheetPlan", "Table", "load_frame", "undo"]
