"""Each planted truth is in the sheets with the size data/README.md gives, found with pandas alone.

An effect is asserted by its size and by a z of at least 4 (the largest of 10,000 chance differences is about 4).
"""

import numpy as np
import pandas as pd
import pytest

from data import generate, world

DELAY_FROM, TRAINING_FROM = pd.Timestamp("2026-04-01"), pd.Timestamp("2026-02-01")


@pytest.fixture(scope="module")
def sheets():
    frames = generate.sheets(world.simulate(), "en")
    events = frames["events"]
    who = events.drop_duplicates("Customer no").set_index("Customer no")[["Persona", "Region", "Channel"]]
    who = who.rename(columns={"Channel": "First channel"})
    return {name: frame.drop(columns=["Persona", "Region"], errors="ignore").join(who, on="Customer no")
            for name, frame in frames.items()}


@pytest.fixture(scope="module")
def survey(sheets):
    return sheets["survey"]


@pytest.fixture(scope="module")
def orders(sheets):
    home = sheets["orders"].query("`Delivery method` == 'Home delivery'").dropna(subset=["Delivered on"])
    return home.assign(late=(home["Delivered on"].dt.normalize() - home["Promised delivery date"]).dt.days)


def net(answers):
    """NPS as one number a row: its mean is the score."""
    answers = answers.dropna()
    return 100.0 * (answers >= 9) - 100.0 * (answers <= 6)


def apart(a, b):
    """(difference of means, its z by Welch)."""
    a, b = (np.asarray(pd.Series(each).dropna(), float) for each in (a, b))
    difference = a.mean() - b.mean()
    return difference, difference / np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))


# --- 1 a delivery delay in the South from April 2026 on ---


def test_1_three_of_four_deliveries_to_the_south_are_late_since_april(orders):
    since = orders["Order date"] >= DELAY_FROM
    south = orders["Region"] == "South"
    late = orders["late"] > 0
    assert late[south & since].mean() == pytest.approx(.80, abs=.06)  # 75 % planted, 20 % of the rest by chance
    assert late[south & ~since].mean() == pytest.approx(.20, abs=.06)
    assert late[~south].mean() == pytest.approx(.20, abs=.03)
    assert orders["late"][south & since & late].mean() == pytest.approx(4.0, abs=.4)


def test_1_it_costs_the_south_its_satisfaction_with_delivery(survey):
    delivery = survey[survey["Touchpoint"] == "Delivery"]
    since, south = delivery["Date"] >= DELAY_FROM, delivery["Region"] == "South"
    difference, z = apart(delivery["CSAT (1-5)"][since & south], delivery["CSAT (1-5)"][since & ~south])
    assert -1.4 < difference < -.8
    assert z < -8
    difference, z = apart(net(delivery["NPS (0-10)"][since & south]), net(delivery["NPS (0-10)"][since & ~south]))
    assert -85 < difference < -45
    assert z < -5
    assert abs(apart(delivery["CSAT (1-5)"][~since & south], delivery["CSAT (1-5)"][~since & ~south])[1]) < 2.5


def test_1_it_lowers_the_regions_nps_as_a_whole(survey):
    since, south = survey["Date"] >= DELAY_FROM, survey["Region"] == "South"
    difference, z = apart(net(survey["NPS (0-10)"][since & south]), net(survey["NPS (0-10)"][since & ~south]))
    assert -30 < difference < -12
    assert z < -4


# --- 2 the chat queue in the mobile app ---


def test_2_the_queue_is_long_in_the_app(sheets):
    chat = sheets["tickets"].query("Touchpoint == 'Support chat'")
    median = chat.groupby("Channel")["Waiting time (seconds)"].median()
    assert median["Mobile app"] == pytest.approx(540, rel=.1)
    assert median["Web"] == pytest.approx(80, rel=.15)
    assert median["WhatsApp"] == pytest.approx(110, rel=.2)


def test_2_it_is_hard_work_and_feels_bad(survey):
    chat = survey[survey["Touchpoint"] == "Support chat"]
    app = chat["Channel"] == "Mobile app"
    difference, z = apart(chat["CES (1-7)"][app], chat["CES (1-7)"][~app])
    assert -2.6 < difference < -1.7
    assert z < -10
    difference, z = apart(chat["CSAT (1-5)"][app] <= 2, chat["CSAT (1-5)"][~app] <= 2)
    assert difference > .2
    assert z > 5


def test_2_the_app_is_no_worse_elsewhere(survey):
    here = survey[survey["Channel"].isin(["Web", "Mobile app"]) & (survey["Touchpoint"] != "Support chat")
                  & (survey["Touchpoint"] != "Checkout")]
    app = here["Channel"] == "Mobile app"
    assert abs(apart(here["CSAT (1-5)"][app], here["CSAT (1-5)"][~app])[0]) < .15


# --- 3 young explorers are lost at the checkout ---


def test_3_three_of_ten_young_explorers_pay_who_reach_the_checkout(sheets):
    at = sheets["events"].query("Touchpoint in ('Checkout', 'Payment')")
    customers = at.groupby(["Persona", "Touchpoint"])["Customer no"].nunique().unstack()
    share = customers["Payment"] / customers["Checkout"]
    assert share["Young explorer"] == pytest.approx(.30, abs=.05)
    assert share.drop("Young explorer").between(.82, .90).all()


def test_3_they_reach_the_basket_as_often_as_others(sheets):
    events = sheets["events"]
    customers = events.drop_duplicates("Customer no").set_index("Customer no")["Persona"]
    basket = customers.index.isin(events.loc[events["Touchpoint"] == "Basket", "Customer no"])
    share = pd.Series(basket, customers.index).groupby(customers).mean()
    assert share.max() - share.min() < .08


# --- 4 collecting in the store is a delight ---


def test_4_store_pick_up_is_much_better_than_home_delivery(survey):
    undisturbed = ~((survey["Region"] == "South") & (survey["Date"] >= DELAY_FROM))
    pickup = survey["Touchpoint"] == "Store pick-up"
    home = (survey["Touchpoint"] == "Delivery") & undisturbed
    difference, z = apart(survey["CSAT (1-5)"][pickup], survey["CSAT (1-5)"][home])
    assert .45 < difference < .9
    assert z > 8
    difference, z = apart(net(survey["NPS (0-10)"][pickup]), net(survey["NPS (0-10)"][home]))
    assert 30 < difference < 65
    assert z > 8


# --- 5 the training of the call centre ---


def test_5_support_calls_are_better_since_the_training(survey):
    call = survey[survey["Touchpoint"] == "Support call"]
    after = call["Date"] >= TRAINING_FROM
    difference, z = apart(call["CSAT (1-5)"][after], call["CSAT (1-5)"][~after])
    assert .7 < difference < 1.2
    assert z > 6
    difference, z = apart(net(call["NPS (0-10)"][after]), net(call["NPS (0-10)"][~after]))
    assert difference > 50
    assert z > 6


def test_5_no_other_touchpoint_jumps_at_that_date(survey):
    others = survey[~survey["Touchpoint"].isin(["Support call", "Delivery"])]
    z = [apart(rows["CSAT (1-5)"][rows["Date"] >= TRAINING_FROM], rows["CSAT (1-5)"][rows["Date"] < TRAINING_FROM])[1]
         for _, rows in others.groupby("Touchpoint") if len(rows) > 60]
    assert max(map(abs, z)) < 3


# --- 6 the quality seekers' journeys end badly ---


@pytest.fixture(scope="module")
def felt(sheets, survey):
    """Every known feeling: satisfaction (4–5 good, 1–2 bad) and complaints."""
    score = survey.dropna(subset=["CSAT (1-5)"])
    feeling = score.assign(feeling=np.select([score["CSAT (1-5)"] >= 4, score["CSAT (1-5)"] <= 2], [1, -1], 0))
    complaints = sheets["tickets"].query("Complaint == 'Yes'").assign(feeling=-1)
    rows = pd.concat([feeling, complaints]).sort_values("Date", kind="stable")
    return rows[["Customer no", "Persona", "Touchpoint", "Date", "feeling"]]


def test_6_their_touchpoints_are_better_than_other_peoples(felt):
    plain = felt[~felt["Touchpoint"].isin(["Refund", "Support chat", "Support call", "Support e-mail"])]
    quality = plain["Persona"] == "Quality seeker"
    difference, z = apart(plain["feeling"][quality], plain["feeling"][~quality])
    assert difference > .12
    assert z > 4


def test_6_their_journeys_end_worse_than_they_went(felt, sheets):
    bought = felt[felt["Customer no"].isin(sheets["orders"]["Customer no"])]
    journey = bought.groupby("Customer no").agg(persona=("Persona", "first"), mean=("feeling", "mean"),
                                                last=("feeling", "last"), answers=("feeling", "size"))
    journey = journey[journey["answers"] > 1]
    gap = journey["last"] - journey["mean"]
    quality = journey["persona"] == "Quality seeker"
    assert gap[quality].mean() < -.25
    assert abs(gap[~quality].mean()) < .08
    assert apart(gap[quality], gap[~quality])[1] < -5


def test_6_they_send_back_wait_for_the_money_and_leave(sheets, survey):
    quality = sheets["orders"]["Persona"] == "Quality seeker"
    returns = sheets["events"].query("Touchpoint == 'Return'")["Persona"].value_counts()
    assert returns["Quality seeker"] / quality.sum() == pytest.approx(.57, abs=.07)  # 60 %, less those yet to come
    assert returns.drop("Quality seeker").sum() / (~quality).sum() == pytest.approx(.067, abs=.015)
    money = sheets["events"].query("Touchpoint in ('Return', 'Refund')").sort_values("Date", kind="stable")
    money = money.assign(days=money.groupby("Customer no")["Date"].diff().dt.total_seconds() / 86400)
    days = money[(money["Touchpoint"] == "Refund")].groupby(money["Persona"] == "Quality seeker")["days"].median()
    assert days[True] == pytest.approx(19, abs=2.5)
    assert days[False] == pytest.approx(4, abs=1)
    last = survey.dropna(subset=["NPS (0-10)"]).sort_values("Date", kind="stable").groupby("Customer no").last()
    picky = last["Persona"] == "Quality seeker"
    difference, z = apart(net(last["NPS (0-10)"][picky]), net(last["NPS (0-10)"][~picky]))
    assert difference < -25
    assert z < -5


# --- 7 display ads bring many who do not buy, referrals few who do ---


def test_7_display_brings_visitors_and_referrals_bring_buyers(sheets):
    customers = sheets["events"].drop_duplicates("Customer no").set_index("Customer no")["First channel"]
    buys = pd.Series(customers.index.isin(sheets["orders"]["Customer no"]), customers.index)
    share, count = buys.groupby(customers).mean(), customers.value_counts(normalize=True)
    assert count["Display ads"] == pytest.approx(.17, abs=.02)
    assert count["Referral link"] == pytest.approx(.05, abs=.01)
    assert share["Display ads"] == pytest.approx(.11, abs=.03)
    assert share["Referral link"] == pytest.approx(.52, abs=.07)
    assert share.drop(["Display ads", "Referral link"]).between(.25, .46).all()
    assert apart(buys[customers == "Display ads"], buys[customers != "Display ads"])[1] < -12
    assert apart(buys[customers == "Referral link"], buys[customers != "Referral link"])[1] > 5


# --- and nothing else ---


def test_regions_and_personas_do_not_differ_where_nothing_is_planted(survey):
    calm = survey[~((survey["Region"] == "South") & (survey["Date"] >= DELAY_FROM))
                  & (survey["Persona"] != "Quality seeker")]
    for column in ("Region", "Persona"):
        for name, rows in calm.groupby(column):
            others = calm[calm[column] != name]
            assert abs(apart(net(rows["NPS (0-10)"]), net(others["NPS (0-10)"]))[1]) < 2.5, name
            quiet = rows["Touchpoint"] != "Checkout"
            other = others["Touchpoint"] != "Checkout"
            assert abs(apart(rows["CSAT (1-5)"][quiet], others["CSAT (1-5)"][other])[1]) < 2.5, name
