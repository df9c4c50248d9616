"""What is said and drawn across channels: true sentences, names as they are, nothing for nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from cx import findings, open_store
from cx.charts.channels import credit_heat
from cx.charts.path import path_heat
from cx.language import language
from cx.metrics import attribution, handoff, repeat
from pages.parts import across
from tests.metrics.stores import store_of

T = language("en")


def row(who: str, day: float, channel: str | None, mood: int | None = None, **more: object) -> dict[str, object]:
    return {"customer": who, "occurred_at": dt.datetime(2025, 1, 1) + dt.timedelta(days=day), "touchpoint": "desk",
            "channel": channel, "stage": "retention", "emotion": mood, **more}


MOVED = [each for n in range(40) for each in (row(f"m{n}", 0, "web"), row(f"m{n}", 1, "{phone} <b>", -1))]
STAYED = [each for n in range(40) for each in (row(f"s{n}", 0, "web", 1), row(f"s{n}", 1, "web"))]


def test_hand_offs_are_said_as_counted() -> None:
    found = handoff.handoffs(store_of([*MOVED, *STAYED]))
    assert findings.channels.handed(found, T, str) == (
        "50% of the moves between contacts change the channel, most often from web to {phone} <b>.")
    assert findings.channels.handed_note(found, T) == (
        "40 hand-offs · 40 customers · 80 moves in all · median time between 1.0 days, 9 in 10 within 1.0 days · "
        "100.0% (91.2% – 100.0%) meet the same again")
    assert findings.channels.handed_felt(found, T, str, worse=True) == ["web → {phone} <b>: −100 (without the change +100; n = 40)"]
    assert findings.channels.handed_felt(found, T, str, worse=False) == []


@pytest.mark.parametrize(("rows", "said"), [
    (STAYED[:2], "Nobody changes the channel in the middle of a stage."),
    (STAYED[:1], "Nobody has two contacts of one stage so soon after each other.")])
def test_no_hand_off_is_said_so(rows, said) -> None:
    found = handoff.handoffs(store_of(rows))
    assert findings.channels.handed(found, T, str) == said
    assert path_heat(handoff.matrix(found), T, str).data.empty


def test_many_channels_are_gathered_in_others() -> None:
    rows = [each for number, (one, two) in enumerate([("a", "b"), ("a", "b"), ("a", "c"), ("c", "d"), ("d", "a")])
            for each in (row(f"x{number}", 0, one), row(f"x{number}", 1, two))]
    found = handoff.handoffs(store_of(rows))
    matrix = handoff.matrix(found, top=2)
    shown = {(line["from_key"], line["to_key"]): (line["n"], line["from_n"]) for line in matrix.to_dict("records")}
    assert shown == {("a", "b"): (2, 3), ("a", ""): (1, 3), ("", ""): (1, 2), ("", "a"): (1, 2)}
    assert handoff.matrix(found)["n"].sum() == 5


def test_repeats_are_said_as_counted() -> None:
    rows = [row("a", 0, "phone", wait_seconds=5), row("a", 2, "phone"), row("b", 0, "phone"), row("c", 30, "web")]
    found = repeat.repeats(store_of(rows))
    assert findings.channels.repeated(found, T) == (
        "25.0% of the contacts repeat one shortly before. First contacts that nothing followed: 50.0% (n = 2).")
    assert findings.channels.repeated_note(found, T) == (
        "4 contacts · 1 of 3 customers come back about the same thing (33.3%) · half of them within 2.0 days")
    assert across.repeats(found, T, str)["Note"].tolist() == ["few answers"] * 2
    assert findings.channels.repeated(repeat.repeats(open_store(":memory:")), T) == "There are no contacts in this selection."
    for each in rows:
        each["attributes"] = {"Solved": "yes"}
    assert "First contacts said to be resolved: 100.0% (n = 3)." in findings.channels.repeated(repeat.repeats(store_of(rows)), T)


def orders(*, n: int, path: tuple[str, ...]) -> list[dict[str, object]]:
    return [row(f"{path}{number}", day, channel, **({"order_id": f"{path}{number}", "revenue": 10.0}
                                                      if day == len(path) - 1 else {}))
            for number in range(n) for day, channel in enumerate(path)]


def test_credit_is_said_as_counted() -> None:
    found = attribution.attribution(store_of([*orders(n=40, path=("ads", "web")), *orders(n=10, path=("web",))]))
    # without ads only the 10 are left (0.8 lost), without web nobody (1): shares 4/9 and 5/9
    assert findings.channels.credited(found, T, str) == (
        "The last contact alone underrates ads most: 0% of the purchases, by Markov 44%. "
        "It overrates web most: 100%, by Markov 56%.")
    assert findings.channels.credited_note(found, 2, T) == (
        "50 purchases · 500 revenue · every rule adds up to all of them; credit is not cause · "
        "2 orders without a known customer or a date are left out")
    table = across.credits(found, "revenue", T, str)
    assert table["Markov"].tolist() == [278, 222]
    assert table.drop(columns=["Channel", "Took part in"]).sum().tolist() == [500] * 7


def test_a_rule_that_changes_nothing_is_said_so() -> None:
    found = attribution.attribution(store_of([*orders(n=3, path=("web",)), row("d", 0, None, order_id="d")]))
    assert findings.channels.credited(found, T, str) == "For no channel does Markov surely say something else than the last contact."
    assert "1 of them without a known channel" in findings.channels.credited_note(found, 0, T)
    assert "few purchases" in findings.channels.credited_note(found, 0, T)
    assert across.credits(found, "conversions", T, str)["Linear"].tolist() == [3, 1]


def test_nothing_bought_is_said_so() -> None:
    found = attribution.attribution(open_store(":memory:"))
    assert findings.channels.credited(found, T, str) == "No known customer bought anything in this selection."
    assert findings.channels.credited_note(found, 1, T) == "1 order without a known customer or a date is left out"
    assert findings.channels.credited_note(found, 0, T) == ""


def test_charts_hold_names_as_they_are_and_every_share() -> None:
    found = attribution.attribution(store_of(orders(n=2, path=("{phone} <b>", "web"))))
    drawn = credit_heat(across.known(found), T, str, "conversions")
    assert set(drawn.data["row"]) == {"{phone} <b>", "web"}
    assert len(drawn.data) == 14
    dots = across.credit_dots(found, "first", "revenue", T, str)
    assert dots[["name", "text", "amount"]].to_numpy().tolist() == [["{phone} <b>", "100.0%", "20"], ["web", "0.0%", "0"]]
    assert dots["lower"].notna().all()
    moved = handoff.handoffs(store_of(MOVED[:2]))
    listed = across.pairs(moved, T, str, "Same again")
    assert listed.iloc[0][["To", "Difference", "Without the change"]].tolist() == ["{phone} <b>", "—", "—"]
    who = across.handed_customers(handoff.customers(store_of(MOVED[:2]), "web", "{phone} <b>"), T, str, "Same again")
    assert who.iloc[0][["Customer", "Felt after", "Same again"]].tolist() == ["m0", "Negative", "yes"]
    assert across.pair_bars(moved, T, str)[["key", "text"]].to_numpy().tolist() == [["web>%7Bphone%7D %3Cb%3E", "100.0% (1)"]]
    assert across.stage_dots(moved, T, str)[["name", "text", "moves"]].to_numpy().tolist() == [["retention", "100.0%", "1"]]
