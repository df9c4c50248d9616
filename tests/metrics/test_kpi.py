"""Every KPI by hand and by a second road; and what is said where a KPI has no value."""

from __future__ import annotations

import datetime as dt
import random

import pandas as pd
import pytest

from cx import Filters, Store, open_store
from cx.errors import QueryError, UnknownValue
from cx.intake import load_frame
from cx.language import language
from cx.metrics import behind
from cx.metrics.cells import converted_at
from cx.metrics.kpi import breakdown, changes, kpis, readable_interval, set_target, sparklines, trend
from cx.metrics.kpi_registry import KPIS
from cx.metrics.period import calendar
from tests.metrics import second_road
from tests.metrics.stores import store_of

MARCH = Filters(start="2025-03-01", end="2025-03-31")


def at(day: str, **fields: object) -> dict[str, object]:
    return {"occurred_at": f"2025-{day}", **fields}


ROWS = [
    at("02-03", customer="a", stage="awareness", channel="web", nps=9),
    at("02-04", customer="b", stage="awareness", channel="web"),
    at("02-10", customer="c", stage="purchase", channel="store", order_id="f1", revenue=50),
    at("02-12", customer="d", stage="awareness", channel="web"),
    at("03-01", customer="a", stage="awareness", channel="web", nps=10, wait_seconds=10),
    at("03-05", customer="a", stage="purchase", channel="web", order_id="m1", revenue=100, csat=5, csat_max=5, ces=7,
       ces_max=7),
    at("03-06", customer="a", stage="purchase", channel="web", order_id="m1", revenue=20, csat=3, csat_max=5),
    at("03-20", customer="a", stage="purchase", channel="store", order_id="m2", revenue=30, delay_days=3),
    at("03-02", customer="b", stage="awareness", channel="web", nps=6, wait_seconds=20, expectation_met=True),
    at("03-09", customer="b", stage="retention", channel="phone", is_complaint=True, csat=1, csat_max=5, ces=1,
       ces_max=7),
    at("03-10", customer="c", stage="purchase", channel="store", order_id="m3", nps=8, delay_days=0),
    at("03-11", customer="e", stage="awareness", channel="web", nps=9, wait_seconds=60, expectation_met=False),
    at("03-12", nps=3, csat=4, csat_max=5, ces=4, ces_max=7),
    at("03-13", order_id="m9", revenue=10, delay_days=1),
    {"customer": "a", "nps": 0},
]

GOLDEN = {  # March: value, n
    "nps": (0, 5),  # 10 and 9 against 6 and 3; 8 is passive; the undated 0 does not count
    "csat": (2 / 4, 4),  # 5 and 4 of 5, not 3 and 1
    "ces": (4, 3),  # 7, 1, 4
    "easy_share": (1 / 3, 3),
    "expectations_met": (1 / 2, 2),
    "net_emotion": (25, 8),  # + a a e anonymous, − b b, 0 a (3 of 5) c (passive)
    "journey_emotion": (0, 4),  # a 0 (3 of 5), b −, c 0, e +
    "conversion": (1 / 3, 3),  # a, b, e enter; a buys
    "retention": (3 / 4, 4),  # a b c d in February, a b c in March
    "repurchase": (1, 1),  # c
    "churn": (1 / 4, 4),
    "loyalty": (1 / 2, 2),  # a has m1 and m2, c has m3; nobody knows who placed m9
    "complaint_rate": (1 / 4, 4),  # b of a b c e
    "complaints_per_1000": (100, 10),  # 1 of 10 rows
    "waiting_time": (30, 3),  # 10, 20, 60
    "late_share": (2 / 3, 3),  # 3 and 1, not 0
    "delay": (2, 2),
    "orders": (4, 4),  # m1 m2 m3 m9
    "revenue": (160, 4),
    "average_order_value": (160 / 3, 3),  # 120, 30, 10
    "orders_per_customer": (3 / 2, 2),
}


@pytest.fixture(scope="module")
def march() -> Store:
    return store_of(ROWS)


def table(frame: pd.DataFrame) -> dict[str, dict[str, object]]:
    return {row["kpi"]: row for row in frame.to_dict("records")}


def test_every_kpi_has_a_value_by_hand_and_a_second_road() -> None:
    whole = second_road.kpis([], bool, bool, dt.datetime(2025, 2, 1), dt.datetime(2025, 3, 1), dt.datetime(2025, 1, 1))
    assert set(GOLDEN) == set(KPIS)
    assert set(whole) == set(KPIS)


@pytest.mark.parametrize("kpi", KPIS)
def test_a_kpi_equals_its_value_by_hand(march, kpi) -> None:
    row = table(kpis(march, MARCH))[kpi]
    assert (row["value"], row["n"]) == (pytest.approx(GOLDEN[kpi][0]), GOLDEN[kpi][1])


def test_the_median_and_the_slowest_tenth_stand_beside_the_waiting_time(march) -> None:
    row = table(kpis(march, MARCH))["waiting_time"]
    assert (row["median"], row["p90"]) == (20, pytest.approx(52))


# --- second road ---


def made_up(seed: int, many: int = 700) -> list[dict[str, object]]:
    """Rows with every field, many missing, some anonymous, some undated, orders over several rows."""
    rng = random.Random(seed)

    def maybe(value: object, share: float) -> object:
        return value if rng.random() < share else None

    rows = []
    for _ in range(many):
        who = maybe(f"c{rng.randint(1, 60)}", 0.9)
        moment = dt.datetime(2025, 1, 1) + dt.timedelta(days=rng.randint(0, 180), minutes=rng.randint(0, 1439))
        order = maybe(f"o{rng.randint(1, 150)}", 0.25) if who else None
        csat_max, ces_max = rng.choice((3, 5, 7, 10, 100)), rng.choice((5, 7, 10))
        rows.append({
            "customer": who, "occurred_at": maybe(moment, 0.95),
            "stage": maybe(rng.choice(("awareness", "consideration", "purchase", "retention")), 0.9),
            "channel": maybe(rng.choice(("web", "store", "phone")), 0.9),
            "persona": None if who is None else ("young", "old", None)[int(who[1:]) % 3],
            "nps": maybe(rng.randint(0, 10), 0.4), "csat": (csat := maybe(rng.randint(1, csat_max), 0.4)),
            "csat_max": csat_max if csat is not None else None, "ces": (ces := maybe(rng.randint(1, ces_max), 0.3)),
            "ces_max": ces_max if ces is not None else None, "expectation_met": maybe(rng.random() < 0.6, 0.3),
            "emotion": maybe(rng.choice((-1, 0, 1)), 0.2), "is_complaint": maybe(rng.random() < 0.3, 0.4),
            "wait_seconds": maybe(rng.randint(0, 900), 0.4), "delay_days": maybe(rng.randint(-3, 6), 0.3),
            "order_id": order, "revenue": maybe(rng.randint(1, 40_000) / 100, 0.7 if order else 0.05)})
    rows += [{"customer": "c1", "occurred_at": dt.datetime(2025, 1, 1), "stage": stage} for stage in
             ("awareness", "consideration", "purchase", "retention")]
    return rows


@pytest.fixture(scope="module")
def mixed() -> tuple[Store, list[dict[str, object]]]:
    store = store_of(made_up(7))
    frame = store.frame("""SELECT i.interaction_id AS id, CASE WHEN NOT c.anonymous THEN c.customer_id END AS customer,
        i.occurred_at AS at, s.key AS stage, h.key AS channel, p.key AS persona, i.nps, CAST(i.csat AS DOUBLE) AS csat,
        i.csat_max, CAST(i.ces AS DOUBLE) AS ces, i.ces_max, i.expectation_met, i.emotion, i.is_complaint,
        i.wait_seconds, i.delay_days, CAST(i.revenue AS DOUBLE) AS revenue, i.order_id
        FROM interactions i JOIN customers c USING (customer_key) LEFT JOIN stages s ON s.stage_id = i.stage_id
        LEFT JOIN channels h ON h.channel_id = i.channel_id LEFT JOIN personas p ON p.persona_id = c.persona_id""")
    rows = [{name: None if pd.isna(value) else value for name, value in row.items()}
            for row in frame.to_dict("records")]
    return store, rows


def day(value: str) -> dt.datetime:
    return dt.datetime.fromisoformat(value)


@pytest.mark.parametrize(("filters", "before"), [
    (Filters(), None),
    (Filters(start="2025-03-01", end="2025-03-31"), "2025-02-01"),
    (Filters(start="2025-03-10", end="2025-03-29"), "2025-02-18"),
    (Filters(start="2025-04-01", end="2025-06-30", persona=("young",)), "2025-01-01"),
    (Filters(channel=("web",)), None),
    (Filters(start="2025-02-01", end="2025-05-31", channel=("store", "phone")), "2024-10-01"),
    (Filters(start="2025-03-01", end="2025-04-30", persona=("old",), channel=("web",)), "2025-01-01"),
])
def test_a_kpi_equals_its_second_road(mixed, filters, before) -> None:
    store, rows = mixed
    first_channel: dict[object, object] = {}
    for row in sorted((row for row in rows if row["at"] and row["channel"]), key=lambda row: (row["at"], row["id"])):
        first_channel.setdefault(row["customer"], row["channel"])
    start = day(str(filters.start)) if filters.start else None
    end = day(str(filters.end)) + dt.timedelta(days=1) if filters.end else None

    def persona(row: dict[str, object]) -> bool:
        return not filters.persona or row["persona"] in filters.persona

    def selected(row: dict[str, object]) -> bool:
        dated = start is None or (row["at"] is not None and start <= row["at"] < end)
        return dated and persona(row) and (not filters.channel or row["channel"] in filters.channel)

    def journeys(row: dict[str, object]) -> bool:
        return persona(row) and (not filters.channel or first_channel.get(row["customer"]) in filters.channel)

    expected = second_road.kpis(rows, selected, journeys, start, end, day(before) if before else None)
    found = table(kpis(store, filters, compare=None))
    for kpi, (value, n) in expected.items():
        assert found[kpi]["n"] == n, kpi
        assert found[kpi]["value"] == pytest.approx(float("nan") if value is None else value, nan_ok=True), kpi


@pytest.mark.parametrize("by", ["persona", "channel", "stage"])
@pytest.mark.parametrize("kpi", [kpi.key for kpi in KPIS.values() if kpi.source not in ("funnel", "activity")])
def test_a_row_of_a_breakdown_is_the_kpi_of_that_selection(mixed, kpi, by) -> None:
    store, _ = mixed
    frame = breakdown(store, kpi, by)
    for row in frame[frame["key"] != ""].itertuples():
        alone = table(kpis(store, Filters(**{by: (row.key,)}), only=[kpi]))[kpi]
        assert (row.value, row.n) == (pytest.approx(alone["value"], nan_ok=True), alone["n"])
        assert row.lower == pytest.approx(alone["lower"], nan_ok=True)


@pytest.mark.parametrize("by", ["persona", "channel"])
@pytest.mark.parametrize("kpi", ["conversion", "retention", "repurchase", "churn"])
def test_a_row_of_a_journey_breakdown_is_the_kpi_of_those_customers(mixed, kpi, by) -> None:
    store, _ = mixed
    period = {"start": "2025-03-01", "end": "2025-04-30"}
    frame = breakdown(store, kpi, by, Filters(**period))
    for row in frame[frame["key"] != ""].itertuples():
        alone = table(kpis(store, Filters(**period, **{by: (row.key,)}), only=[kpi]))[kpi]
        assert (row.value, row.n) == (pytest.approx(alone["value"], nan_ok=True), alone["n"])


@pytest.mark.parametrize("kpi", [kpi for kpi in KPIS if kpi != "conversion"])  # its trend is of the first 30 days
def test_a_month_of_a_trend_is_the_kpi_of_that_month(mixed, kpi) -> None:
    store, _ = mixed
    frame = trend(store, kpi, "month")
    assert list(frame["period"].dt.month) == [1, 2, 3, 4, 5, 6]
    assert list(frame["complete"]) == [True, True, True, True, True, frame["complete"].iloc[-1]]
    for row in frame.itertuples():
        if row.period.month == 1 and KPIS[kpi].source == "activity":
            continue
        alone = table(kpis(store, Filters(start=row.period.date(), end=(row.period + pd.offsets.MonthEnd()).date()),
                           only=[kpi]))[kpi]
        assert row.n == alone["n"]
        assert row.value == pytest.approx(alone["value"], nan_ok=True)


def test_the_parts_of_a_total_sum_to_the_total(mixed) -> None:
    store, _ = mixed
    for kpi in ("orders", "revenue", "nps", "waiting_time", "complaints_per_1000"):
        whole = table(kpis(store, only=[kpi]))[kpi]
        for by in ("persona", "channel", "stage"):
            parts = breakdown(store, kpi, by)
            assert parts["n"].sum() == whole["n"]
            if kpi in ("orders", "revenue"):
                assert parts["value"].sum() == pytest.approx(whole["value"])
    months = trend(store, "revenue", "month")["value"].sum()
    assert months == pytest.approx(table(kpis(store, Filters(start="2025-01-01"), only=["revenue"]))["revenue"]["value"])


def test_sparklines_are_the_trends(mixed) -> None:
    store, _ = mixed
    chosen = ["nps", "retention", "orders", "conversion"]
    together = sparklines(store, chosen, interval="month")
    for kpi in chosen:
        alone = trend(store, kpi, "month")
        pd.testing.assert_frame_equal(together[together["kpi"] == kpi].drop(columns="kpi").reset_index(drop=True),
                                      alone.drop(columns=["lower", "upper"]))


def test_a_trend_by_persona_has_every_period_for_every_persona(mixed) -> None:
    store, _ = mixed
    frame = trend(store, "nps", "week", breakdown="persona")
    assert set(frame["key"]) == {"young", "old", ""}
    assert frame.groupby("key")["period"].nunique().nunique() == 1


# --- change ---


def test_a_change_is_against_the_period_before(march) -> None:
    row = table(kpis(march, MARCH))["nps"]
    assert (row["value"], row["previous"], row["previous_n"], row["change"]) == (0, 100, 1, -100)
    assert str(row["basis"]) == "compared with 1 Feb 2025 – 28 Feb 2025"


def test_without_a_period_the_change_is_of_the_last_days_of_the_data(mixed) -> None:
    store, rows = mixed
    days = [row["at"].date() for row in rows if row["at"]]
    half = ((max(days) - min(days)).days + 1) // 2
    row = table(kpis(store, only=["nps"]))["nps"]
    now = Filters(start=max(days) - dt.timedelta(days=min(half, 90) - 1), end=max(days))
    closed = table(kpis(store, now, only=["nps"]))["nps"]
    assert row["change"] == pytest.approx(closed["value"] - closed["previous"])
    assert row["value"] != closed["value"]
    assert str(row["basis"]) == f"the last {min(half, 90)} days compared with the {min(half, 90)} days before"


def test_no_comparison_has_no_change(march) -> None:
    for found in (kpis(march, MARCH, compare=None), kpis(march, MARCH, compare="none"),
                  kpis(march, Filters(start="2025-03-01", end="2025-03-31", compare="none"))):
        assert found["change"].isna().all()
        assert found["significant"].isna().all()


def test_before_the_first_day_there_is_nothing_to_compare_with(march) -> None:
    frame = kpis(march, Filters(start="2025-02-01", end="2025-02-28"))
    assert frame["change"].isna().all()


def test_a_sum_is_not_compared_with_a_period_the_data_only_touches(march) -> None:
    row = table(kpis(march, MARCH))["revenue"]  # the data starts on 3 February
    assert row["previous"] == 50
    assert pd.isna(row["change"])


def test_a_real_change_is_significant_and_a_small_sample_cannot_tell() -> None:
    def month(number: int, many: int, score: int) -> list[dict[str, object]]:
        return [at(f"{number:02}-{1 + place % 28:02}", customer=f"{number}-{place}", nps=score if place % 2 else 8)
                for place in range(many)]

    april = Filters(start="2025-04-01", end="2025-04-30")
    row = table(kpis(store_of([*month(3, 60, 2), *month(4, 60, 10)]), april))["nps"]
    assert (row["change"], row["significant"], row["few"]) == (100, True, False)
    row = table(kpis(store_of([*month(3, 60, 10), *month(4, 60, 10)]), april))["nps"]
    assert (row["change"], row["significant"]) == (0, False)
    row = table(kpis(store_of([*month(3, 60, 2), *month(4, 20, 10)]), april))["nps"]
    assert (row["significant"], row["few"]) == (None, True)


# --- undefined ---


def test_an_empty_workspace_has_no_value_and_says_why() -> None:
    store = open_store(":memory:")
    for frame in (kpis(store), kpis(store, MARCH)):
        assert frame["value"].isna().all()
        assert (frame["n"] == 0).all()
        for code in ("en", "tr"):
            assert all(language(code)(reason) for reason in frame["reason"])
    assert trend(store, "nps").empty
    assert breakdown(store, "nps", "persona").empty
    assert sparklines(store).empty


def test_a_kpi_whose_column_nobody_uploaded_says_which_one() -> None:
    store = store_of([at("03-01", customer="a", stage="awareness", nps=9)])
    found = table(kpis(store))
    for kpi, field in (("csat", "Satisfaction"), ("complaint_rate", "Complaint"), ("complaints_per_1000", "Complaint"),
                       ("orders", "Order number"), ("waiting_time", "Waiting time")):
        assert pd.isna(found[kpi]["value"]), kpi
        assert str(found[kpi]["reason"]) == f"Nobody has uploaded this yet: it needs a column “{field}”.", kpi
    assert found["nps"]["reason"] is None


def test_a_selection_without_answers_says_so(march) -> None:
    found = table(kpis(march, Filters(start="2024-01-01", end="2024-01-31")))
    assert pd.isna(found["nps"]["value"])
    assert str(found["nps"]["reason"]) == "There is nothing to count in this selection."
    assert str(found["retention"]["reason"]) == "No customer was active in the period before."


def test_a_channel_that_was_nobodys_first_is_told_so_where_journeys_count() -> None:
    rows = [at(day, customer=who, stage=stage, channel=channel) for who in "abc" for day, stage, channel in (
        ("01-05", "awareness", "Web"), ("01-10", "purchase", "App"), ("03-05", "retention", "App"))]
    store = store_of(rows)
    first, own = (table(kpis(store, Filters(channel=("app",), own_channel=own), only=["conversion", "retention"]))
                  for own in (False, True))
    for name in ("conversion", "retention"):
        assert pd.isna(first[name]["value"])
        assert str(first[name]["reason"]).startswith("Journeys count by the customer's first channel"), name
    assert str(first["retention"]["reason"]).endswith("steps in this channel only.")
    assert own["retention"]["n"] == 3
    assert str(own["conversion"]["reason"]).startswith("Conversion is of whole journeys")


def test_coming_back_in_one_channel_is_of_what_was_done_there() -> None:
    """All three are in Web first, come to App in May and are back in Web, but one of them in App too, in June."""
    rows = [at(day, customer=who, channel=channel) for who in "abc"
            for day, channel in (("01-05", "Web"), ("05-05", "App"), ("06-05", "App" if who == "a" else "Web"))]
    store = store_of(rows)
    june = Filters(start="2025-06-01", end="2025-06-30", channel=("app",), own_channel=True)
    found = table(kpis(store, june, only=["retention"]))["retention"]
    assert (found["value"], found["n"]) == (pytest.approx(1 / 3), 3)
    listed = behind.rows(store, behind.Number("retention"), june)
    assert sorted(zip(listed["customer_id"], listed["counted"], strict=True)) == [("a", 1), ("b", 0), ("c", 0)]


def test_a_channel_is_not_told_to_be_why_where_nobody_is_to_be_counted_in_any() -> None:
    rows = [at(day, customer=who, stage=stage, channel="Web") for who in "abc"
            for day, stage in (("03-05", "awareness"), ("03-09", "purchase"), ("04-05", "retention"))]
    store = store_of([*rows, at("01-02", customer="z", channel="Store")])
    for start, end in (("2025-03-01", "2025-03-31"), ("2025-06-01", "2025-06-30")):
        of_all, web = (table(kpis(store, Filters(start=start, end=end, channel=channel)))
                       for channel in ((), ("web",)))
        for name in ("conversion", "retention", "repurchase", "churn"):
            assert str(web[name]["reason"]) == str(of_all[name]["reason"]), (name, start)
    assert str(web["retention"]["reason"]) == "No customer was active in the period before."


def test_no_order_in_a_period_is_0_orders(march) -> None:
    found = table(kpis(march, Filters(start="2025-03-25", end="2025-03-31")))
    assert (found["orders"]["value"], found["revenue"]["value"]) == (0, 0)
    assert pd.isna(found["average_order_value"]["value"])


def test_anonymous_respondents_alone_have_scores_and_no_customers() -> None:
    found = table(kpis(store_of([at("03-01", nps=9), at("03-02", nps=1), at("03-03", nps=9, is_complaint=True)])))
    assert found["nps"]["value"] == pytest.approx(100 / 3)
    assert found["complaints_per_1000"]["value"] == pytest.approx(1000 / 3)
    for kpi in ("complaint_rate", "conversion", "retention", "loyalty", "journey_emotion"):
        assert pd.isna(found[kpi]["value"])


def test_undated_answers_count_where_no_period_is_asked() -> None:
    store = store_of([{"nps": 9}, {"nps": 10}, {"customer": "a", "nps": 2}])
    assert table(kpis(store))["nps"]["value"] == pytest.approx(100 / 3)
    assert table(kpis(store, MARCH))["nps"]["n"] == 0
    assert trend(store, "nps").empty


# --- relations ---


def test_adding_a_promoter_never_lowers_nps_and_swapped_signs_negate_net_emotion() -> None:
    rng = random.Random(5)
    for _ in range(2):
        scores = [rng.randint(0, 10) for _ in range(rng.randint(1, 12))]
        signs = [rng.choice((-1, 0, 1)) for _ in range(8)]
        value = table(kpis(store_of([at("03-01", nps=score) for score in scores]), only=["nps"]))["nps"]["value"]
        more = table(kpis(store_of([at("03-01", nps=score) for score in [*scores, 10]]), only=["nps"]))["nps"]["value"]
        assert more >= value
        one, other = (table(kpis(store_of([at("03-01", emotion=sign * factor) for sign in signs]),
                                 only=["net_emotion"]))["net_emotion"] for factor in (1, -1))
        assert (one["value"], one["lower"]) == (pytest.approx(-other["value"]), pytest.approx(-other["upper"]))


def test_the_order_of_rows_does_not_matter() -> None:
    rows = made_up(11, 150)
    for place, row in enumerate(rows):  # distinct times: which of two rows at one moment is the last is their order
        if row["occurred_at"] is not None:
            row["occurred_at"] += dt.timedelta(seconds=place % 60)
    shuffled = random.Random(1).sample(rows, len(rows))
    one, other = kpis(store_of(rows)), kpis(store_of(shuffled))
    pd.testing.assert_frame_equal(one.drop(columns=["reason", "basis"]), other.drop(columns=["reason", "basis"]))


# --- bad questions ---


@pytest.mark.parametrize("ask", [
    lambda store: kpis(store, only=["npss"]), lambda store: trend(store, "npss"),
    lambda store: trend(store, "nps", "fortnight"), lambda store: breakdown(store, "nps", "colour"),
    lambda store: kpis(store, compare="yesterday"), lambda store: set_target(store, "npss", 1),
    lambda store: set_target(store, "nps", 1, persona="nobody"),
])
def test_an_unknown_name_is_refused_with_what_there_is(march, ask) -> None:
    with pytest.raises(UnknownValue, match=r"Accepted: |Did you mean"):
        ask(march)


# --- targets ---


@pytest.mark.parametrize("target", [float("nan"), float("inf"), "forty", 101, -101])
def test_a_target_that_cannot_be_reached_is_refused(target) -> None:
    with pytest.raises(QueryError):
        set_target(open_store(":memory:"), "nps", target)


def test_a_status_is_judged_by_the_interval() -> None:
    store = store_of([at("03-01", customer=f"{place}", csat=5 if place < 70 else 1, csat_max=5, is_complaint=place < 20)
                      for place in range(100)])  # 70 % [60.4, 78.1]; complaint rate 20 % [13.3, 28.9]
    for target, status in ((0.6, "on_target"), (0.7, "cannot_tell"), (0.79, "below_target")):
        set_target(store, "csat", target)
        row = table(kpis(store))["csat"]
        assert (row["target"], row["status"]) == (target, status)
    for target, status in ((0.3, "on_target"), (0.2, "cannot_tell"), (0.1, "below_target")):
        set_target(store, "complaint_rate", target)
        assert table(kpis(store))["complaint_rate"]["status"] == status
    set_target(store, "csat", None)
    assert table(kpis(store))["csat"]["status"] is None


def test_the_target_of_a_persona_goes_before_the_general_one() -> None:
    store = store_of([at("03-01", customer="a", persona="Young", channel="web", nps=9)])
    set_target(store, "nps", 40, owner="CX", goal="Be recommended")
    set_target(store, "nps", 60, persona="young")
    set_target(store, "nps", 50, channel="Web")
    assert table(kpis(store))["nps"]["target"] == 40
    assert table(kpis(store, Filters(persona="Young")))["nps"]["target"] == 60
    assert table(kpis(store, Filters(channel="web")))["nps"]["target"] == 50
    set_target(store, "nps", 45)
    assert table(kpis(store))["nps"]["target"] == 45
    assert store.value("SELECT count(*) FROM goals") == 3


def test_a_count_is_judged_by_its_value(march) -> None:
    store = store_of(ROWS)
    set_target(store, "revenue", 150)
    assert table(kpis(store, MARCH))["revenue"]["status"] == "on_target"
    set_target(store, "orders", 5)
    assert table(kpis(store, MARCH))["orders"]["status"] == "below_target"


def test_the_minimum_of_answers_can_be_set(march) -> None:
    store = store_of(ROWS)
    assert bool(table(kpis(store, MARCH))["nps"]["few"])
    with store.write() as cursor:
        cursor.execute("INSERT INTO settings VALUES ('minimum_n', '5')")
    assert not bool(table(kpis(store, MARCH))["nps"]["few"])


def test_the_registry_has_one_name_each_and_a_range_for_every_share() -> None:
    assert len({str(kpi.name) for kpi in KPIS.values()}) == len(KPIS)
    for kpi in KPIS.values():
        if kpi.method == "share":
            assert kpi.bounds == (0, kpi.factor)
        if kpi.method == "net":
            assert kpi.bounds == (-100, 100)


def test_over_time_conversion_is_that_of_the_first_thirty_days_of_those_whose_days_have_passed() -> None:
    store = open_store(":memory:")
    load_frame(store, pd.DataFrame(
        [("a", "2025-01-01", "awareness"), ("a", "2025-01-31", "purchase"),   # 30 days: counts
         ("b", "2025-01-02", "awareness"), ("b", "2025-03-05", "purchase"),   # later than 30 days
         ("c", "2025-03-20", "awareness"), ("c", "2025-03-31", "purchase")],  # its 30 days have not passed
        columns=["customer_id", "occurred_at", "stage"]))
    assert table(kpis(store, only=["conversion"]))["conversion"]["value"] == 1.0
    frame = trend(store, "conversion", "month").set_index("period")
    assert list(frame["n"]) == [2, 0, 0]
    assert frame["value"].iloc[0] == 0.5
    assert frame["value"].iloc[1:].isna().all()
    march = Filters(start="2025-03-01", end="2025-03-31")
    row = table(kpis(store, march, only=["conversion"]))["conversion"]
    assert (row["value"], row["n"]) == (1.0, 1)
    assert pd.isna(row["change"])  # nobody's days have passed: nothing to compare


def _satisfied(month: str, good: int, of: int = 100) -> list[dict[str, object]]:
    return [{"customer": f"{month}{number}", "occurred_at": f"{month}-{number % 28 + 1:02}", "csat_max": 5,
             "csat": 5 if number < good else 1} for number in range(of)]


def test_a_fall_over_a_year_is_told_against_the_same_season() -> None:
    """80 of 100 satisfied, then three points less each quarter: no quarter is sure, the year is."""
    months = [f"{2024 + place // 12}-{place % 12 + 1:02}" for place in range(24)]
    rows = [row for place, month in enumerate(months) for row in _satisfied(month, 80 - place)]
    rows.append({"customer": "last", "occurred_at": "2025-12-31"})
    store = store_of(rows)
    row = table(kpis(store, only=["csat"]))["csat"]
    assert row["significant"] is False
    assert (row["current"], row["current_n"]) == (pytest.approx(row["previous"] + row["change"]), row["current_n"])
    last = [each for each in rows if str(each["occurred_at"]) >= "2025-10-03" and each.get("csat")]
    assert row["current_n"] == len(last)
    assert row["current"] == pytest.approx(sum(each["csat"] == 5 for each in last) / len(last))
    [year] = changes(store, only=["csat"]).to_dict("records")
    then = [each for each in rows if "2024-10-03" <= str(each["occurred_at"]) <= "2024-12-31"]
    assert (year["previous_n"], year["current_n"]) == (len(then), len(last))
    assert year["previous"] == pytest.approx(sum(each["csat"] == 5 for each in then) / len(then))
    assert year["significant"] is True
    assert year["change"] == pytest.approx(year["current"] - year["previous"])


def test_a_year_that_the_data_does_not_reach_back_over_is_not_compared() -> None:
    rows = [row for month in ("2024-11", "2025-10", "2025-11") for row in _satisfied(month, 80 if month < "2025" else 20)]
    assert changes(store_of(rows), only=["csat"])["change"].isna().all()
    assert changes(open_store(":memory:"), only=["csat"])["significant"].tolist() == [None]


def test_a_trend_is_told_over_periods_that_rest_on_enough_answers(mixed) -> None:
    store, _ = mixed
    months = trend(store, "nps", "month")["n"].median()
    for least, told in ((0, calendar(store, Filters(), "auto")[0]), (int(months) + 1, "quarter"), (10**6, "quarter")):
        with store.write() as cursor:
            cursor.execute("DELETE FROM settings WHERE key = 'minimum_n'")
            cursor.execute("INSERT INTO settings VALUES ('minimum_n', ?)", [str(least)])
        assert readable_interval(store, "nps") == told
    with store.write() as cursor:
        cursor.execute("DELETE FROM settings WHERE key = 'minimum_n'")


def test_conversion_counts_at_the_stage_it_says(march) -> None:
    assert converted_at(store_of(ROWS)) == "purchase"
    assert KPIS["conversion"].counts is not None
