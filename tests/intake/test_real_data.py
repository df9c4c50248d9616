"""Known answers on real files (../shared/datasets beside the repository; skipped where they are not there)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cx import intake, open_store

DATA = Path(__file__).resolve().parents[3] / "shared" / "datasets"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not here")


def loaded(*names: str, **answers: object):
    store = open_store(":memory:")
    receipts = []
    for name in names:
        plan = intake.propose(DATA / name)
        for key, value in answers.items():
            setattr(plan, key, value)
        receipts.append(intake.load(store, DATA / name, intake.Plan.from_json(plan.to_json())))
        receipt = receipts[-1]
        assert receipt.rows == receipt.accepted + receipt.duplicates + receipt.rejected + receipt.skipped
    return store, receipts


def nps(store, where="TRUE"):
    return store.rows("SELECT count(nps), count(*) FILTER (nps >= 9), count(*) FILTER (nps <= 6) FROM interactions "
                      f"WHERE {where}")[0]


def test_the_web_shop_is_events_with_its_acquisition_channel():
    name = "retentioneering_ecom/ecom.csv"
    plan = intake.propose(DATA / name)
    assert plan.layout == "events"
    assert plan.columns == {
        "user_id": "customer_id", "session_id": "attribute", "event": "touchpoint", "timestamp": "occurred_at",
        "platform": "attribute", "acquisition_channel": "channel", "user_cohort": "attribute",
        "user_lifecycle": "attribute"}
    assert not plan.open_problems()
    store, [receipt] = loaded(name)
    assert (receipt.accepted, receipt.rejected, receipt.duplicates) == (31_106, 0, 0)
    assert store.value("SELECT count(*) FROM customers") == 600
    assert store.value("SELECT count(*) FROM interactions JOIN touchpoints USING (touchpoint_id) WHERE key = 'purchase'") == 470
    assert store.rows("SELECT min(occurred_at)::DATE, max(occurred_at)::DATE FROM interactions") == [
        (dt.date(2024, 1, 4), dt.date(2024, 6, 29))]
    again = intake.load(store, DATA / name)
    assert (again.accepted, again.duplicates) == (0, 31_106)


def test_leads_and_deals_are_milestones_that_join_by_their_id():
    store, [leads, deals] = loaded("olist_marketing_funnel/olist_marketing_qualified_leads_dataset.csv",
                                   "olist_marketing_funnel/olist_closed_deals_dataset.csv")
    assert (leads.accepted, deals.accepted) == (8_000, 842)
    assert store.value("SELECT count(*) FROM customers") == 8_000
    assert store.rows("SELECT t.label, s.key, count(*) FROM interactions i JOIN touchpoints t USING (touchpoint_id) "
                      "JOIN stages s ON s.stage_id = i.stage_id GROUP BY ALL ORDER BY ALL") == [
        ("first contact", "awareness", 8_000), ("won", "purchase", 842)]
    assert store.rows("SELECT h.label, count(*) FROM interactions JOIN channels h USING (channel_id) "
                      "WHERE h.label IN ('paid search', 'email') GROUP BY ALL ORDER BY ALL") == [
        ("email", 493), ("paid search", 1_586)]


def test_the_airport_survey_asks_for_its_date_and_nothing_else():
    name = "sfo_airport_survey/2017_SFO_Customer_Survey.csv"
    plan = intake.propose(DATA / name)
    assert plan.layout == "survey"
    assert [problem.code for problem in plan.open_problems()] == ["no_time"]
    assert plan.columns["INTDATE"] == "attribute"
    assert plan.columns["NETPRO"] == "nps"
    ratings = [header for header in plan.columns if header.startswith("Q7")]
    assert len(ratings) == 15
    assert all(plan.columns[header] == "csat" and plan.scores[header].top == 5 for header in ratings)


def test_the_airport_surveys_give_their_published_recommendations_and_do_not_correct_each_other():
    store = open_store(":memory:")
    for year, n, promoters, detractors in ((2017, 2_746, 1_436, 342), (2018, 2_650, 1_268, 447)):
        path = DATA / f"sfo_airport_survey/{year}_SFO_Customer_Survey.csv"
        plan = intake.propose(path)
        plan.default_time = dt.date(year, 5, 1)
        receipt = intake.load(store, path, plan)
        assert (receipt.replaced, receipt.duplicates) == (0, 0)
        assert receipt.rows == receipt.accepted + receipt.rejected + receipt.skipped
        assert any("NETPRO" in str(note) and "11" in str(note) for note in receipt.notes)
        assert nps(store, f"upload_id = {receipt.upload_id}") == (n, promoters, detractors)
    assert store.value("SELECT count(*) FROM interactions WHERE csat > 5 OR csat < 1") == 0
    assert store.value("SELECT count(*) FROM journeys") == 0  # anonymous respondents have no journey


@pytest.mark.parametrize("name", ["input_01.csv", "input_02.csv"])
def test_the_conference_survey_gives_the_same_answer_with_us_and_iso_dates(name):
    store, [receipt] = loaded(f"event_nps_survey/{name}")
    assert nps(store) == (39, 8, 22)
    assert receipt.accepted == 39
    assert store.rows("SELECT min(occurred_at)::DATE, max(occurred_at)::DATE FROM interactions") == [
        (dt.date(2019, 11, 1), dt.date(2019, 11, 4))]
    assert {row[0] for row in store.rows("SELECT label FROM touchpoints")} == {"Opening keynote", "Closing keynote"}


def test_complaints_are_complaints_day_first():
    store, [receipt] = loaded("complaints/complaints.csv")
    assert receipt.accepted == 53
    assert store.rows("SELECT count(*), count(*) FILTER (is_complaint), count(comment), max(occurred_at)::DATE "
                      "FROM interactions") == [(53, 53, 53, dt.date(2023, 12, 7))]


def test_turkish_statements_are_answers_from_one_to_five():
    store, [receipt] = loaded("tr_anket/anket.xlsx", undated=True)
    assert (receipt.accepted, receipt.interactions) == (55, 55 * 7)
    assert store.rows("SELECT DISTINCT csat_max FROM interactions") == [(5,)]
    assert store.value("SELECT count(*) FROM customers WHERE anonymous") == 55


@pytest.mark.parametrize("name", ["tr_anket/Tepki Süresi.xlsx", "olist_marketing_funnel/olist_sellers_dataset.csv"])
def test_a_table_without_customer_time_and_score_is_refused(name):
    with pytest.raises(intake.IntakeError, match="neither a customer, nor a time, nor a score"):
        intake.load(open_store(":memory:"), DATA / name)
