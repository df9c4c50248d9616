"""The second opinion on a column: how like the columns of labelled sheets it is, and what that may change."""

from __future__ import annotations

import pytest

from cx import intake
from cx.intake.file import tables_of
from cx.intake.likeness import likeness, why
from cx.intake.privacy import personal_kind
from cx.intake.progress import unwatched
from cx.intake.propose import profiles_of
from cx.intake.weighing import doubted, fill
from tests.intake.columns import DAYS, EACH, FIVE, NPS, PEOPLE, written


def looked_at(folder, columns):
    [(table, cells)], _ = tables_of(written(folder, columns), "file.csv", unwatched)
    return profiles_of(table, cells)


def test_the_roles_a_column_can_have_share_out_its_likelihood_and_features_say_why(tmp_path):
    profiles = looked_at(tmp_path, {"Customer No": (PEOPLE, ""), "Date": (DAYS, ""), "NPS": (NPS, "")})
    likely = likeness(profiles)
    assert [max(likely[header], key=likely[header].get) for header in ("Customer No", "Date", "NPS")] == [
        "customer_id", "occurred_at", "nps"]
    assert all(sum(roles.values()) == pytest.approx(1) for roles in likely.values())
    assert why(profiles, "NPS", "nps", most=100)
    assert any(name == "word nps" and weight > 0 for name, weight in why(profiles, "NPS", "nps", most=100))


@pytest.mark.parametrize(("confidence", "likely", "weighed"), [
    (0.95, {"channel": 0.9, "attribute": 0.1}, 0.95),   # both agree
    (0.95, {"channel": 0.05, "attribute": 0.95}, 0.78),  # sure by the rules alone: asked
    (0.65, {"channel": 0.0, "attribute": 1.0}, 0.65)])  # asked already
def test_a_rule_is_sure_only_where_columns_like_it_have_the_role_too(confidence, likely, weighed):
    assert doubted(confidence, "channel", likely) == pytest.approx(weighed)


def test_a_time_is_sure_only_where_columns_like_it_mostly_are_one():
    assert doubted(0.9, "occurred_at", {"occurred_at": 0.56, "attribute": 0.44}) == 0.78


def test_what_no_rule_sees_is_what_columns_like_it_nearly_always_are_if_nothing_else_is(tmp_path):
    profiles = looked_at(tmp_path, {"Member": (PEOPLE, ""), "Xyz": (EACH, ""), "Place": (["a", "b"], "")})
    likely = {"Member": {"customer_id": 1.0}, "Xyz": {"customer_id": 0.9, "record_id": 0.1}, "Place": {"touchpoint": 1.0}}
    assert fill({}, profiles, likely) == {"Member": ("customer_id", 0.65)}  # one of each; never where it happened
    assert fill({"Member": ("customer_id", 0.9)}, profiles, likely) == {"Member": ("customer_id", 0.9)}
    assert fill({}, profiles, {"Member": {"customer_id": 0.7}, "Xyz": {"quantity": 1.0}, "Place": {}}) == {}


@pytest.mark.parametrize(("header", "values"), [
    ("Insured", ["Adeyemi, Sarah", "Brandt, Marcus", "Fraser, Yvonne"]), ("Yazar", ["Ayşe ***0", "Can ***3", "Ece ***7"]),
    ("T.C. KİMLİK NO", ["3624*****70", "7748*****32"])])
def test_who_somebody_is_shows_though_half_hidden_or_surname_first(header, values):
    assert personal_kind(header, values) == ("national_id" if "T.C." in header else "name")


def test_a_name_of_a_million_letters_is_looked_at_in_no_time():
    assert personal_kind("Customer", ["x" * 1_000_000, "Ann ***"]) is None


def test_months_of_loyalty_are_no_recommendation_beside_promoters(tmp_path):
    plan = intake.propose(written(tmp_path, {
        "Customer ID": (EACH, ""), "Date": (DAYS, ""), "Loyalty months": ([str(n % 10) for n in range(60)], ""),
        "Promoter": (["Promoter", "Passive", "Detractor"], ""), "Satisfaction": (FIVE, "")}))
    assert plan.columns["Loyalty months"] == "attribute"


def test_steps_that_columns_like_them_are_make_a_row_a_customer(tmp_path):
    day = "2025-{:02}-{:02}".format
    plan = intake.propose(written(tmp_path, {
        "Aday ID": (EACH, "")} | {name: ([day(month, 1 + n % 28) for n in range(60)], "") for month, name in (
            (1, "İlk Temas"), (2, "Ofis Ziyareti"), (3, "Teklif Tarihi"), (4, "Kapora"), (5, "Sözleşme"))}))
    assert plan.layout == "milestones"
    assert list(plan.columns.values())[1:] == ["milestone"] * 5
