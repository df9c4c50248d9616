"""What tells those who went on from the lost, and one funnel from another, in a sentence. `name` turns a factor into
the name to show."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cx.language import Language
from cx.metrics.converters import Converters


def telling(found: Converters, t: Language, name: Callable[[str, str], str]) -> str:
    """The factor that most surely goes with going on, or with being lost. name: (kind, key) → name."""
    if found.reason is not None:
        return t("What tells those who went on cannot be said")
    row = found.factors.iloc[0]
    if not row["significant"]:
        return t("Nothing surely tells those who went on from the lost")
    shown = {"what": name(row["kind"], row["key"]), "with_it": t.percent(row["rate_with"], 0),
             "without": t.percent(row["rate_without"], 0)}
    return (t("Those who went on stand out by: {what} ({with_it} went on, {without} of the others)", **shown)
            if row["difference"] > 0 else
            t("The lost stand out by: {what} ({with_it} went on, {without} of the others)", **shown))


def different(frame: pd.DataFrame, t: Language) -> str:
    """Which steps surely differ. frame: of `funnel_compare.compare()`, its steps as shown."""
    sure = [f"{row['step']} ({t('{n} pp', n=t.number(row['difference'] * 100, 1, sign=True))})"
            for row in frame.to_dict("records") if row["difference_significant"] is True]
    if sure:
        return t("Surely different: {steps}.", steps=", ".join(sure))
    if frame["difference_significant"].isna().all():
        return t("Too few customers to compare.")
    return t("No step differs more than chance explains.")


def verdict(significant: bool | None, t: Language) -> str:
    """Whether a difference is more than chance, in two words."""
    return t("too few to compare") if significant is None else t("surely") if significant else t("within chance")
