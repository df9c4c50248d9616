"""Public holidays of Türkiye and those kept nearly everywhere, so that a quiet or loud day can be explained."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from cx.language import Text, language, text

_GENERAL: Mapping[str, Text] = {"Good Friday": text("Good Friday"), "Easter Monday": text("Easter Monday"),
                                "Christmas Day": text("Christmas Day")}
_SPAN_DAYS = 3 * 366  # beyond, periods are quarters and hold many holidays each


def holidays(first: dt.date, last: dt.date, code: str = "en") -> dict[dt.date, str]:
    """Day → names of its holidays in that language, from `first` to `last` (both included; at most three years)."""
    import holidays as library  # on demand: it brings many countries along

    if (last - first).days > _SPAN_DAYS:
        return {}
    years = range(first.year, last.year + 1)
    turkish = library.country_holidays("TR", years=years, language={"en": "en_US", "tr": "tr"}[code])
    found = {day: name.replace("; ", ", ") for day, name in turkish.items()}
    t = language(code)
    for day, name in library.country_holidays("GB", subdiv="ENG", years=years, language="en_GB").items():
        if name in _GENERAL:
            found[day] = ", ".join([*([found[day]] if day in found else []), t(_GENERAL[name])])
    return {day: found[day] for day in sorted(found) if first <= day <= last}
