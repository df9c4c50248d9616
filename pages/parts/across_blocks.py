"""The three parts of the page across channels: hand-offs, repeat contacts, what purchases are owed to."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from cx import findings
from cx.charts.bars import measure_bars, measure_dots
from cx.charts.channels import credit_heat
from cx.charts.path import path_heat
from cx.filters import Filters
from cx.metrics import attribution, handoff, repeat
from cx.metrics.attribution import RULES
from pages.parts import across, against, nav, people, show, state
from pages.parts.ask import ask
from pages.parts.words import label, named, names, say, splits, title

EVERYWHERE = ""
DAYS, BEFORE, HALVES = ("1", "3", "7", "14", "30"), ("", "30", "90"), ("1", "7", "30")


def hand_offs(filters: Filters) -> None:
    """Who changes the channel, how long that takes, and how it feels."""
    t, channel = state.spoken(), named("channel")
    stage_name, things = named("stage"), {"touchpoint": t("touchpoint"), **_topics()}
    st.header(t("Hand-offs"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        hours = state.chosen(st.selectbox, "hours", t("Contacts belong together within"),
                             {"6": t.duration(6 * 3600), **{
                                 str(24 * n): t.plural("{n} day", "{n} days", n=n) for n in (1, 3, 7)}},
                             "72", width=240)
        stage = state.chosen(st.selectbox, "in_stage", t("Stage"),
                             {EVERYWHERE: t("all stages"), **{key: stage_name(key) for key in names("stage")}},
                             EVERYWHERE, width=200)
        same = state.chosen(st.selectbox, "again", t("The same again means the same"), things, "touchpoint", width=240)
        base = state.chosen(st.segmented_control, "against", t("Feeling compared with"),
                               {"from": t("those who stayed"), "to": t("those already there")}, "from")
    asked = {"within": dt.timedelta(hours=int(hours)), "same": same, "stage": stage or None}
    how = {**asked, "filters": filters}
    sides = against.both(handoff.handoffs, against=base, **asked)
    moved, apart = sides.here, against.rows(sides, ["kind", "key", "to_key"], value="share", n="moves")
    title(findings.channels.handed(moved, t, channel, apart, sides.than), findings.channels.handed_note(moved, t))
    pairs = moved[moved["kind"] == "pair"]
    if len(pairs):
        again = t("Same again")
        worse, better = (findings.channels.handed_felt(moved, t, channel, worse=which) for which in (True, False))
        if worse:
            say(t("It feels surely worse after:"), "body")
            show.lines(worse)
        if better:
            say(t("It feels surely better after:"), "body")
            show.lines(better)
        if not stage:
            say(t("Share of the moves that change the channel, by stage. Click a stage to look at it alone."))
            dots = sides.map(lambda found: across.stage_dots(found, t, stage_name))
            show.chart(measure_dots(dots.here, t, value_title=t("Share"), hover={
                "interval": t("95% interval"), "moves": t("Moves")}, beside=dots.beside, other_name=dots.other),
                "stages", on_pick=lambda at: state.choose("in_stage", at["key"]))
            against.legend(sides)
            against.differences(sides, None if apart is None else apart[apart["kind"] == "stage"],
                                lambda row: stage_name(row["key"]), "handed-stages", what=t("Stage"))
        with st.container(key="wide-only-moves"):
            say(t("Of all moves from the channel on the left, those that lead to another channel."))
            maps = sides.map(handoff.matrix)
            top = max(float(each["share"].max()) for each in (maps.here, maps.beside) if each is not None and len(each))
            against.chart(maps, lambda found: path_heat(found, t, channel, top), "moves",
                          lambda at: at["from_kind"] == at["to_kind"] == "value" and state.choose(
                              "pair", across.pair_key({"key": at["from_key"], "to_key": at["to_key"]})))
        with st.container(key="phone-only-moves"):
            bars = sides.map(across.pair_bars, t, channel)
            show.chart(measure_bars(bars.here, t, value_title=t("Of all moves"), hover={
                "interval": t("95% interval"), "customers": t("Customers")}, beside=bars.beside,
                other_name=bars.other), "pairs", on_pick=lambda at: state.choose("pair", at["key"]))
            against.legend(sides)
        against.differences(sides, None if apart is None else apart[apart["kind"] == "pair"],
                            lambda row: across.ARROW.join((channel(row["key"]), channel(row["to_key"]))),
                            "handed-pairs", what=t("Hand-off"))
        keys = [across.pair_key(row) for row in pairs.to_dict("records")]
        show.table(across.pairs(moved, t, channel, again), "pair-table", name=t("Hand-offs"), height=320,
                   on_pick=lambda row: state.choose("pair", keys[row]))
        with st.expander(t("The customers of a hand-off"), expanded=bool(state.choice("pair"))):
            say(t("Click a row of the table above, or choose here."))
            shown = {key: across.ARROW.join(map(channel, (row["key"], row["to_key"])))
                     for key, row in zip(keys, pairs.to_dict("records"), strict=True)}
            pair = state.chosen(st.selectbox, "pair", t("Hand-off"), shown, keys[0], width=360)
            picked = pairs.iloc[keys.index(pair)]
            handed = ask(handoff.customers, picked["key"], picked["to_key"], **how)
            show.table(across.handed_customers(handed, t, stage_name, again), "pair-customers", name=t("Customers"),
                       of_rows=True, on_pick=lambda row: nav.later("customer", id=handed["customer_id"].iloc[row]))


def repeat_contacts(filters: Filters) -> None:
    """Who has to come back about the same thing."""
    t, topics = state.spoken(), _topics()
    things = {"touchpoint": t("touchpoint"), **topics}
    st.header(t("Repeat contacts"), anchor=False)
    desks = ask(repeat.service_touchpoints)
    where = state.several("contacts", t("Contacts are interactions at"),
                          {key: label("touchpoint", key) for key in names("touchpoint")}, desks)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        thing = state.chosen(st.selectbox, "thing", t("About the same thing means the same"), things, "touchpoint",
                             width=280)
        days = state.chosen(st.selectbox, "days", t("Again within"), {each: t.plural("{n} day", "{n} days", n=int(each))
                                                                       for each in DAYS}, "7", width=140)
        by = state.chosen(st.selectbox, "by", t("By"), {**splits(), **topics}, "touchpoint", width=200)
    asked = {"same": thing, "within": dt.timedelta(days=int(days))}
    about = {**asked, "filters": filters}
    if not where:
        say(t("No touchpoint has waiting times, complaints or calls: choose above where customers ask for something."))
    else:
        sides = against.both(repeat.repeats, where, by=by, **asked)
        again_found, apart = sides.here, against.rows(sides, ["kind", "key"], value="share", n="contacts")
        title(findings.channels.repeated(again_found, t, apart, sides.than),
              findings.channels.repeated_note(again_found, t) if len(again_found) else "")
        if len(again_found):
            resolved = ask(repeat.resolution_column)
            say(t("Resolution is told by the column “{column}”: answers other than yes and no are left out.",
                  column=names("attribute")[resolved]) if resolved
                else t("No column says whether a contact was resolved: that nothing followed in the time above stands "
                       "for it, of contacts whose time has run out."))
            say(t("Answers to a survey about a contact are no contacts."))
            show.lines(findings.channels.repeated_where(again_found, t, named(by)))
            dots = sides.map(lambda found: across.repeat_dots(found, t, named(by)))
            show.chart(measure_dots(dots.here.head(15), t, value_title=t("Share of contacts"), hover={
                "interval": t("95% interval"), "contacts": t("Contacts")}, beside=dots.beside, other_name=dots.other),
                "repeats", on_pick=lambda at: state.narrow(by, at["key"]))
            against.legend(sides)
            against.differences(sides, None if apart is None else apart[apart["kind"] == "part"],
                                lambda row: named(by)(row["key"]), "repeats")
            show.table(across.repeats(again_found, t, named(by)), "repeat-table", name=t("Repeat contacts"),
                       on_pick=lambda row: state.narrow(by, again_found["key"].iloc[row]))
            if again_found["repeats"].iloc[0]:
                with st.expander(t("The customers who came back")):
                    back = ask(repeat.customers, where, **about)
                    show.table(across.repeat_customers(back, t), "repeat-customers", name=t("Customers"), of_rows=True,
                               on_pick=lambda row: nav.later("customer", id=back["customer_id"].iloc[row]))


def credit(filters: Filters) -> None:
    """Which channels purchases and revenue are owed to."""
    t, channel = state.spoken(), named("channel")
    st.header(t("What purchases are owed to"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        of = state.chosen(st.segmented_control, "of", t("Share out"),
                          {"conversions": t("purchases"), "revenue": t("revenue")}, "conversions")
        before = state.chosen(st.selectbox, "before", t("Contacts count"), {
            each: t("since the purchase before") if not each else t("at most {n} days before", n=int(each))
            for each in BEFORE}, "", width=240)
        own = state.chosen(st.segmented_control, "own", t("The purchase itself"),
                           {"yes": t("is a contact"), "no": t("is none")}, "yes")
        repeated = state.chosen(st.segmented_control, "repeated", t("Immediate repeats"),
                                {"one": t("one contact"), "each": t("each a contact")}, "one")
        rule = state.chosen(st.selectbox, "rule", t("Rule"), {key: t(words) for key, words in RULES.items()}, "markov",
                            width=220)
        half = state.chosen(st.selectbox, "half", t("Half as much after"), {
            each: t.plural("{n} day", "{n} days", n=int(each))
            for each in HALVES}, "7", width=160) if rule == "decay" else "7"
    paths = {"lookback": dt.timedelta(days=int(before)) if before else None, "purchase_counts": own == "yes",
             "collapse": repeated == "one"}
    sides = against.both(attribution.attribution, half_life=dt.timedelta(days=int(half)), on_request=True, **paths)
    owed = sides.here
    owner = lambda key: channel(key) if key else t("not known")  # noqa: E731
    title(findings.channels.credited(owed, t, owner),
          findings.channels.credited_note(owed, ask(attribution.left_out, filters), t))
    if len(owed):
        with st.container(key="wide-only-credit"):
            maps = sides.map(across.known)
            top = max(float(each["share" if of == "conversions" else "revenue_share"].max())
                      for each in (maps.here, maps.beside) if each is not None and len(each))
            against.chart(maps, lambda found: credit_heat(found, t, owner, of, top) if len(found) else None, "credit",
                          lambda at: people.pick("owed", at["key"]))
        say(t("By this rule: {rule}", rule=RULES[rule]), "finding")
        say(t("The line is the 95% interval; point at it to see how many purchases the channel took part in."))
        dots = sides.map(lambda found: across.credit_dots(found, rule, of, t, owner))
        show.chart(measure_dots(dots.here, t, value_title=t("Share"), hover={
            "interval": t("95% interval"), "took_part": t("Took part in"),
            "amount": t("Purchases") if of == "conversions" else t("Revenue")}, beside=dots.beside,
            other_name=dots.other), "credit-rule", on_pick=lambda at: people.pick("owed", at["key"]))
        against.legend(sides)
        share, lower, upper = (f"revenue_{each}" if of == "revenue" else each for each in ("share", "lower", "upper"))
        apart = against.rows(sides, ["rule", "key"], value=share, lower=lower, upper=upper)
        against.differences(sides, None if apart is None else apart[apart["rule"] == rule],
                            lambda row: owner(row["key"]), "credit", what=t("Channel"))
        credits = across.credits(owed, of, t, owner)
        took_part = owed.drop_duplicates("key").set_index("key")["took_part"]
        keys = across.channels_of(owed)
        show.table(credits, "credit-table", name=t("What purchases are owed to"),
                   on_pick=lambda row: people.pick("owed", keys[row]))
        people.behind("owed", t("The purchases that a channel took part in"), t("Channel"), {
            key: f"{channel(key)} ({t.number(took_part[key])})" for key in keys if key and took_part[key]},
            lambda key: ask(attribution.purchases, key, **paths, filters=filters), {
                "bought_at": t("Bought"), "orders": t("Orders"), "revenue": t("Revenue"), "contacts": t("Contacts"),
                "first_at": t("First contact"), "last_at": t("Last contact")})


def _topics() -> dict[str, str]:
    """{attribute that may say what a contact is about: its name}."""
    return {key: names("attribute")[key] for key in ask(repeat.topics)}
