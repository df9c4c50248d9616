"""The filters: WHERE, caption, comparison period and URL say the same thing."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cx
from cx.errors import QueryError
from cx.filters import Filters
from cx.language import language


@pytest.fixture(scope="module")
def store():
    store = cx.open_store(":memory:")
    cx.intake.load_frame(store, pd.DataFrame({
        "customer_id": ["a", "a", "b", "b", "c"],
        "occurred_at": ["2025-01-31 23:59", "2025-02-01 00:00", "2025-02-10", "2025-03-01", "2025-02-28 23:59:59"],
        "touchpoint": ["Home page", "Basket", "Home page", "Basket", "Home page"],
        "channel": ["Web", "Mobile app", "Mobile app", "Web", "Web"],
        "persona": ["Explorer", "Explorer", "Saver", "Saver", "Saver"],
        "Region": ["North", "North", "South", "South", "North"]}))
    return store


def interactions(store, filters):
    where = filters.interactions("i")
    return store.value(f"SELECT count(*) FROM interactions i WHERE {where.sql}", where.params)


def journeys(store, filters):
    where = filters.journeys("j")
    return store.value(f"SELECT count(*) FROM journeys j WHERE {where.sql}", where.params)


@pytest.mark.parametrize(("chosen", "counted"), [
    ({}, 5),
    ({"start": dt.date(2025, 2, 1), "end": dt.date(2025, 2, 28)}, 3),
    ({"start": dt.date(2025, 3, 1)}, 1),
    ({"persona": "Explorer"}, 2),
    ({"persona": ("explorer", "SAVER")}, 5),
    ({"channel": "web"}, 3),
    ({"touchpoint": "basket", "channel": "web"}, 1),
    ({"stage": "awareness"}, 3),
    ({"attributes": {"Region": ("North",)}}, 3),
    ({"attributes": {"Region": ("North", "South")}, "persona": "saver"}, 3),
    ({"persona": "nobody"}, 0),
])
def test_interactions_are_selected(store, chosen, counted):
    assert interactions(store, Filters(**chosen)) == counted


@pytest.mark.parametrize(("chosen", "counted"), [
    ({}, 3),
    ({"channel": "web"}, 2),
    ({"channel": "web", "own_channel": True}, 3),
    ({"touchpoint": "basket"}, 2),
    ({"attributes": {"region": ("South",)}}, 1),
    ({"persona": "saver", "channel": "mobile app"}, 1),
    ({"start": dt.date(2030, 1, 1)}, 3),
])
def test_journeys_are_selected_by_their_customer(store, chosen, counted):
    assert journeys(store, Filters(**chosen)) == counted


def test_the_parts_of_a_dimension_sum_to_all(store):
    assert sum(interactions(store, Filters(persona=each)) for each in ("explorer", "saver")) == 5


def test_a_customer_has_the_attribute_the_latest_upload_gave():
    store = cx.open_store(":memory:")
    for day, region in (("2025-01-01", "North"), ("2025-02-01", "South")):
        cx.intake.load_frame(store, pd.DataFrame({"customer_id": ["a"], "occurred_at": [day], "touchpoint": ["Basket"],
                                                  "Region": [region]}))
    assert interactions(store, Filters(attributes={"region": "South"})) == 2
    assert interactions(store, Filters(attributes={"region": "North"})) == 0
    assert journeys(store, Filters(attributes={"region": "North"})) == 0


def test_an_apostrophe_is_a_name_not_sql(store):
    assert interactions(store, Filters(persona="x' OR '1'='1", touchpoint="'; DROP TABLE interactions; --")) == 0
    assert interactions(store, Filters()) == 5


@pytest.mark.parametrize(("period", "mode", "expected"), [
    (("2025-02-01", "2025-02-28"), "previous", ("2025-01-01", "2025-01-31")),
    (("2025-01-01", "2025-03-31"), "previous", ("2024-10-01", "2024-12-31")),
    (("2025-01-10", "2025-01-16"), "previous", ("2025-01-03", "2025-01-09")),
    (("2025-05-05", "2025-05-05"), "previous", ("2025-05-04", "2025-05-04")),
    (("2024-02-29", "2024-03-31"), "last_year", ("2023-02-28", "2023-03-31")),
])
def test_the_period_compared_with(period, mode, expected):
    other = Filters(start=period[0], end=period[1], compare=mode, persona="x").compared()
    assert (str(other.start), str(other.end)) == expected
    assert other.persona == ("x",)


@pytest.mark.parametrize("filters", [Filters(), Filters(start="2025-01-01"), Filters(start="2025-01-01", end="2025-01-02",
                                                                                  compare="none")])
def test_an_open_period_is_compared_with_nothing(filters):
    assert filters.compared() is None


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(QueryError, match="starts on 2 Jan 2025, after its end on 1 Jan 2025"):
        Filters(start="2025-01-02", end="2025-01-01")


def test_the_caption_says_which_reading_is_in_force():
    filters = Filters(start="2025-01-01", end="2025-03-31", persona="saver", channel="web", attributes={"region": "North"})
    names = {("persona", "saver"): "Saver", ("channel", "web"): "Web", ("region", ""): "Region"}
    label = lambda dimension, key: names[dimension, key]  # noqa: E731
    assert filters.caption(language("en"), label, "interaction") == \
        "1 Jan 2025 – 31 Mar 2025 · Persona: Saver · Channel: Web · Region: North"
    assert filters.caption(language("en"), label, "journey") == \
        "1 Jan 2025 – 31 Mar 2025 · Persona: Saver · Channel: Web (first channel) · Region: North"
    assert filters.caption(language("tr"), label, "journey") == \
        "1 Oca 2025 – 31 Mar 2025 · Persona: Saver · Kanal: Web (ilk kanal) · Region: North"
    assert filters.caption(language("en"), label, "both") == \
        "1 Jan 2025 – 31 Mar 2025 · Persona: Saver · Channel: Web (in journeys: first channel) · Region: North"


names = st.text(min_size=1, max_size=8).map(str.strip).filter(bool)


@given(persona=st.lists(names, max_size=2), channel=st.lists(names, max_size=2), own=st.booleans(),
       days=st.none() | st.tuples(st.dates(), st.integers(0, 900)), compare=st.sampled_from(["previous", "last_year", "none"]),
       attributes=st.dictionaries(names, st.lists(names, min_size=1, max_size=2, unique=True), max_size=2))
def test_the_url_brings_back_the_same_filters(persona, channel, own, days, compare, attributes):
    start, end = (None, None) if days is None else (days[0], min(dt.date.max, days[0] + dt.timedelta(days=min(
        days[1], (dt.date.max - days[0]).days))))
    filters = Filters(start=start, end=end, compare=compare, persona=tuple(persona), channel=tuple(channel),
                      own_channel=own, attributes={key: tuple(values) for key, values in attributes.items()})
    assert Filters.from_url(filters.to_url()) == filters


@pytest.mark.parametrize("url", [{"period": ["nonsense"]}, {"period": ["2025-13-01..x"]}, {"compare": ["?"]},
                                 {"period": ["2025-02-01..2025-01-01"]}, {"unknown": ["1"]}])
def test_a_damaged_link_opens_without_what_cannot_be_read(url):
    assert Filters.from_url(url) == Filters()
