"""The journey model: guesses, a person's choices, and their effect on what is loaded."""

import pandas as pd
import pytest

import cx
from cx.errors import QueryError, UnknownValue
from cx.store import journey_model as model


@pytest.fixture
def store():
    store = cx.open_store(":memory:")
    cx.intake.load_frame(store, pd.DataFrame({
        "customer_id": ["a"] * 4 + ["b"] * 2,
        "occurred_at": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03", "2025-01-04"] * 1 + ["2025-01-01",
                                                                                                    "2025-01-05"]),
        "touchpoint": ["Home page", "sepete ekle", "Zorb", "support_chat", "Home page", "Zorb"]}))
    return store


def stage_of(store, touchpoint):
    return model.touchpoints(store).set_index("label")["stage"][touchpoint]


def reached(store):
    return cx.metrics.funnel.funnel(store).set_index("step")["reached"].to_dict()


def test_touchpoints_are_placed_by_their_names(store):
    assert stage_of(store, "Home page") == "awareness"
    assert stage_of(store, "sepete ekle") == "purchase"
    assert stage_of(store, "support_chat") == "retention"
    assert stage_of(store, "Zorb") is None
    assert reached(store) == {"awareness": 2, "purchase": 1, "retention": 1}


def test_placing_a_touchpoint_changes_the_funnel_of_what_is_loaded(store):
    model.describe_touchpoints(store, [("zorb", "consideration", None, "Web team")])
    assert reached(store) == {"awareness": 2, "consideration": 2, "purchase": 0, "retention": 0}
    row = model.touchpoints(store).set_index("key").loc["zorb"]
    assert (row["source"], row["owner"]) == ("user", "Web team")


def test_the_four_stage_model_places_everything_anew_but_a_persons_choice(store):
    model.describe_touchpoints(store, [("zorb", "retention", None, None)])
    model.use_model(store, "four")
    assert [key for key, _ in model.stages(store)] == ["awareness", "engagement", "conversion", "retention"]
    assert stage_of(store, "sepete ekle") == "conversion"
    assert stage_of(store, "Zorb") == "retention"
    assert reached(store) == {"awareness": 2, "conversion": 1, "retention": 1}


def test_own_stages_take_touchpoints_by_hand(store):
    model.set_stages(store, [(None, "Merak"), (None, "İlk alışveriş")])
    assert model.stages(store) == [("merak", "Merak"), ("ilk alişveriş", "İlk alışveriş")]
    model.describe_touchpoints(store, [("home page", "merak", None, None), ("zorb", "ilk alişveriş", None, None)])
    assert reached(store) == {"merak": 2, "ilk alişveriş": 2}


@pytest.mark.parametrize(("stages", "message"), [
    ([(None, "One")], "2 to 12 stages, not 1"),
    ([(None, str(n)) for n in range(13)], "2 to 12 stages, not 13"),
    ([(None, "A"), (None, " a ")], "there twice"),
    ([(None, "A"), (None, " ")], "needs a name"),
])
def test_a_model_that_makes_no_sense_is_refused(store, stages, message):
    before = model.stages(store)
    with pytest.raises(QueryError, match=message):
        model.set_stages(store, stages)
    assert model.stages(store) == before


def test_unknown_names_are_refused_with_the_accepted_ones(store):
    with pytest.raises(UnknownValue, match="Did you mean “zorb”"):
        model.describe_touchpoints(store, [("zorbb", None, None, None)])
    with pytest.raises(UnknownValue, match="awareness, consideration"):
        model.describe_touchpoints(store, [("zorb", "nowhere", None, None)])
    with pytest.raises(UnknownValue, match="five, four"):
        model.use_model(store, "six")


def test_stage_names_of_a_file_are_mapped_by_hand():
    store = cx.open_store(":memory:")
    cx.intake.load_frame(store, pd.DataFrame({"customer_id": ["a", "a"], "occurred_at": ["2025-01-01", "2025-01-02"],
                                              "stage": ["Awareness", "Blorp"]}))
    assert model.stage_names(store)[["label", "stage"]].to_dict("records") == [{"label": "Blorp", "stage": None}]
    model.assign_stages(store, {"blorp": "purchase"}, of="stage_labels")
    assert reached(store) == {"awareness": 1, "purchase": 1}


def test_an_owner_alone_leaves_what_is_held_and_another_stage_does_not(store):
    made = []

    def held():
        return store.held("a", lambda cursor: made.append(None) or len(made))

    assert held() == 1
    model.describe_touchpoints(store, [("zorb", None, "during", "Web team")])
    model.describe_channels(store, [])
    assert held() == 1
    model.describe_touchpoints(store, [("zorb", "consideration", "during", "Web team")])
    assert held() == 2
