"""Alerts: when a rule fires on past data, what is news to it, and what it does when its subject is gone."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from cx.errors import QueryError, UnknownValue
from cx.language import language
from cx.metrics import alert
from cx.metrics.alert import Rule
from cx.metrics.goals import set_target
from tests.metrics.stores import store_of

MONDAY = dt.date(2025, 1, 6)


def weeks(shares, n=40, **more) -> list[dict[str, object]]:
    """A week each, `n` answers, that share of them satisfied; the last week ends with the data."""
    return [{"customer": f"{week}-{k}", "occurred_at": MONDAY + dt.timedelta(weeks=week, days=k % 7), "csat_max": 5,
             "touchpoint": "Call", "channel": "Phone", "csat": 5 if k < share * n else 1, **more}
            for week, share in enumerate(shares) for k in range(n)]


STEADY = [0.8, 0.78, 0.82, 0.8, 0.79, 0.81, 0.8, 0.78, 0.8, 0.82]


def fired(store, rule) -> list[str]:
    found = alert.preview(store, rule)
    return [f"{each:%m-%d}" for each in found.loc[found["fires"], "period"]]


def test_a_target_is_missed_only_where_the_whole_interval_is() -> None:
    """40 answers: 80 % ± 12, so 70 % is not surely below 80 %, 30 % is."""
    store = store_of(weeks([*STEADY, 0.7, 0.3, 0.8]))
    set_target(store, "csat", 0.8)
    assert fired(store, Rule("target", "csat")) == ["03-24"]
    assert fired(store, Rule("target", "csat", limit=0.2)) == []


def test_what_is_unusual_is_judged_by_what_was_known_then() -> None:
    store = store_of(weeks([*STEADY, 0.3, *[0.3] * 10]))
    found = alert.preview(store, Rule("unusual", "csat"))
    first = found[found["fires"]].iloc[0]
    assert (f"{first['period']:%m-%d}", round(first["against"], 2)) == ("03-17", 0.8)
    assert not found["fires"].iloc[-1]  # by then it is no longer unusual


def test_too_few_answers() -> None:
    store = store_of(weeks(STEADY[:4]) + [
        {**each, "occurred_at": each["occurred_at"] + dt.timedelta(weeks=4)} for each in weeks([0.8, 0.8], n=7)])
    assert fired(store, Rule("few", "csat")) == ["02-03", "02-10"]
    assert fired(store, Rule("few", "csat", limit=5)) == []


def test_what_was_there_when_the_rule_was_made_is_no_news_and_news_is_new_once() -> None:
    store = store_of(weeks([*STEADY, 0.3]))
    number = alert.save(store, Rule("target", "csat", limit=0.8, name="Satisfied"))
    assert alert.news(store) == []
    with store.write() as cursor:
        cursor.execute("INSERT INTO interactions SELECT * REPLACE (interaction_id + 10000 AS interaction_id, "
                       "occurred_at + INTERVAL 21 DAY AS occurred_at) FROM interactions "
                       "WHERE occurred_at >= '2025-03-17' OR occurred_at < '2025-01-13'")
        cursor.execute("UPDATE interactions SET occurred_at = occurred_at + INTERVAL 1 DAY WHERE FALSE")
        from cx.store import derive
        derive.rebuild(cursor)
    found = alert.news(store)
    assert [(each.rule, each.said["period"], each.said["n"]) for each in found] == [(number, "2025-04-07", 40)]
    assert (found[0].subject, found[0].fingerprint) == ("csat|||", "1|target|2025-04-07")
    alert.save(store, Rule("target", "csat", limit=0.8, name="Satisfied", number=number, active=False))
    assert alert.news(store) == []


def test_a_rule_comes_back_as_saved_and_can_be_taken_away() -> None:
    store = store_of(weeks(STEADY))
    number = alert.save(store, Rule("few", "csat", channel="phone", interval="month", limit=10, name=" A  name "))
    kept = alert.rules(store)[0]
    assert (kept.number, kept.name, kept.channel, kept.interval, kept.limit) == (number, "A name", "phone", "month", 10)
    assert kept.subject() == "csat||phone|"
    alert.remove(store, number)
    assert alert.rules(store) == []


@pytest.mark.parametrize(("rule", "said"), [
    (Rule("odd", "csat", name="a"), "does not exist"), (Rule("unusual", "nonsense", name="a"), "does not exist"),
    (Rule("unusual", "csat"), "Give the alert a name"), (Rule("unusual", "csat", name="a", interval="year"), "does not"),
    (Rule("target", "csat", name="a"), "Set a target for"), (Rule("few", "csat", name="a", channel="moon"), "does not"),
    (Rule("few", "csat", name="a", limit=float("inf")), "must be a number"), (Rule("few", "csat", name="x" * 81), "longer")])
def test_a_rule_that_makes_no_sense_is_refused(rule, said) -> None:
    store = store_of(weeks(STEADY[:2]))
    with pytest.raises((QueryError, UnknownValue), match=said):
        alert.save(store, rule)
    assert alert.rules(store) == []


def test_a_rule_whose_subject_is_gone_is_silent_and_says_why() -> None:
    store = store_of(weeks([*STEADY, 0.3]))
    set_target(store, "csat", 0.8)
    alert.save(store, Rule("target", "csat", name="a"))
    alert.save(store, Rule("few", "csat", touchpoint="call", name="b"))
    set_target(store, "csat", None)
    with store.write() as cursor:
        cursor.execute("DELETE FROM touchpoints")
    assert [str(alert.silent(store, each)) for each in alert.rules(store)] == [
        "No target is set for its KPI.", "Touchpoint “call” is no longer in the workspace."]
    assert alert.news(store) == []


def test_without_data_nothing_fires() -> None:
    store = store_of([{"customer": "a", "csat": 4, "csat_max": 5}])
    for kind in ("unusual", "few"):
        assert alert.preview(store, Rule(kind, "csat")).empty
    assert alert.preview(store, Rule("pain")).empty
    alert.save(store, Rule("unusual", "nps", name="a"))
    assert alert.news(store) == []


def test_a_new_pain_point_is_told_with_its_sentence() -> None:
    good = weeks([0.8] * 4) + weeks([0.8] * 4, touchpoint="Visit")
    store = store_of(good)
    alert.save(store, Rule("pain", name="pains"))
    assert alert.news(store) == []
    bad = store_of([*good, *weeks([0.1] * 4, touchpoint="Refund")])
    with bad.write() as cursor:
        cursor.execute("INSERT INTO alerts VALUES (1, 'pains', ?, TRUE)", [store.value("SELECT rule FROM alerts")])
    found = [each.said for each in alert.news(bad)]
    assert found
    assert {said["at"]["touchpoint"] for said in found} == {"refund"}
    assert language("en")(found[0]["text"]).startswith("Refund")
    months = alert.preview(bad, Rule("pain"))
    assert list(months.columns) == ["period", "n", "fires"]
    assert isinstance(months["period"].dtype, type(pd.Series(dtype="datetime64[us]").dtype)) or months.empty
