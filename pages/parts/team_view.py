"""What one team owns: how it goes there, what hurts, what is being done, and how teams hand customers over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from cx import findings
from cx.metrics import action, contact, friction, team
from cx.metrics.effect import effect
from cx.metrics.friction import Friction
from pages.parts import action_board, against, pains_beside, people, show, state, tables, team_tables
from pages.parts.ask import ask
from pages.parts.words import named, say, title


def touchpoints(keys: Sequence[str]) -> None:
    """How it goes at the touchpoints of these keys."""
    t, name = state.spoken(), named("touchpoint")
    usage = against.both(contact.usage, "touchpoint").map(lambda found: found[found["key"].isin(keys)])
    title(findings.contact.goes(usage.here, "touchpoint", t, name),
          t.plural("{n} touchpoint belongs to this team.", "{n} touchpoints belong to this team.", n=len(keys)))
    if usage.here.empty:
        return
    show.table(tables.contacts(usage.here, t, name), "touchpoints", name=t("Touchpoints"),
               on_pick=lambda row: state.narrow("touchpoint", usage.here["key"].iloc[row]))
    felt = against.rows(usage, ["key"], value="net", lower="net_lower", upper="net_upper", n="net_n")
    against.differences(usage, felt, lambda row: name(row["key"]), "felt", unit="points", what=t("Net emotion"))


def pains(keys: Sequence[str]) -> None:
    """What surely hurts at these touchpoints."""
    t = state.spoken()

    def theirs(found: Friction) -> Friction:
        points = found.points
        return replace(found, points=points[(points["kind"] == "pain") & points["touchpoint"].isin(keys)])

    sides = against.both(friction.friction, on_request=True).map(theirs)
    points = sides.here.points
    title(findings.friction.hurts(points, t) if len(points) else t("No place of this team is surely worse than the "
                                                                   "rest."),
          findings.friction.sampled(sides.here.one_in, t))
    show.lines([t(each) for each in points["text"].head(8)])
    if sides.beside is not None:
        pains_beside.apart(sides)


def doing(chosen: str, keys: Sequence[str]) -> None:
    """The actions of the team, and those at its touchpoints."""
    known = [each for each in ask(action.actions) if each.owner == chosen or each.touchpoint in keys]
    title(findings.action.all_told([ask(effect, each) for each in known], state.spoken()))
    action_board.board(known, "team")


def hand_overs(chosen: str) -> None:
    """Contacts with another team soon after one with this team, or the other way round; who they were."""
    t = state.spoken()

    def near(found: pd.DataFrame) -> pd.DataFrame:
        return found[(found["team"] == chosen) | (found["to_team"] == chosen)].reset_index(drop=True)

    sides = against.both(team.handovers, team.WITHIN, on_request=True).map(near)
    note = t("Customers who meet another team within 72 hours; how that contact feels, against contacts with the same "
             "team twice in a row. * more than chance explains.")
    title(findings.team.handed_over(sides.here, t), note, t("Click a row to see who they are."))
    if sides.here.empty:
        return
    pairs = [f"{row['team']} → {row['to_team']}" for row in sides.here.to_dict("records")]
    show.table(team_tables.handovers(sides.here, t), "handovers", name=t("Hand-overs between teams"),
               on_pick=lambda row: state.choose("pair", pairs[row]))
    against.differences(sides, against.rows(sides, ["team", "to_team"], value="net", n="felt"),
                        lambda row: f"{row['team']} → {row['to_team']}", "handovers", unit="points",
                        what=t("Net emotion after"))
    picked = state.choice("pair")
    state.offered("pair", pairs)
    if picked in pairs:
        one = sides.here.iloc[pairs.index(picked)]
        say(picked, "body")
        people.table(ask(team.handed, one["team"], one["to_team"], team.WITHIN, state.filters()), "handed")
