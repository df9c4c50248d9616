"""The workspace's time zone: times in cells that say their zone become what clocks in the workspace's showed then.

Which event a row is does not depend on it: such times count for that by their moment in UTC. So a file that is loaded
again after the time zone was changed corrects its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import duckdb
import numpy as np
import pandas as pd

from cx.errors import UnknownValue
from cx.intake.column import Values
from cx.intake.plan import SheetPlan
from cx.intake.table import Cells
from cx.intake.times import ORDERS, Order, read_time
from cx.language import text
from cx.store import Store
from cx.store.database import set_setting

_SETTING = "time_zone"
_ELSEWHERE = ZoneInfo("Asia/Tokyo")
_UTC = ZoneInfo("UTC")
_LOOKED_AT = 50  # cells of a column


def zones() -> list[str]:
    """The IANA names of the time zones there are, in order."""
    return sorted(available_timezones())


def time_zone(store: Store | None, assumed: str | None = None) -> ZoneInfo:
    """The time zone of a workspace; the assumed one where nobody said which; UTC where this computer does not know
    it."""
    try:
        return ZoneInfo((store.setting(_SETTING) if store else None) or assumed or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return _UTC


def set_time_zone(store: Store, name: str) -> None:
    """Say which time zone the times of later files become; rows loaded earlier stay until their file is loaded again.
    Raises UnknownValue."""
    if name not in available_timezones():
        raise UnknownValue(text("Time zone"), name, zones())
    with store.write(derived=False) as cursor:
        set_setting(cursor, _SETTING, name)


def settle_time_zone(cursor: duckdb.DuckDBPyConnection, zone: ZoneInfo) -> None:
    """Keep, inside a `Store.write()`, in which time zone the first times that say theirs were read."""
    cursor.execute("INSERT OR IGNORE INTO settings VALUES (?, ?)", [_SETTING, str(zone)])


def says_zone(cells: Iterable[str], order: Order) -> bool:
    """Whether any of some cells means another hour in another time zone."""
    return any(read_time(cell, order) != read_time(cell, order, _ELSEWHERE) for cell in cells)


def stating(sheet: SheetPlan, columns: Mapping[str, Cells], roles: Sequence[str]) -> set[str]:
    """The columns of times whose cells say their zone, by the first of them.

    roles  which roles are times
    """
    found = set()
    for header, role in sheet.columns.items():
        order = next((each for each in ORDERS if each == sheet.formats.get(header)), None)
        if role in roles and order and header in columns and says_zone(
                islice(columns[header].telling(), _LOOKED_AT), order):
            found.add(header)
    return found


def in_utc(moments: Values, zone: ZoneInfo) -> Values:
    """The moments at which clocks of a time zone showed these; of the hour they show twice the second is taken."""
    if zone == _UTC:
        return moments
    shown = pd.DatetimeIndex(moments.data).tz_localize(zone, ambiguous=np.zeros(len(moments), dtype=bool),
                                                       nonexistent="shift_forward")
    return Values("time", shown.tz_convert(None).to_numpy().astype("datetime64[us]"))
