"""Who owns what: teams, their touchpoints, and how customers fare where one team hands them to another."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from cx.errors import QueryError
from cx.filters import Filters
from cx.language import text
from cx.metrics import stats
from cx.metrics.kpi import minimum_n, significant
from cx.store import Store

WITHIN = dt.timedelta(hours=72)
_FELT = ("plus", "minus", "felt")


def teams(store: Store) -> pd.DataFrame:
    """Every team that owns a touchpoint, an action or a target: team, touchpoints, actions, targets (how many); in
    alphabetical order."""
    return store.frame("""
        SELECT team, CAST(sum(touchpoints) AS BIGINT) AS touchpoints, CAST(sum(actions) AS BIGINT) AS actions,
            CAST(sum(targets) AS BIGINT) AS targets
        FROM (SELECT trim(owner) AS team, 1 AS touchpoints, 0 AS actions, 0 AS targets FROM touchpoints
              UNION ALL SELECT trim(owner), 0, 1, 0 FROM actions WHERE coalesce(status, 'open') <> 'deleted'
              UNION ALL SELECT trim(owner), 0, 0, 1 FROM goals WHERE target IS NOT NULL)
        WHERE team <> '' GROUP BY team ORDER BY lower(team), team""")


def touchpoints_of(store: Store, team: str) -> list[str]:
    """Keys of the touchpoints of a team, in the order of the journey."""
    return [key for key, in store.rows(
        "SELECT t.key FROM touchpoints t LEFT JOIN stages s ON s.stage_id = t.stage_id WHERE trim(t.owner) = ? "
        "ORDER BY s.position NULLS LAST, t.key", [team])]


def handovers(store: Store, within: dt.timedelta = WITHIN, filters: Filters = Filters()) -> pd.DataFrame:
    """Where one team hands customers to another: a contact at a touchpoint of another team within that time of the one
    before. The most frequent first.

    → team, to_team, n, customers, median_seconds (between the two), net, lower, upper, felt (emotion at the contact
      after), own_net, own_felt (at contacts with that team that followed one with itself), difference,
      difference_lower, difference_upper, p_adjusted (Benjamini–Hochberg over the pairs), significant (None = too few
      answers). Raises QueryError.
    """
    if within < dt.timedelta(0):
        raise QueryError(text("The time between two contacts cannot be negative."))
    contacts, params = _contacts(filters)
    gap = "epoch_us(occurred_at) - epoch_us(before_at)"
    period = filters.period("occurred_at")
    found = store.frame(f"""
        {contacts}
        SELECT before AS team, team AS to_team, count(*) AS n, count(DISTINCT customer_key) AS customers,
            quantile_cont(({gap}) / 1000000.0, 0.5) AS median_seconds,
            count(CASE WHEN emotion > 0 THEN 1 END) AS plus, count(CASE WHEN emotion < 0 THEN 1 END) AS minus,
            count(emotion) AS felt
        FROM steps WHERE before <> '' AND team <> '' AND {gap} <= {within // dt.timedelta(microseconds=1)}
            AND ({period.sql})
        GROUP BY 1, 2 ORDER BY n DESC, 1, 2""", [*params, *period.params])
    own = found[found["team"] == found["to_team"]].set_index("to_team")
    pairs = found[found["team"] != found["to_team"]].reset_index(drop=True)
    alone = {each: pairs["to_team"].map(own[each]).fillna(0).to_numpy() for each in _FELT}
    net = stats.net_score(*(pairs[each] for each in _FELT))
    change = stats.difference_of_net_scores(*(pairs[each] for each in _FELT), *(alone[each] for each in _FELT))
    enough = (pairs["felt"] >= minimum_n(store)) & (alone["felt"] >= minimum_n(store))
    pairs = pairs.assign(
        net=net.value, lower=net.lower, upper=net.upper,
        own_net=stats.net_score(*(alone[each] for each in _FELT)).value,
        own_felt=alone["felt"].astype("int64"), difference=change.value, difference_lower=change.lower,
        difference_upper=change.upper, p_adjusted=stats.adjusted(np.where(enough, change.p, np.nan)))
    pairs["significant"] = significant(pairs["p_adjusted"])
    return pairs[["team", "to_team", "n", "customers", "median_seconds", "net", "lower", "upper", "felt", "own_net",
                  "own_felt", "difference", "difference_lower", "difference_upper", "p_adjusted", "significant"]]


def handed(store: Store, team: str, to_team: str, within: dt.timedelta = WITHIN, filters: Filters = Filters(),
           limit: int = 1000) -> pd.DataFrame:
    """The known customers whom one team handed to another, as `handovers` counts them: customer_id, interactions (such
    contacts), net (net emotion at them, null = unknown), first_at, last_at (of them); the latest first."""
    contacts, params = _contacts(filters)
    period = filters.period("s.occurred_at")
    return store.frame(f"""
        {contacts}
        SELECT k.customer_id, count(*) AS interactions, 100.0 * avg(s.emotion) AS net, min(s.occurred_at) AS first_at,
            max(s.occurred_at) AS last_at
        FROM steps s JOIN customers k ON k.customer_key = s.customer_key AND NOT k.anonymous
        WHERE s.before = ? AND s.team = ? AND ({period.sql})
            AND epoch_us(s.occurred_at) - epoch_us(s.before_at) <= {within // dt.timedelta(microseconds=1)}
        GROUP BY k.customer_id ORDER BY last_at DESC, k.customer_id LIMIT {int(limit)}""",
        [*params, team, to_team, *period.params])


def _contacts(filters: Filters) -> tuple[str, list[object]]:
    """The WITH clause of `steps`: each contact with its team, the team before and when that was; and its parameters."""
    journeys, where = filters.journeys("j"), filters.steps("i")
    return f"""WITH contacts AS (
            SELECT i.customer_key, i.occurred_at, i.interaction_id, i.emotion, trim(t.owner) AS team
            FROM interactions i JOIN journeys j ON j.customer_key = i.customer_key
            LEFT JOIN touchpoints t ON t.touchpoint_id = i.touchpoint_id
            WHERE i.occurred_at IS NOT NULL AND ({journeys.sql}) AND ({where.sql})),
        steps AS (
            SELECT *, lag(team) OVER journey AS before, lag(occurred_at) OVER journey AS before_at FROM contacts
            WINDOW journey AS (PARTITION BY customer_key ORDER BY occurred_at, interaction_id))""", [
        *journeys.params, *where.params]
