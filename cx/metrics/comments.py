"""What customers say: reading comments, and what tells the bad ones from the good ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from cx.errors import UnknownValue
from cx.filters import Clause, Filters
from cx.language import Text, text, text_n
from cx.metrics import stats
from cx.metrics.comments_held import newest
from cx.metrics.dimension import dimension
from cx.model import EMOTIONS
from cx.scales import DETRACTOR_TO, PROMOTER_FROM
from cx.sentiment.terms import mentions, terms
from cx.store import Store

Mood = Literal[-1, 0, 1, "unknown"]

MOST_READ = 10_000
"""Topics are looked for in so many comments, the newest."""

FEWEST_COMMENTS, FEWEST_ANSWERS = 5, 10
"""A topic is in at least so many comments of its kind; its NPS impact needs so many answers with it, and without it."""

_PRIOR = 100  # pseudo-words of each side, spread as words are over all comments
_SIGNIFICANT_AT = 0.05
_EXAMPLES = 3
_COLUMNS = ["topic", "label", "emotion", "negative", "positive", "n", "z", "p_adjusted", "nps_n", "nps_impact", "lower",
            "upper", "significant", "reason", "examples"]


def read(store: Store, filters: Filters = Filters(), by: str | None = None, key: str | None = None,
         emotion: Mood | None = None, search: str | None = None, topic: str | None = None, limit: int = 100,
         offset: int = 0) -> pd.DataFrame:
    """What customers said, newest first: interaction_id, customer_id ("" = anonymous), occurred_at, stage, channel,
    touchpoint, persona (labels, "" = none), emotion (-1, 0, 1, null), emotion_source, nps, csat, csat_max, comment.

    by, key  only one value of a dimension ("" = missing) · emotion  only that emotion, or those that are unknown
    search   these characters in the comment, in any letter case · topic  a term of `topics`, among the newest
    MOST_READ comments · limit, offset  so many, after so many. Raises UnknownValue.
    """
    known = _known(store, filters, by, key, emotion, search, topic)
    if known is None:
        join, where = _chosen(store, filters, by, key, emotion, search, topic)
    else:
        ids = ", ".join(map(str, known[int(offset):int(offset) + int(limit)].tolist()))
        join, where, offset = Clause(""), Clause(f"i.interaction_id IN ({ids})" if ids else "FALSE"), 0
    return store.frame(
        f"""SELECT i.interaction_id, CASE WHEN k.anonymous THEN '' ELSE k.customer_id END AS customer_id, i.occurred_at,
            coalesce(s.label, '') AS stage, coalesce(h.label, '') AS channel, coalesce(t.label, '') AS touchpoint,
            coalesce(p.label, '') AS persona, i.emotion, coalesce(i.emotion_source, '') AS emotion_source, i.nps,
            CAST(i.csat AS DOUBLE) AS csat, i.csat_max, i.comment
        FROM interactions i JOIN customers k ON k.customer_key = i.customer_key {join.sql}
        LEFT JOIN stages s ON s.stage_id = i.stage_id LEFT JOIN channels h ON h.channel_id = i.channel_id
        LEFT JOIN touchpoints t ON t.touchpoint_id = i.touchpoint_id LEFT JOIN personas p ON p.persona_id = k.persona_id
        WHERE {where.sql} ORDER BY i.occurred_at DESC NULLS LAST, i.interaction_id DESC
        LIMIT {int(limit)} OFFSET {int(offset)}""", [*join.params, *where.params])


def count(store: Store, filters: Filters = Filters(), by: str | None = None, key: str | None = None,
          emotion: Mood | None = None, search: str | None = None, topic: str | None = None) -> int:
    """How many comments `read` would give without limit."""
    known = _known(store, filters, by, key, emotion, search, topic)
    if known is not None:
        return len(known)
    join, where = _chosen(store, filters, by, key, emotion, search, topic)
    return int(store.value(f"SELECT count(*) FROM interactions i {join.sql} WHERE {where.sql}",
                           [*join.params, *where.params]))


def _known(store: Store, filters: Filters, by: str | None, key: str | None, emotion: Mood | None, search: str | None,
           topic: str | None) -> np.ndarray | None:
    """The interactions, newest first, where what is held tells them."""
    plain = (by is None or key is None) and not (search and search.strip()) and not topic
    return newest(store, filters, emotion) if plain and (emotion in (None, "unknown") or emotion in EMOTIONS) else None


def _chosen(store: Store, filters: Filters, by: str | None, key: str | None, emotion: Mood | None, search: str | None,
            topic: str | None) -> tuple[Clause, Clause]:
    """What to join, and the condition on `interactions AS i`."""
    conditions = [filters.interactions("i"), _SAID]
    join = Clause("")
    if by is not None and key is not None:
        split = dimension(store, by)
        join, value = split.join("i"), split.value("i")
        if key == "":
            conditions.append(Clause(f"{value.sql} IS NULL", value.params))
        else:
            values = {known: one for one, (known, _, _) in split.labels(store).items()}
            if values and key not in values:
                raise UnknownValue(text("Value"), key, values)
            conditions.append(Clause(f"{value.sql} = ?", (*value.params, values.get(key, key))))
    if emotion == "unknown":
        conditions.append(Clause("i.emotion IS NULL"))
    elif emotion is not None:
        if emotion not in EMOTIONS:
            raise UnknownValue(text("Emotion"), emotion, EMOTIONS)
        conditions.append(Clause("i.emotion = ?", (emotion,)))
    if search and search.strip():
        conditions.append(Clause(f"contains({_FOLDED.format('i.comment')}, {_FOLDED.format('?')})", (search.strip(),)))
    if topic:
        said = _newest(store, filters)
        having = {comment for comment in said["comment"].unique() if mentions(comment, topic)}
        found = said.loc[said["comment"].isin(having), "interaction_id"].tolist()
        conditions.append(Clause("i.interaction_id IN (SELECT unnest(CAST(? AS BIGINT[])))", (found,)))
    return join, Clause.all_of(conditions)


_SAID = Clause("i.comment IS NOT NULL AND i.comment <> ''")
_FOLDED = "lower(replace(replace(replace({}, 'İ', 'i'), 'I', 'i'), 'ı', 'i'))"  # as cx.model.name_key folds letters


def _newest(store: Store, filters: Filters) -> pd.DataFrame:
    """The newest MOST_READ comments: interaction_id, comment, emotion, nps."""
    where = Clause.all_of([filters.interactions("i"), _SAID])
    return store.frame(
        f"SELECT i.interaction_id, i.comment, i.emotion, i.nps FROM interactions i WHERE {where.sql} "
        f"ORDER BY i.occurred_at DESC NULLS LAST, i.interaction_id DESC LIMIT {MOST_READ}", where.params)


def topics(store: Store, filters: Filters = Filters(), limit: int = 12) -> pd.DataFrame:
    """Words and pairs of words that tell negative comments from positive ones: at most `limit` of either side, the
    surest first, negative ones before.

    → topic (for `read`), label (as it is mostly written), emotion (-1, 1: the side it stands for), negative, positive,
    n (comments with it: of negative, of positive, of any emotion), z, p_adjusted (Benjamini–Hochberg over all terms
    looked at), nps_n (recommendation answers with it), nps_impact (NPS of all − NPS without those answers), lower,
    upper (95 %), significant (the impact is not 0), reason (Text: why there is no impact, else None), examples (up to
    three comments of its side).

    Weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, “Fightin' Words”, eq. 15–22):
    the prior is how often all comments have the term, so rare words need more to stand out. A comment counts a term
    once. Terms of fewer than FEWEST_COMMENTS comments on their side, not sure at 5 %, or that say the same as a surer
    one (nearly always in the same comments) are left out. Negative and positive are the interaction's emotion.
    """
    said = _newest(store, filters)
    known = {comment: terms(comment) for comment in said["comment"].unique()}
    per_comment = [known[comment] for comment in said["comment"]]
    feeling = said["emotion"].astype("Float64").to_numpy(float, na_value=np.nan)
    sure = _distinguishing(per_comment, feeling)
    if sure.empty:
        return pd.DataFrame(columns=_COLUMNS)
    places: dict[str, list[int]] = {term: [] for term in sure["topic"]}
    for place, each in enumerate(per_comment):
        for term in each.keys() & places.keys():
            places[term].append(place)
    chosen = _different(sure, places, limit)
    answers = said["nps"].astype("Float64").to_numpy(float, na_value=np.nan)
    impacts = pd.DataFrame([_impact(answers[places[term]], *_nps_of_all(store, filters)) for term in chosen["topic"]])
    rows = [_shown(per_comment, said["comment"], [place for place in places[term] if feeling[place] == side], term)
            for term, side in zip(chosen["topic"], chosen["emotion"], strict=True)]
    return pd.concat([chosen.reset_index(drop=True), impacts, pd.DataFrame(rows, columns=["label", "examples"])],
                     axis=1)[_COLUMNS]


def mentioned(store: Store, topics: Sequence[str], filters: Filters = Filters()) -> pd.DataFrame:
    """How many of the newest MOST_READ comments have each topic: topic, n (with it), of (comments), share, lower, upper
    (Wilson)."""
    said = _newest(store, filters)
    times = said["comment"].value_counts()
    n = [int(sum(count for comment, count in times.items() if mentions(comment, topic))) for topic in topics]
    share = stats.wilson(n, [len(said)] * len(n))
    return pd.DataFrame({"topic": list(topics), "n": n, "of": len(said), "share": share.value, "lower": share.lower,
                         "upper": share.upper})


def _distinguishing(per_comment: list[dict[str, str]], feeling: np.ndarray) -> pd.DataFrame:
    """Terms that are sure: topic, emotion, negative, positive, n, z, p_adjusted; the surest first."""
    counts = {side: Counter(term for each, felt in zip(per_comment, feeling, strict=True) if felt == side
                            for term in each) for side in (-1, 1)}
    everywhere = Counter(term for each in per_comment for term in each)
    looked = [term for term in everywhere if max(counts[-1][term], counts[1][term]) >= FEWEST_COMMENTS]
    totals = {side: sum(counts[side].values()) for side in counts}
    if not looked or not totals[-1] or not totals[1]:
        return pd.DataFrame(columns=["topic"])
    bad, good, any_ = (np.array([bag[term] for term in looked], float) for bag in (counts[-1], counts[1], everywhere))
    z = log_odds(bad, good, any_, totals[-1], totals[1], sum(everywhere.values()))
    frame = pd.DataFrame({"topic": looked, "emotion": np.where(z > 0, -1, 1), "negative": bad.astype(int),
                          "positive": good.astype(int), "n": any_.astype(int), "z": np.abs(z),
                          "p_adjusted": stats.adjusted(2 * special.ndtr(-np.abs(z)))})
    enough = frame["negative"].where(frame["emotion"] < 0, frame["positive"]) >= FEWEST_COMMENTS
    frame = frame[enough & (frame["p_adjusted"] < _SIGNIFICANT_AT)]
    return frame.sort_values(["z", "topic"], ascending=[False, True], kind="stable").reset_index(drop=True)


def log_odds(first: np.ndarray, second: np.ndarray, everywhere: np.ndarray, first_total: float, second_total: float,
             total: float) -> np.ndarray:
    """z of the log-odds ratio of each term between two bags of words, with the prior of `topics`."""
    prior = _PRIOR * everywhere / total
    def odds(counts: np.ndarray, size: float) -> np.ndarray:
        return np.log((counts + prior) / (size + _PRIOR - counts - prior))

    return (odds(first, first_total) - odds(second, second_total)) / np.sqrt(1 / (first + prior) + 1 / (second + prior))


def _different(sure: pd.DataFrame, places: dict[str, list[int]], limit: int) -> pd.DataFrame:
    """The first `limit` of either side that do not say what a surer one says; pairs go before the words they are of."""
    kept: list[int] = []
    for side in (-1, 1):
        of_side = sure[sure["emotion"] == side]
        pairs = of_side["topic"].str.contains(" ")
        taken: list[set[int]] = []
        found: list[int] = []
        for row in pd.concat([of_side[pairs], of_side[~pairs]]).head(200).itertuples():
            where = set(places[row.topic])
            if not any(len(where & other) > 0.6 * len(where | other) for other in taken):
                taken.append(where)
                found.append(int(row.Index))
        kept += sorted(found)[:limit]
    return sure.loc[kept]


def _nps_of_all(store: Store, filters: Filters) -> tuple[int, int, int]:
    """Promoters, detractors and answers of the whole selection."""
    where = filters.interactions("i")
    return store.rows(
        f"SELECT count(*) FILTER (WHERE i.nps >= {PROMOTER_FROM}), count(*) FILTER (WHERE i.nps <= {DETRACTOR_TO}), "
        f"count(i.nps) FROM interactions i WHERE {where.sql}", where.params)[0]


def _impact(answers: np.ndarray, promoters: int, detractors: int, answered: int) -> dict[str, object]:
    """nps_n, nps_impact, lower, upper, significant, reason of the answers (0–10, NaN = none) that go with a topic.

    NPS(all) − NPS(rest) = share of the answers × (NPS of these − NPS of the rest), two groups that do not overlap.
    """
    known = answers[~np.isnan(answers)]
    n, rest = len(known), answered - len(known)
    found: dict[str, object] = {"nps_n": n, "nps_impact": np.nan, "lower": np.nan, "upper": np.nan, "significant": None,
                                "reason": _too_few(n, rest)}
    if found["reason"] is None:
        up, down = int((known >= PROMOTER_FROM).sum()), int((known <= DETRACTOR_TO).sum())
        apart = stats.difference_of_net_scores(up, down, n, promoters - up, detractors - down, rest)
        share = n / answered
        found |= {"nps_impact": share * float(apart.value), "lower": share * float(apart.lower),
                  "upper": share * float(apart.upper), "significant": bool(apart.p < _SIGNIFICANT_AT)}
    return found


def _too_few(n: int, rest: int) -> Text | None:
    if n < FEWEST_ANSWERS:
        return text_n("only {n} recommendation with it, {needed} are needed",
                      "only {n} recommendations with it, {needed} are needed", n=n, needed=FEWEST_ANSWERS)
    if rest < FEWEST_ANSWERS:
        return text_n("only {n} recommendation without it, {needed} are needed",
                      "only {n} recommendations without it, {needed} are needed", n=rest, needed=FEWEST_ANSWERS)
    return None


def _shown(per_comment: list[dict[str, str]], comments: pd.Series, places: list[int],
           term: str) -> tuple[str, tuple[str, ...]]:
    """How a term is mostly written in these comments, and examples: different ones, the middle length first."""
    written = Counter(per_comment[place][term] for place in places)
    label = min(written, key=lambda each: (-written[each], len(each), each))
    different = dict.fromkeys(str(comments.iloc[place]) for place in places)
    return label, tuple(sorted(different, key=lambda each: abs(len(each) - 80))[:_EXAMPLES])
