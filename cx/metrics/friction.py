"""Pain points and moments of delight: where the journey is surely worse or better than elsewhere, and what that costs.

Every cell of stage, touchpoint and channel (and of one more dimension) is held against all other interactions, for
every measure, corrected for the many looked at. Of cells that contain each other only those that explain the rest are
told. Where customers or channels are selected, each touchpoint is also held against the same one outside the selection:
what is bad for all of them does not stand out among them. The rules are in docs/metrics.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from cx.errors import UnknownValue
from cx.filters import Filters
from cx.language import Text, text
from cx.metrics import stats
from cx.metrics.dimension import dimension
from cx.metrics.friction_later import Ints
from cx.metrics.friction_measures import MEASURES, PLACES, Rows
from cx.metrics.friction_rows import beside, rows
from cx.metrics.friction_study import Study, apart, at_touchpoint, studied
from cx.metrics.friction_trend import direction
from cx.metrics.friction_words import ELSEWHERE, OUTSIDE, place, sentence, shown, shown_change
from cx.metrics.kpi import SIGNIFICANT_AT, minimum_n
from cx.metrics.stats import Floats
from cx.store import Store

__all__ = ["ELSEWHERE", "MEASURES", "OUTSIDE", "Friction", "Selection", "around", "customers", "friction", "grid",
           "narrowed", "outside", "pain_points", "place", "shown", "shown_change"]

BY = "persona"
_PLACE = [name + end for name in (*PLACES, "persona") for end in ("", "_label")]
COLUMNS = ["kind", *_PLACE, "attribute", "attribute_value", "measure", "customers", "n", "value", "rest_n", "rest",
           "impact", "lower", "upper", "p", "p_adjusted", "loss", "trend", "trend_per_month", "trend_p", "revenue",
           "worth", "worth_lower", "worth_upper", "one_in", "about", "text", "cell", "against"]


Selection = Literal["", "within", "both"]
_LOOKED = [*COLUMNS[:COLUMNS.index("loss")], "claimed", "against"]


@dataclass(frozen=True)
class Friction:
    """points   what is sure, one row per cell and measure: pains first, the most customers × loss first. Columns:
             kind ("pain", "delight"); stage, touchpoint, channel, persona (keys, "" = any) and each with `_label`;
             attribute, attribute_value (of a further dimension other than persona, "" = none); measure (key of
             MEASURES); customers (who were there), n (answers there), value, rest_n, rest (of all others); impact
             (all − all without those, in the measure's unit; of drop_off and against OUTSIDE all of one touchpoint,
             inside and outside: see `is_overall`) with lower, upper (95 %), p, p_adjusted
             (Benjamini–Hochberg over everything looked at); loss (customers × difference in standard deviations: what
             ranks them); trend ("worse", "better", "steady", None = cannot be told), trend_per_month, trend_p;
             revenue (of the customers who were there, null = unknown); worth (for a pain: what they spent less in the
             90 days after than others at the same touchpoint, all together; null = unknown or not sure) with
             worth_lower, worth_upper; one_in (of so many customers the answers of one were looked at); about (customers
             is an estimate, of two digits); text (Text: the sentence); cell (the same for all rows of one cell);
             against (ELSEWHERE: everywhere else in the selection; OUTSIDE: the same touchpoint, of who is not selected)
    looked   every cell with enough answers: the same columns up to p_adjusted (of the same rows as a cell before it:
             that cell's, p is null; null = not tested: too few customers), with claimed and against
    reasons  measure → why nothing can be said of it (in the selection)
    one_in   of so many customers one was looked at, by chance (1 = all): customers, loss, revenue and worth are scaled
             up to all of them, n and rest_n are what was looked at
    selected customers or channels are selected
    """

    points: pd.DataFrame
    looked: pd.DataFrame
    reasons: Mapping[str, Text]
    one_in: int = 1
    selected: bool = False

    @property
    def selection(self) -> Selection:
        """What "elsewhere" is where customers or channels are selected: "within" the selection only, or "both" there
        and outside; "" = none are selected."""
        return "" if not self.selected else "both" if (self.looked["against"] == OUTSIDE).any() else "within"

    @property
    def tested(self) -> int:
        """How many places and measures were tested against the rest."""
        return int(self.looked["p"].notna().sum()) if "p" in self.looked else 0


def pain_points(store: Store, filters: Filters = Filters(), by: str | None = BY) -> pd.DataFrame:
    """Pain points and moments of delight: the frame `Friction.points`. Raises UnknownValue."""
    return friction(store, filters, by).points


def friction(store: Store, filters: Filters = Filters(), by: str | None = BY) -> Friction:
    """Pain points, moments of delight, and everything that was looked at.

    by  the further dimension of the cells: "persona", "campaign" or the key of an attribute; None = none
    Raises UnknownValue.
    """
    split = None if by is None else dimension(store, by)
    if split is not None and not split.attribute and split.name in PLACES:
        raise UnknownValue(text("Breakdown"), by, ["persona", "campaign"])
    minimum = max(minimum_n(store), 2)
    within = judged(rows(store, filters, split), by, minimum)
    return within if (wider := outside(filters)) is None else _both(
        within, _outside(store, wider, filters, minimum))


def outside(filters: Filters) -> Filters | None:
    """The selection that holds everybody's interactions, where customers or channels are selected; else None."""
    selects = filters.persona or filters.attributes or filters.channel
    return replace(filters, persona=(), attributes=(), channel=()) if selects else None


def around(point: Mapping[str, object], filters: Filters) -> Filters:
    """The selection that a place of `friction` was held against, with the place itself."""
    wider = outside(filters) if point["against"] == OUTSIDE else None
    return filters if wider is None else replace(wider, touchpoint=(str(point["touchpoint"]),))


def judged(known: Rows, by: str | None, minimum: int) -> Friction:
    """`friction` of rows that are there already. minimum: fewest answers on either side."""
    studies: list[Study] = []
    reasons = {}
    for key, measure in MEASURES.items():
        found = studied(known, key, measure, by is not None, minimum)
        if isinstance(found, Text):
            reasons[key] = found
        else:
            studies += found
    frame = _weighed(studies, known, by, minimum)
    return Friction(_points(frame[frame["claimed"]].reset_index(drop=True), studies, known), frame[_LOOKED], reasons,
                    known.one_in)


def _outside(store: Store, wider: Filters, filters: Filters, minimum: int) -> Friction:
    """The touchpoints of a selection, each against the same touchpoint of all others in a wider selection."""
    of = None if filters.attributes else beside(store, wider, filters)
    if of is None:  # a customer's first contact may be in it and one outside, too: counted in the rows
        known, spent = rows(store, wider, filters), None
        studies = [study for key in MEASURES for study in apart(known, key, minimum)]
    else:
        known, spent = of.names, of.touchpoints.spent
        studies = [study for key in MEASURES
                   for touchpoint, customer, value, inside in of.touchpoints.studies(key, of.inside, minimum)
                   for study in [at_touchpoint(key, touchpoint, customer, value, inside, np.arange(0), minimum)]
                   if study is not None]
    frame = _weighed(studies, known, None, minimum, OUTSIDE)
    claimed = frame[frame["claimed"]].reset_index(drop=True)
    if of is not None and len(claimed):
        known = of.rows(claimed["touchpoint_code"].unique())
        studies = [study for key in MEASURES if (claimed["measure"] == key).any()
                   for study in apart(known, key, minimum)]
        order = {(study.key, int(study.columns["touchpoint"][0])): place for place, study in enumerate(studies)}
        claimed["study"] = [order[row] for row in zip(claimed["measure"], claimed["touchpoint_code"], strict=True)]
    return Friction(_points(claimed, studies, known, spent), frame[_LOOKED], {}, known.one_in)


def _weighed(studies: list[Study], known: Rows, by: str | None, minimum: int,
             against: str = ELSEWHERE) -> pd.DataFrame:
    """What was looked at, corrected for how much that is, and what is claimed of it."""
    if not studies:
        return pd.DataFrame(columns=_LOOKED)
    p = np.concatenate([study.columns["p"] for study in studies])
    adjusted = stats.adjusted(p)
    sure = adjusted < SIGNIFICANT_AT  # by Benjamini–Hochberg p ≤ level × rejected ÷ tests
    limit = float(-special.ndtri(SIGNIFICANT_AT * max(sure.sum(), 1) / (~np.isnan(p)).sum() / 2))
    looked: list[dict[str, np.ndarray]] = []
    at = 0
    for study in studies:
        size = len(study.columns["p"])
        mine = adjusted[at:at + size]
        at += size
        chosen = study.explained(mine < SIGNIFICANT_AT, limit, minimum)
        looked.append({**study.columns, "p_adjusted": mine[study.every.first], "at": np.arange(size),
                       "claimed": np.isin(np.arange(size), chosen), "study": np.full(size, len(looked))})
    together = {name: np.concatenate([each[name] for each in looked]) for name in looked[0]}
    frame = _placed(pd.DataFrame({**together, "measure": together["measure"].astype("str")}), known, by)
    frame["against"] = against
    felt = frame["measure"].isin([key for key, measure in MEASURES.items() if measure.felt])
    frame["claimed"] &= (frame["kind"] == "pain") | felt
    frame["customers"] *= frame["measure"].map(known.factor)
    return frame


def _both(within: Friction, beside: Friction) -> Friction:
    """What was found in a selection and against what is outside it, each corrected for its own number of tests. Of what
    both tell of the same place and measure, the graver stays."""
    parts = [each.points for each in (within, beside) if len(each.points)]
    points = _ranked(pd.concat(parts, ignore_index=True)) if parts else within.points
    looked = [each.looked for each in (within, beside) if len(each.looked)]
    return Friction(points[~points.duplicated(["cell", "measure"])].reset_index(drop=True),
                    pd.concat(looked, ignore_index=True) if looked else within.looked, within.reasons,
                    max(within.one_in, beside.one_in), selected=True)


def narrowed(point: Mapping[str, object], filters: Filters = Filters()) -> Filters:
    """The selection that holds a cell's interactions: `filters` and the cell's places. point: a row of the frame."""
    given = {name: (str(point[name]),) for name in (*PLACES, "persona") if point[name]}
    attributes = dict(filters.attributes)
    if point["attribute"]:
        attributes[str(point["attribute"])] = (str(point["attribute_value"]),)
    return replace(filters, attributes=tuple(attributes.items()), **given)  # type: ignore[arg-type]


def grid(of: Friction, measure: str, row: str, order: Sequence[str]) -> pd.DataFrame:
    """What was looked at of one measure by `row` (touchpoint or stage) and channel: rows of `Friction.looked`, in this
    order of the rows' keys."""
    looked = of.looked
    both = (looked[row] != "") & (looked["channel"] != "") & (looked["persona"] == "") & (looked["attribute"] == "")
    both &= (looked["against"] == ELSEWHERE) & (looked["measure"] == measure)
    both &= (looked["touchpoint"] == "" if row == "stage" else True)
    places = {key: number for number, key in enumerate(order)}
    return looked[both].sort_values(row, key=lambda keys: keys.map(places), kind="stable").reset_index(drop=True)


def customers(store: Store, point: Mapping[str, object], filters: Filters = Filters(),
              limit: int = 1000) -> pd.DataFrame:
    """The known customers of a cell, those it was worst for first: customer_id, interactions, net (net emotion there,
    null = unknown), longest_wait (seconds), most_late (days), complaints, first_at, last_at."""
    where = narrowed(point, filters).interactions("i")
    return store.frame(f"""
        SELECT k.customer_id, count(*) AS interactions, 100.0 * avg(i.emotion) AS net,
            CAST(max(i.wait_seconds) AS DOUBLE) AS longest_wait, CAST(max(i.delay_days) AS DOUBLE) AS most_late,
            count(CASE WHEN i.is_complaint THEN 1 END) AS complaints, min(i.occurred_at) AS first_at,
            max(i.occurred_at) AS last_at
        FROM interactions i JOIN customers k ON k.customer_key = i.customer_key AND NOT k.anonymous
        WHERE {where.sql} GROUP BY k.customer_id
        ORDER BY net NULLS LAST, complaints DESC, most_late DESC NULLS LAST, longest_wait DESC NULLS LAST,
            interactions DESC, k.customer_id LIMIT {int(limit)}""", where.params)


# --- what is told of them ---


def _placed(frame: pd.DataFrame, known: Rows, by: str | None) -> pd.DataFrame:
    """The frame with keys and labels instead of codes, and what kind each would be."""
    named = frame.copy()
    for name in (*PLACES, "part"):
        keys, labels = known.names[name]
        codes = frame[name].to_numpy()
        named[name] = [keys[code] if code >= 0 else "" for code in codes]
        named[f"{name}_label"] = [labels[code] if code >= 0 else "" for code in codes]
    of_persona = by in (None, "persona")
    named["persona"], named["persona_label"] = (named["part"], named["part_label"]) if of_persona else ("", "")
    parted = frame["part"].to_numpy() >= 0
    named["attribute"] = np.where(parted & (not of_persona), by or "", "")
    named["attribute_value"] = np.where(parted & (not of_persona), named["part"], "")
    good = frame["measure"].map({key: measure.direction for key, measure in MEASURES.items()})
    named["kind"] = np.where(good * (frame["value"] - frame["rest"]) < 0, "pain", "delight")
    return named.assign(part_code=frame["part"], **{f"{name}_code": frame[name] for name in PLACES})


def _points(frame: pd.DataFrame, studies: list[Study], known: Rows, spent: Floats | None = None) -> pd.DataFrame:
    """spent: what each customer spent in all, where `known` holds but some of the rows."""
    if frame.empty:
        return pd.DataFrame(columns=COLUMNS)
    found = []
    if spent is None:
        spent = np.bincount(known.customer, np.nan_to_num(known.spent)).astype(float)
    for point in frame.to_dict("records"):
        study = studies[point["study"]]
        inside = study.every.holds(point["at"])[study.of.of_row]
        at = study.rows[inside]
        everywhere = _inside(known, point)
        trend = direction(study.value[inside], known.day[at], known.customer[at], MEASURES[study.key].direction)
        who = _once(known.customer[everywhere])
        whole = who if known.whole is None else _once(known.customer[everywhere & known.whole])
        # some answered whom the sample left out
        mine = _about(max(len(whole) * known.one_in, point["customers"])) if known.one_in > 1 else len(who)
        found.append({**trend, "customers": mine, "one_in": known.factor(study.key), "about": known.one_in > 1,
                      "loss": mine * abs(point["value"] - point["rest"]) / point["spread_of_answers"],
                      "revenue": float(spent[whole].sum()) * known.one_in if known.revenue and len(whole) else np.nan,
                      **(_worth(known, everywhere, point, mine) if point["kind"] == "pain" else _UNKNOWN)})
    told = frame.drop(columns="customers").join(pd.DataFrame(found))
    told["trend_p"] = stats.adjusted(told["trend_p"])
    told["trend"] = told["trend"].where((told["trend_p"] < SIGNIFICANT_AT) | told["trend"].isna(), "steady")
    told["trend"] = told["trend"].astype(object).where(told["trend_p"].notna(), None)
    places = [*PLACES, "persona", "attribute", "attribute_value"]
    told["cell"] = ["|".join(row) for row in told[places].astype(str).itertuples(index=False)]
    told["text"] = pd.Series([sentence(row) for row in told.to_dict("records")], dtype=object)
    return _ranked(told)[COLUMNS]


def _ranked(told: pd.DataFrame) -> pd.DataFrame:
    """Pains first, the place with the largest loss first, its rows together."""
    most = told.groupby(["kind", "cell"])["loss"].transform("max")
    told = told.assign(_pain=told["kind"] != "pain", _most=most)
    told = told.sort_values(["_pain", "_most", "cell", "loss"], ascending=[True, False, True, False], kind="stable")
    return told.drop(columns=["_pain", "_most"]).reset_index(drop=True)


def _once(customers: Ints) -> Ints:
    """Each customer once; the rows of one stand together."""
    return customers[np.diff(customers, prepend=-1) != 0]


def _about(number: int) -> int:
    """To two digits."""
    return round(number, 2 - len(str(number)))


_UNKNOWN = {"worth": np.nan, "worth_lower": np.nan, "worth_upper": np.nan}


def _inside(known: Rows, point: Mapping[str, object]) -> np.ndarray:
    """The rows of a cell, whatever is known of them."""
    inside = np.ones(len(known.customer), dtype=bool)
    for name in (*PLACES, "part"):
        if point[f"{name}_code"] >= 0:  # type: ignore[operator]
            inside &= known.places[name] == point[f"{name}_code"]
    return inside


def _worth(known: Rows, inside: np.ndarray, point: Mapping[str, object], customers: int) -> dict[str, float]:
    """What the customers of a cell spent less in the days after than others at the same touchpoint, all together."""
    if not known.revenue or point["touchpoint_code"] < 0:  # type: ignore[operator]
        return _UNKNOWN
    same = (known.places["touchpoint"] == point["touchpoint_code"]) & ~np.isnan(known.later)
    here, there = known.later[inside & same], known.later[~inside & same]
    if min(len(here), len(there)) < 2:
        return _UNKNOWN
    less = stats.difference_of_means(len(there), there.sum(), (there**2).sum(), len(here), here.sum(), (here**2).sum())
    if not less.p < SIGNIFICANT_AT or less.value <= 0:
        return _UNKNOWN
    return {"worth": customers * float(less.value), "worth_lower": customers * float(less.lower),
            "worth_upper": customers * float(less.upper)}
