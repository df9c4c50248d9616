"""What is counted and summed over interactions, declared once: for the daily cells and for the rows themselves.

All are additive over rows, and exact (integers and decimals), so that sums over cells are the sums over rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cx.scales import DETRACTOR_TO, EASY_FROM, PROMOTER_FROM, effort_sql, satisfied_sql


@dataclass(frozen=True)
class Measure:
    """A count of rows, or the sum of a value over them.

    column  its name in the table `daily_cells`
    rows    condition on `interactions AS i`: which rows count; never one in which a column it names is empty
    value   SQL of an integer or a decimal that is summed; None = rows are counted
    places  decimal places of it
    """

    column: str
    rows: str
    value: str | None = None
    places: int = 0

    @property
    def needs(self) -> set[str]:
        """The columns of `interactions` without which no row counts."""
        return set(re.findall(r"\bi\.(\w+)", self.rows))

    @property
    def exact(self) -> str:
        """Aggregate over `interactions AS i`, as kept in the cells; null where a sum has no rows."""
        what = "count(*)" if self.value is None else f"sum({self.value})"
        return f"{what} FILTER (WHERE {self.rows})"

    @property
    def sql(self) -> str:
        """Aggregate over `interactions AS i`, as answered: a count, or a sum as a double; 0 of no rows."""
        return self.exact if self.value is None else f"coalesce(CAST({self.exact} AS DOUBLE), 0)"

    @property
    def of_cells(self) -> str:
        """The same over `daily_cells AS i`."""
        return f"coalesce(CAST(sum(i.{self.column}) AS {'BIGINT' if self.value is None else 'DOUBLE'}), 0)"


CSAT = "i.csat IS NOT NULL AND i.csat_max IS NOT NULL"
CES = "i.ces IS NOT NULL AND i.ces_max IS NOT NULL"
WAIT = "i.wait_seconds IS NOT NULL"
DELAY = "i.delay_days IS NOT NULL"
LATE = f"{DELAY} AND i.delay_days > 0"
_EFFORT = effort_sql("i.ces", "i.ces_max")
_DECIMALS = "DECIMAL(18, 9)"  # of an effort answer, 1-7


def _squared(column: str) -> str:
    return f"CAST(i.{column} AS BIGINT) * i.{column}"


MEASURES: Mapping[str, Measure] = {each.column: each for each in (
    Measure("interactions", "TRUE"),
    Measure("promoters", f"i.nps >= {PROMOTER_FROM}"),
    Measure("detractors", f"i.nps <= {DETRACTOR_TO}"),
    Measure("recommended", "i.nps IS NOT NULL"),
    Measure("satisfied", f"{CSAT} AND {satisfied_sql('i.csat', 'i.csat_max')}"),
    Measure("rated", CSAT),
    Measure("efforts", CES),
    Measure("effort_sum", CES, f"CAST({_EFFORT} AS {_DECIMALS})", 9),
    Measure("effort_squares", CES, f"CAST({_EFFORT} * {_EFFORT} AS {_DECIMALS})", 9),
    Measure("easy", f"{CES} AND {_EFFORT} >= {EASY_FROM}"),
    Measure("expectations_met", "i.expectation_met"),
    Measure("expectations", "i.expectation_met IS NOT NULL"),
    Measure("positive", "i.emotion > 0"),
    Measure("neutral", "i.emotion = 0"),
    Measure("negative", "i.emotion < 0"),
    Measure("felt", "i.emotion IS NOT NULL"),
    Measure("complaints", "i.is_complaint"),
    Measure("waits", WAIT),
    Measure("wait_sum", WAIT, "i.wait_seconds"),
    Measure("wait_squares", WAIT, _squared("wait_seconds")),
    Measure("deliveries", DELAY),
    Measure("late", LATE),
    Measure("late_sum", LATE, "i.delay_days"),
    Measure("late_squares", LATE, _squared("delay_days")),
    Measure("revenues", "i.revenue IS NOT NULL"),
    Measure("revenue", "i.revenue IS NOT NULL", "i.revenue", 4),
)}

MEASURE_OF: Mapping[str, Measure] = {each.sql: each for each in MEASURES.values()}
"""The SQL over rows → the measure: whether cells answer it."""
