"""Reading comments, and what tells bad ones from good ones: by hand, by a second road, and where too little is known."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cx
from cx import Filters, Store, open_store
from cx.errors import UnknownValue
from cx.language import language
from cx.metrics import comments, stats
from cx.sentiment.terms import mentions, terms
from tests.metrics.stores import store_of

STAGES = {"delivery": "purchase", "survey": "retention"}
ROWS = [
    {"customer": "a", "occurred_at": "2025-01-03", "touchpoint": "delivery", "channel": "courier", "persona": "Young",
     "nps": 9, "comment": "Çok İYİ, thanks"},
    {"customer": "a", "occurred_at": "2025-01-04", "touchpoint": "survey", "persona": "Young", "nps": 2,
     "comment": "Kötü son"},
    {"occurred_at": "2025-01-05", "touchpoint": "survey", "csat": 3, "csat_max": 5, "comment": "ok"},
    {"customer": "b", "occurred_at": "2025-01-01", "touchpoint": "survey", "comment": "100% <b>.*</b>"},
    {"customer": "b", "occurred_at": "2025-01-01", "touchpoint": "survey", "nps": 10},
]


@pytest.fixture(scope="module")
def store() -> Store:
    return store_of(ROWS, stages=STAGES)


@pytest.mark.parametrize(("asked", "found"), [
    ({}, ["ok", "Kötü son", "Çok İYİ, thanks", "100% <b>.*</b>"]),
    ({"search": "iyi"}, ["Çok İYİ, thanks"]), ({"search": " KÖTÜ "}, ["Kötü son"]),
    ({"search": ".*"}, ["100% <b>.*</b>"]), ({"search": "%"}, ["100% <b>.*</b>"]), ({"search": "_"}, []),
    ({"emotion": -1}, ["Kötü son"]), ({"emotion": "unknown"}, ["100% <b>.*</b>"]), ({"emotion": 0}, ["ok"]),
    ({"by": "touchpoint", "key": "delivery"}, ["Çok İYİ, thanks"]),
    ({"by": "stage", "key": "retention", "emotion": 0}, ["ok"]),
    ({"by": "channel", "key": ""}, ["ok", "Kötü son", "100% <b>.*</b>"]),
    ({"filters": Filters(persona="young")}, ["Kötü son", "Çok İYİ, thanks"]),
    ({"topic": "son"}, []), ({"topic": "kotu"}, ["Kötü son"]),
])
def test_comments_are_found_and_counted(store, asked, found) -> None:
    assert comments.read(store, **asked)["comment"].tolist() == found
    assert comments.count(store, **asked) == len(found)


def test_what_is_held_finds_the_comments_that_the_rows_have() -> None:
    """Under every filter and on every page; comments without a time, a place or a customer, and empty ones among them."""
    rng, n = np.random.default_rng(0), 300

    def some(values, share=0.8):
        return np.where(rng.random(n) < share, np.array(values, dtype=object)[rng.integers(0, len(values), n)], None)

    day = np.array([f"2025-01-{each:02}" for each in rng.integers(1, 20, n)], dtype=object)
    whole = pd.DataFrame({
        "customer_id": some([f"c{each}" for each in range(30)]), "occurred_at": np.where(rng.random(n) < 0.1, None, day),
        "stage": some(["purchase", "retention"]), "touchpoint": some(["Chat", "Shop"]), "channel": some(["Web", "App"]),
        "emotion": some([-1, 0, 1]), "comment": some(["a", "b", "", " "], 0.5)})
    whole["persona"] = [["Ay", "Su"][int(each[1:]) % 2] if isinstance(each, str) else None for each in whole["customer_id"]]
    store, sizes = open_store(":memory:"), set()
    for part in (whole[:200], whole[200:]):
        cx.intake.load_frame(store, part)
        for _ in range(40):
            start, end = sorted(rng.integers(1, 20, 2).tolist())
            filters = Filters(**({"start": f"2025-01-{start:02}", "end": f"2025-01-{end:02}"} if rng.random() < 0.6 else {}), **{
                name: tuple(rng.choice(keys, rng.integers(0, 2), replace=False)) for name, keys in (
                    ("persona", ["ay", "su"]), ("stage", ["purchase"]), ("touchpoint", ["chat", "nowhere"]),
                    ("channel", ["web"]))})
            emotion = [None, -1, 0, 1, "unknown"][rng.integers(0, 5)]
            asked = {"filters": filters, "emotion": emotion, "limit": int(rng.integers(1, 6)), "offset": int(rng.integers(0, 4))}
            found, count = comments.read(store, **asked), comments.count(store, filters, emotion=emotion)
            with store.noting() as noted:
                pd.testing.assert_frame_equal(found, comments.read(store, **asked))
                assert count == comments.count(store, filters, emotion=emotion)
            assert "comment" in noted[0].sql
            sizes.add(len(found))
    assert sizes == set(range(6))


def test_pages_follow_each_other_without_a_gap(store) -> None:
    pages = [comments.read(store, limit=3, offset=start)["comment"].tolist() for start in (0, 3, 6)]
    assert [each for page in pages for each in page] == comments.read(store)["comment"].tolist()
    assert [len(page) for page in pages] == [3, 1, 0]


@pytest.mark.parametrize("asked", [{"by": "colour", "key": "red"}, {"by": "channel", "key": "nowhere"}, {"emotion": 5}])
def test_an_unknown_name_is_refused(store, asked) -> None:
    with pytest.raises(UnknownValue):
        comments.read(store, **asked)


def test_nothing_is_said_where_nobody_says_anything() -> None:
    empty = open_store(":memory:")
    assert comments.read(empty).empty
    assert comments.count(empty) == 0
    assert comments.topics(empty).empty


@pytest.mark.parametrize(("comment", "found"), [
    ("Kargo çok geç geldi", {"kargo": "kargo", "gec": "geç", "kargo gec": "kargo geç"}),
    ("Paketler ezilmiş. Kurye", {"paket": "paketler", "ezilm": "ezilmiş", "paket ezilm": "paketler ezilmiş",
                                 "kurye": "kurye"}),
    ("The deliveries were late", {"delive": "deliveries", "late": "late", "delive late": "deliveries late"}),
    ("Telefonum [phone] lütfen arayın", terms("Telefonum. lütfen arayın")),  # what stands for a number is no word
    ("", {}), ("12 % !!", {})])
def test_the_terms_of_a_comment(comment, found) -> None:
    assert terms(comment) == found


@given(st.text(alphabet="aAbıİIşçok. ", max_size=40), st.text(alphabet="abisco", min_size=3, max_size=5))
def test_a_comment_mentions_exactly_its_terms(comment, other) -> None:
    found = terms(comment)
    assert all(mentions(comment, term) for term in found)
    assert mentions(comment, other) == (other in found)


SAID = [("Delivery came late again", -1, 2), ("Late delivery, box open", -1, 5), ("Kind courier and friendly shop", 1, 9),
        ("Friendly courier", 1, 10), ("The shop is in town", 0, 7)]


@pytest.fixture(scope="module")
def talkative() -> Store:
    """Each comment of SAID twenty times with its recommendation, and 30 recommendations without a comment."""
    rows = [{"customer": f"c{place}-{again}", "occurred_at": "2025-01-01", "emotion": emotion, "nps": nps,
             "comment": comment} for again in range(20) for place, (comment, emotion, nps) in enumerate(SAID)]
    return store_of(rows + [{"customer": f"x{again}", "occurred_at": "2025-01-01", "nps": 8} for again in range(30)])


def test_topics_are_those_of_the_formula_in_the_paper(talkative) -> None:
    """Monroe et al. 2008, eq. 15, 16, 20, 22, word for word over counts taken by hand."""
    frame = comments.topics(talkative)
    bags = {side: Counter(term for comment, emotion, _ in SAID * 20 if emotion == side for term in terms(comment))
            for side in (-1, 0, 1)}
    everything = bags[-1] + bags[0] + bags[1]
    alpha = {term: 100 * many / sum(everything.values()) for term, many in everything.items()}
    assert len(frame) > 3
    for row in frame.itertuples():
        y = {side: bags[side][row.topic] for side in (-1, 1)}
        n = {side: sum(bags[side].values()) for side in (-1, 1)}
        a = alpha[row.topic]
        delta = math.log((y[-1] + a) / (n[-1] + 100 - y[-1] - a)) - math.log((y[1] + a) / (n[1] + 100 - y[1] - a))
        z = delta / math.sqrt(1 / (y[-1] + a) + 1 / (y[1] + a))
        assert row.z == pytest.approx(abs(z))
        assert row.emotion == (-1 if z > 0 else 1)
        assert (row.negative, row.positive, row.n) == (y[-1], y[1], everything[row.topic])
        assert all(row.label.split()[0] in example.lower() for example in row.examples)
    assert frame["emotion"].is_monotonic_increasing
    assert set(frame.loc[frame["emotion"] == 1, "label"]) & {"courier", "friendly", "friendly courier"}


def test_the_impact_of_a_topic_is_the_nps_of_all_less_the_nps_without_it(talkative) -> None:
    frame = comments.topics(talkative).set_index("topic")
    # 130 answers: 40 promoters, 40 detractors → 0. Without "late": 90 answers, 40 promoters → +44.4
    late = frame[frame["label"].str.contains("late")].iloc[0]
    share = late["nps_n"] / 130
    with_it = stats.net_score(0, late["nps_n"], late["nps_n"]).value
    without = 100 * (40 - (40 - late["nps_n"])) / (130 - late["nps_n"])
    assert late["nps_impact"] == pytest.approx(0 - without)
    assert late["nps_impact"] == pytest.approx(share * (with_it - without))
    assert late["lower"] < late["nps_impact"] < late["upper"] < 0
    assert bool(late["significant"])
    assert late["reason"] is None


def test_too_few_recommendations_give_a_reason_and_no_impact() -> None:
    rows = [{"customer": f"{side}{again}", "occurred_at": "2025-01-01", "emotion": side, "comment": comment,
             "nps": 3 if again < 4 and side < 0 else None}
            for again in range(30) for side, comment in ((-1, "Broken zip"), (1, "Lovely colour"))]
    frame = comments.topics(store_of(rows)).set_index("label")
    row = frame.loc["broken zip"] if "broken zip" in frame.index else frame[frame["emotion"] == -1].iloc[0]
    assert math.isnan(row["nps_impact"])
    assert row["nps_n"] == 4
    assert language("en")(row["reason"]) == "only 4 recommendations with it, 10 are needed"


def test_without_both_sides_nothing_can_be_told_apart() -> None:
    rows = [{"customer": f"{again}", "occurred_at": "2025-01-01", "emotion": -1, "comment": "Late"} for again in range(50)]
    assert comments.topics(store_of(rows)).empty
