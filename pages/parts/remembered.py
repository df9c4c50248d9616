"""How journeys are remembered and where emotions are known from, with the customers behind each."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from cx import findings
from cx.charts.bars import measure_bars, measure_dots
from cx.filters import Filters
from cx.findings.friction import of_sample
from cx.language import Language
from cx.metrics import emotion, emotion_people
from pages.parts import against, people, show, state, tables
from pages.parts.ask import ask
from pages.parts.made import kept
from pages.parts.words import given_stages, say, title


def memory_and_sources(filters: Filters) -> None:
    """The two beside each other."""
    left, right = st.columns(2, gap="large")
    with left:
        _memory(filters)
    with right:
        _sources()


def _memory(filters: Filters) -> None:
    t = state.spoken()
    memories = against.both(emotion.memory, on_request=True)
    title(kept(findings.emotion.memory, memories.here, t), " ".join([
        t("Means over {n} customers with the 95% interval. The strongest moment is the worst one where anything was "
          "bad. Peak and end: the mean of both.", n=int(memories.here["n"].iloc[0])),
        of_sample(ask(emotion.one_in, "emotion", filters), t)]).rstrip())
    ways = memories.map(remembered, t)
    show.chart(kept(measure_dots, ways.here, t, value_title=t("Net emotion"), hover={
        "interval": t("95% interval"), "n_text": t("Customers")}, beside=ways.beside, other_name=ways.other), "memory",
        on_pick=lambda at: people.pick("remembered", at["key"]))
    against.legend(ways)
    words = _ways(t)
    against.differences(memories, against.rows(memories, ["what"]), lambda row: words[row["what"]], "memory",
                        unit="points", what=t("Net emotion"))
    _who_remembers(ways.here)
    say(findings.emotion.gap(ask(emotion.gap, filters), t), "body")


def _sources() -> None:
    t = state.spoken()
    told = against.both(emotion.sources, on_request=True)
    sources = told.map(by_source, t)
    title(kept(findings.emotion.known_from, told.here, t), t("The first of these that an interaction has counts."))
    show.chart(kept(measure_bars, sources.here, t, value_title=t("Share"), hover={
        "net": t("Net emotion"), "interval": t("95% interval")}, beside=sources.beside, other_name=sources.other),
        "sources", on_pick=lambda at: people.pick("source", at["key"]))
    against.legend(sources)
    _told_by(told.here)


def remembered(frame: pd.DataFrame, t: Language) -> pd.DataFrame:
    """How journeys felt and are remembered, as rows of dots. frame: of `emotion.memory()`."""
    words = _ways(t)
    return frame.assign(
        key=frame["what"], name=frame["what"].map(words), interval=_intervals(frame, t),
        text=[t.number(value, 0, sign=True) for value in frame["value"]], n_text=[t.number(n) for n in frame["n"]],
        lower=frame["lower"].fillna(frame["value"]), upper=frame["upper"].fillna(frame["value"]),
    ).dropna(subset=["value"])


def _ways(t: Language) -> dict[str, str]:
    return {"way": t("on the way"), "peak": t("strongest moment"), "end": t("end"), "peak_end": t("peak and end")}


def _who_remembers(rows: pd.DataFrame) -> None:
    """The customers behind how journeys are remembered. rows: of `remembered`."""
    t = state.spoken()
    words = dict(zip(rows["key"], rows["name"], strict=True))
    people.behind("remembered", t("The customers, those it was worst for first"), t("Worst by"), words,
                  lambda key: ask(emotion_people.remembered, key, state.filters()).round(),
                  {"felt": t("Interactions with an emotion"), **words})


def _told_by(frame: pd.DataFrame) -> None:
    """The interactions whose emotion comes from a source. frame: of `emotion.sources()`."""
    t, stage = state.spoken(), given_stages()

    def newest(source: str) -> pd.DataFrame:
        found = ask(emotion_people.told_by, source, state.filters())
        return found.assign(emotion=[tables.mood(each, t) for each in found["emotion"]],
                            stage=[stage("" if pd.isna(each) else each) for each in found["stage"]])

    people.behind("source", t("The interactions it is known from"), t("Known from"), {
        row["source"]: f"{t(row['label'])} ({t.number(row['n'])})"
        for row in frame[frame["source"] != ""].to_dict("records")}, newest, {
            "occurred_at": t("When"), "emotion": t("Emotion"), "stage": t("Stage"), "touchpoint": t("Touchpoint"),
            "channel": t("Channel"), "comment": t("Comment")})


def by_source(frame: pd.DataFrame, t: Language) -> pd.DataFrame:
    """Where emotions come from, as rows of bars. frame: of `emotion.sources()`."""
    told = frame[frame["source"] != ""]
    total = told["n"].sum()
    return pd.DataFrame({
        "key": told["source"], "value": told["n"] / max(total, 1),
        "name": [f"{t(words)} · {t('n = {n}', n=int(n))}" for words, n in zip(told["label"], told["n"], strict=True)],
        "text": [t.percent(n / total, 0) for n in told["n"]],
        "net": [t.number(net, 0, sign=True) for net in told["net"]], "interval": _intervals(told, t)})


def _intervals(frame: pd.DataFrame, t: Language) -> list[str]:
    return [t.interval(t.number(lower, 0, sign=True), t.number(upper, 0, sign=True))
            for lower, upper in zip(frame["lower"], frame["upper"], strict=True)]
