"""How teams hand customers over, in a sentence."""

from __future__ import annotations

import pandas as pd

from cx.language import Language


def handed_over(pairs: pd.DataFrame, t: Language) -> str:
    """The hand-over that feels surely worst against contacts within one team, else whether any feels surely better.
    pairs: of `team.handovers()`."""
    if pairs.empty:
        return t("Nobody is handed over between this team and another.")
    sure = pairs[pairs["significant"].eq(True)].sort_values("difference")
    if sure.empty:
        return (t("Too few answers to tell how handing over feels.") if pairs["significant"].isna().all() else
                t("No hand-over feels surely other than staying with a team."))
    row = sure.iloc[0] if sure["difference"].iloc[0] < 0 else sure.iloc[-1]
    words = {"team": row["team"], "to_team": row["to_team"], "net": t.number(row["net"], 0, sign=True),
             "own": t.number(row["own_net"], 0, sign=True)}
    if row["difference"] < 0:
        return t("Handing over hurts most here: {team} → {to_team} ({net}; within the team {own}).", **words)
    return t("Handing over does good here: {team} → {to_team} ({net}; within the team {own}).", **words)
