"""The workspace's time zone: times in cells that say their zone become what clocks in the workspace's showed then."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from cx.errors import UnknownValue
from cx.intake.times import Order, read_time
from cx.language import text
from cx.store import Store
from cx.store.database import set_setting

_SETTING = "time_zone"
_ELSEWHERE = ZoneInfo("Asia/Tokyo")


def zones() -> list[str]:
    """The IANA names of the time zones there are, in order."""
    return sorted(available_timezones())


def time_zone(store: Store | None) -> ZoneInfo:
    """The time zone of a workspace; UTC where nobody said which, or where this computer does not know it."""
    try:
        return ZoneInfo((store.setting(_SETTING) if store else None) or "UTC")
    except ZoneInfoNotFoundError:
        return ZoneInfo("UTC")


def set_time_zone(store: Store, name: str) -> None:
    """Say which time zone the times of later files become; rows loaded earlier stay. Raises UnknownValue."""
    if name not in available_timezones():
        raise UnknownValue(text("Time zone"), name, zones())
    with store.write(derived=False) as cursor:
        set_setting(cursor, _SETTING, name)


def assume_time_zone(store: Store, name: str | None) -> None:
    """Take a time zone (the browser's; None = not known) where nobody said which it is."""
    if name in available_timezones() and store.setting(_SETTING) is None:
        set_time_zone(store, name)


def says_zone(cells: Iterable[str], order: Order) -> bool:
    """Whether any of some cells means another hour in another time zone."""
    return any(read_time(cell, order) != read_time(cell, order, _ELSEWHERE) for cell in cells)
