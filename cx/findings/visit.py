"""What is new since the last visit, in words."""

from __future__ import annotations

from collections.abc import Mapping

from cx.findings.kpi import kpi_value
from cx.language import Language
from cx.metrics.kpi_registry import Kpi
from cx.metrics.visit import News


def news(found: News, known: Mapping[str, Kpi], t: Language) -> list[str]:
    """A line for what happened and one for the KPIs that stand elsewhere; where nothing did, that."""
    happened = [t.plural("{n} file loaded ({rows} rows)", "{n} files loaded ({rows} rows)", n=found.loaded,
                         rows=found.rows)] if found.loaded else []
    happened += [t.plural("{n} file taken back", "{n} files taken back", n=found.undone)] if found.undone else []
    happened += [t.plural("{n} alert", "{n} alerts", n=found.alerts)] if found.alerts else []
    moved = [t("{kpi} {before} → {now} (n = {n_before} → {n})", kpi=t(known[row["kpi"]].name),
               before=shown, now=now, n_before=int(row["n_before"]), n=int(row["n"]))
             for row in found.moved.to_dict("records") if row["kpi"] in known
             for shown, now in [tuple(kpi_value(t, known[row["kpi"]], row[name]) for name in ("value_before", "value"))]
             if shown != now]
    lines = [t("Since your last visit ({when}): {what}.", when=t.datetime(found.since),
               what=", ".join(happened) or (t("no file, no alert") if moved else t("nothing new")))]
    return lines + ([t("Over all data: {kpis}.", kpis="; ".join(moved))] if moved else [])
