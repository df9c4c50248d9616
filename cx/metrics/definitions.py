"""What every number means, in either language: for the Definitions page and for docs/metrics.md.

    python -m cx.metrics.definitions > docs/metrics.md
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

import pandas as pd

from cx.language import Text, language, text
from cx.metrics.kpi_registry import INTERVALS, KPIS, Kpi
from cx.model import FIELD

UNITS: Mapping[str, Text] = {
    "points": text("points (−100 to 100)"), "share": text("share"), "score": text("number"),
    "seconds": text("duration"), "days": text("number of days"), "count": text("count"), "money": text("amount"),
    "per_1000": text("per 1,000"),
}
DIRECTIONS: Mapping[int, Text] = {1: text("higher is better"), -1: text("lower is better"), 0: text("neither")}
COLUMNS: Mapping[str, Text] = {
    "name": text("KPI"), "definition": text("Definition"), "formula": text("Formula"), "unit": text("Unit"),
    "direction": text("What is good"), "interval": text("95% interval"), "minimum_n": text("Minimum answers"),
    "needs": text("Needs"), "source": text("Source")}
"""The columns of `definitions` that are exported, and what a reader calls them."""


def definitions(code: str = "en", kpis: Mapping[str, Kpi] = KPIS) -> pd.DataFrame:
    """One row per KPI (`kpis`: those of cx.metrics.own_kpi.registry to have the company's own too), in that language:
    kpi (key), name, definition, formula, unit, direction, interval, minimum_n (0 = none), needs (the fields, in words),
    source (of the formula, "" = plain words).
    """
    t = language(code)
    return pd.DataFrame([{
        "kpi": kpi.key, "name": t(kpi.name), "definition": t(kpi.definition), "formula": t(kpi.formula),
        "unit": t(UNITS[kpi.unit]), "direction": t(DIRECTIONS[kpi.direction]), "interval": t(INTERVALS[kpi.method]),
        "minimum_n": kpi.minimum_n, "needs": needs(kpi, code), "source": kpi.citation or ""} for kpi in kpis.values()])


def needs(kpi: Kpi, code: str = "en") -> str:
    """The fields a KPI needs, in words: `Customer + Order number`, alternatives after each other."""
    t = language(code)
    ways = [" + ".join(t(FIELD[name].label) for name in way) for way in kpi.fields]
    return (" " + t("or") + " ").join(ways)


_RULES = """\
## What is counted

**Interactions and customers.** Scores, emotion, waiting, delay, complaints per 1,000 interactions, orders and revenue
count interactions, those of anonymous respondents too. Conversion, retention, churn, repurchase, loyalty, the
complaint rate and orders per customer count known customers.

**Dates.** An interaction without a date counts wherever no period is chosen, and never in a trend, a funnel or
retention. A calendar period that the data or the selection does not cover to its last day is marked as incomplete.

**Orders.** Rows with one order number (of one customer) are one order; it counts where and when its first row stands.
A row with revenue but no order number is an order of its own.

**Filters.** Persona and attributes choose customers with all their interactions. The period, channel, stage and
touchpoint choose interactions. In journey questions (funnel, conversion, retention, churn, repurchase) the channel is
the customer's first one, and stage and touchpoint choose customers who were there, since cutting steps out of
journeys would break them. In "own channel" reading, only steps in that channel count;
conversion, which is of whole journeys, then has no value.

**Undefined is not zero.** A KPI without an answer, or whose column nobody uploaded, has no value, and says why.

**Intervals** are 95 %. A value on fewer answers than the minimum is shown as "few answers", and no change of it is
called significant. Changes and differences carry a test (shares: N−1 two-proportion test with Newcombe's interval;
net scores: adjusted Wald; means: Welch), corrected by Benjamini–Hochberg over all that are shown together. Near ±100
the interval of a net score is widened to hold its own point.

**Without a chosen period** a value is over all data, and its change compares the last 90 days with the 90 days before
(in data of fewer than 180 days, its second half with its first). Retention, churn and repurchase then compare these
two periods.

**Who comes back** (retention, churn, repurchase) is compared between two periods only where as much data lies before
the customers of the earlier one as lies between the two: where the data begins everybody looks new, and new customers
come back more seldom, so that the data's growing age alone would look like a change.

**KPIs of one's own** are the share or mean of a field among all interactions, or among those that meet a condition;
of a share the denominator is the interactions in which the field is known (all of them for "given", "missing" and
complaints). They have the interval of any share or mean.

**Targets** are met when the whole interval is on the right side of them, missed when it is on the wrong side; else it
cannot be told yet.

## Over time

- **A year earlier** lies month under month, quarter under quarter; days and weeks lie under those 52 weeks before, so
  that weekdays match. **The period before** lies with its first calendar period under the first.
- **Unusual**: a complete period whose value lies more than 3.5 robust standard deviations (modified z-score, Iglewicz &
  Hoaglin 1993) from what its neighbours' robust line and the season let expect, and more than three of its own standard
  errors, on the minimum of answers or more. Weekdays count as a season after three weeks, months and quarters after
  three years. It takes eight periods.
- **Forecast**: exponential smoothing, from 12 complete periods on; with its 95 % interval and how far off it was one
  period ahead over the last 3–6 periods, which it had not seen when it was fitted (docs/decisions/0007-forecast.md).
- **Holidays**: the public holidays of Türkiye, Good Friday, Easter Monday and Christmas Day, named at days and weeks.

## Emotion

An interaction's emotion is taken from the first of these that it has: the emotion its file gives, satisfaction (the
satisfied box is positive, its mirror image negative), recommendation (promoter, detractor), effort (5–7 easy, 1–3
hard), expectation met or not, a complaint (negative), the words of the comment, in English or Turkish, where they are
clear enough (docs/decisions/0008-sentiment.md). Otherwise it is unknown, which is not neutral. The *journey gap*
compares the mean of what customers felt at the touchpoints with their last known emotion and their last
recommendation. *Peak and end* is the mean of each customer's strongest moment (the worst, where anything was bad) and
last one, by which people remember (Kahneman et al. 1993).

**Topics of comments** are words, cut to their first letters, and pairs of words that tell negative comments from
positive ones: weighted log-odds with an informative Dirichlet prior (Monroe et al. 2008), sure at 5 % after
correction. The *NPS impact* of a topic is the NPS of all answers minus the NPS without those whose comment has it; it
needs ten answers with and ten without. It is an association, not a cause.

## The funnel

A step is one value, or any of several, of stage, touchpoint or channel.

- **Ordered** (default): other interactions may lie in between. Equal times count as "after": of two interactions with
  the same time either may be the earlier step. An interaction fills at most one step, also where a step is repeated
  or two steps share a value.
- **Any order**: position *k* means *k* different steps, whichever they are, filled by *k* different interactions,
  within the window of the first of them.
- **Strict**: no other interaction of the customer lies in between. Interactions with the same time are read in the
  order that suits the customer; all of them must still fit: between the first and the last time of an attempt every
  interaction fills a step.
- **Attempts**: every time at which the first step occurs starts an attempt; each later step is taken at its earliest
  (but see the time since the step before). The customer's best attempt counts: the furthest, then the earliest.
- **Window**: from the first step to every later one, its end included. No window means no limit.
- **Time since the step before** (in order, or strict): a step may have to come at most so long after the last step
  before it that may not be skipped, its end included. An earlier arrival may then lead less far: of all ways from a
  start the furthest counts, of these the one with the earliest arrivals.
- **A step that may be skipped** (in order; neither the first nor the last) changes no other step: the others are
  reached, and their shares and times are, as if it were not there. It is reached by those who did it between its
  neighbours (or after the last step they reached, while the attempt could go on), with an interaction that no other
  step needs. "The step before" always is the last one that may not be skipped.
- **Exclusion**: an excluded interaction strictly between the times of two steps (that may not be skipped) removes the
  attempt; other attempts of the customer still count. Where the second of the two steps is not reached, the span runs
  until the attempt could go no further, that moment not included. The way of an attempt is chosen first, the exclusion
  is asked of it then. In any order the two are positions reached, not named steps.
- **Period**: the start of an attempt decides. Conversions may come after the period's end.
- **Breakdown**: by the customer's first (or last) dated value that is not missing (of one moment, the one loaded
  first); customers without one are a group of their own. Or "all": each value as a funnel of its own that sees only the
  interactions with that value; customers without one are in none.
- **Steps in this channel only**: only interactions in that channel fill steps. In strict order, and for exclusions,
  those in other channels still lie in between.
- **Still open**: customers who have not reached a step and of whom an attempt could still go on at the last moment of
  the data, inside the window and the times since the step before. In strict order nobody is open who has done anything
  else since. Unknown unless every step has a limit.
- **Both denominators** are shown: of those who reached the step before, and of those who entered.
- **Stages passed by**: the funnel of all stages asks for every stage in use, in order. Of those who came to the
  purchase (from stages behind it: to the last one) it is told how many have no interaction in a stage before it, ever:
  of those who entered, the funnel counts these as lost. A stage can be left out of the funnel; the caption says so.
- **Two funnels compared** (periods, groups): N−1 two-proportion tests with Newcombe's intervals at every step, of those
  who reached the step before and of those who entered; medians of the times by Price & Bonett (2002); all corrected
  together by Benjamini–Hochberg. Below the minimum of customers on a side there is no verdict. With a time limit only
  those count who entered early enough to have had all of it. Without one, an earlier period is taken as it stood when
  it was as old as the later one is at the end of the data. Customers on both sides are told.
- **Any two selections compared** (everywhere else): the interval of a difference from the two intervals (MOVER, Zou &
  Donner 2008), p from its bound towards zero, Benjamini–Hochberg over the rows of a table, no verdict below the minimum
  of answers.

## Walking the journey

Customers of one persona and (or) first channel against all others that the filters choose. Per stage: customers who
were there, of all customers of their side; touchpoints, of those who were at the stage; net emotion; median and ninth
decile of the waiting time; and of those who reached the stage in the funnel of all stages in order, the share that
reached the next one and the median time. Differences of net emotion and of going on are corrected together by
Benjamini–Hochberg, those of touchpoints among each other. Comments: the newest negative, positive and other one.

## Simulator

The funnel of all stages in order, with conversions set by hand. As many customers enter as did; conversions left alone
stay; customers whose furthest stage is the same bring in the same on average. Intervals: 4,000 draws (a fixed seed) of
each conversion left alone from its Beta posterior (Jeffreys' prior) and of the mean revenue at each furthest stage from
its normal distribution; what is set has no uncertainty. The same draws stand behind now and then. A step behind a
conversion of fewer than 30 customers is not simulated.

## Paths

- **Counted** are customers, each with the whole journey, or sessions: a pause longer than 30 minutes (settable) starts
  a new one. The period chooses the journeys or sessions that start in it.
- **Order**: by time; of equal times the earlier stage of the model first, interactions without a stage last; then as
  loaded. Undated interactions are in no path; those without a touchpoint (channel, stage) are no step, and are told.
- **Immediate repeats** are one step, unless each is asked to be one.
- **After, before, around** a place start at its first occurrence in each journey. Every step adds up to all that are
  counted: the largest by name, *others*, and those whose journey has ended or has not begun.
- **What follows what** counts every step of every journey; the row of a place adds up to 100 %, its end included.
- **Ways** are whole sequences; one longer than shown is cut and counts with those that begin alike. *Reached purchase*
  is having an interaction in the purchase stage, wherever in the sequence; net emotion is of all its interactions.
- **Loops** A → B → A are counted with repeats as one step; net emotion there is of the interactions at B and on the
  return to A. *Going back* is a step to an earlier stage than the one before, or to a touchpoint that was left.

## Across channels

**Hand-offs.** A *stay* is a customer's contacts of one stage through one channel, each at most 72 hours (settable, the
end included) after the one before, with no other channel between. A *hand-off* is a stay in another channel that
begins at most so long after. A *move* is any step from one contact to the next within that time. Rows of one moment in
one channel (the lines of an order) are one contact.

- Interactions without a date, a stage or a channel, and those of other stages in between, are not looked at. Equal
  times count in the order loaded.
- Rows of surveys are contacts like others. In the sample they make 0.6 % of the hand-offs, and four fifths of what is
  known of how these felt; a row with scores only cannot be told from a contact that was rated.
- *Felt after*: the known emotions in the stay a hand-off led to. It is compared with stays that no hand-off began or
  ended, in the channel that was left (or in the one that was reached). Customers who change the channel have other
  matters than those who stay: a difference is no proof that the change made it.
- *Same again*: the last touchpoint (or topic) of the stay that was left is met again in that stage, at or after the
  hand-off, at most so long after the stay ended.
- The period chooses stays by their end.

**Repeat contacts.** Contacts are the interactions at the touchpoints chosen; without a choice those of which at least a
fifth of the rows have a waiting time or are complaints, or at least half are by phone or chat. Where contacts carry
waiting times or complaint marks, a row with nothing but scores is the answer to a survey and no contact. A contact is
a *repeat* when the same customer had one at the same touchpoint (or about the same topic) at most 7 days (settable)
before.

- *First-contact resolution* is the share of resolved ones among the contacts that are no repeat, where a column says so
  (resolved, solved, çözüldü…: at least four fifths of its answers mean yes or no; others are left out). Else it is
  implied: the share that no repeat followed, of contacts whose time has run out. A customer who gave up counts as
  resolved there.
- Contacts of the first days of the data may repeat ones that lie before it.

**Attribution.** The path of a purchase is what the customer met through a known channel since the time of the purchase
before, the purchase itself included (settable), within a time before it (settable). Immediate repeats are one contact,
unless each is asked to be one. Orders at one time share a path. Orders are those of the KPI; those of nobody known or
without a date are left out and told. An order without a path is *not known*; every rule adds up to all orders and all
revenue.

- *First contact*, *last contact*: all to that one. *Linear*: the same to each. *Position*: 40 % to the first and the
  last each, 20 % to those between (two: half each). *Time decay*: half as much for every 7 days (settable) earlier.
- *Markov* (Anderl and others 2016): from how often which channel follows which, on the way to purchases and in journeys
  that have not led to one, the share of the purchases that would be lost without a channel; these shares, made to add
  up to one. Exact, from the absorption probabilities of the chain. Revenue follows the shares of the purchases.
- *Shapley* (Zhao and others 2018): the worth of a set of channels is what was bought by those who met none but its
  channels. The Shapley value of that is each purchase shared alike among the different channels of its path, however
  often they occur: exact for any number of channels.
- Intervals: jackknife over 50 groups of customers, none where no group makes a difference. Differences to the last
  contact are taken within the same groups and corrected by Benjamini–Hochberg over all rules and channels.
- Credit is not cause: customers may meet a channel because they are about to buy.

## Retention and cohorts

A customer belongs to the week, month or quarter of the first interaction (by activity) or of the first order (by
purchase). Age 0 is that period, where everybody is there; age *k* is the *k*-th period after it.

- **In the period**: customers of the cohort who were active (or ordered) in it ÷ customers of the cohort.
- **In or after the period**: those active in it or in any period since, to the end of the data. Who is gone by this
  reading has not been seen again.
- **Not over yet**: a period that ends after the last day of the data is marked, and left out of the curve. "In or
  after" is also marked until two whole periods have followed; even then who stays silent longer may return, and newer
  cohorts have had less time, so it is rather too low than too high and newer cohorts are compared with older ones "in
  the period" only.
- **Curve**: all cohorts together; each age from the cohorts for which it is complete, so later ages rest on older
  cohorts. By persona, first channel or attribute: by the customer's first value.
- **Period**: chooses customers by their first time; what they do later counts to the end of the data. The cohort in
  which the data begins may hold customers who are older than the data.
- **Half are gone** is said only where the whole interval of "in or after" lies below one half.

## Pain points and moments of delight

Cells of touchpoint, channel and stage, alone and together, and each with one more dimension (persona, campaign or a
column), are held against all other chosen interactions.

- **Measures**: NPS, share satisfied, net emotion (without feelings told by nothing but a complaint, which could only be
  bad), share that do not go on, complaints (among rows that say yes or no), waiting time, share late, and repeat
  contacts (within 7 days at the same touchpoint). Only the first three can be delights.
- **Do not go on**: customers who, within 30 days of their first time there, reached no later stage and none of the
  touchpoints of the stage that usually come afterwards (in 75 % of the customers who were at both). Compared with
  the same touchpoint elsewhere only, since it depends on where in the journey one stands.
- **What the files decide** is no finding: rows of an upload at a touchpoint where none of 30 or more go on, or all (it
  holds no next step, or writes one beside each), and complaints at a touchpoint that holds nothing else (there they are
  taken down; where they arose is not told).
- **A selection of customers or channels** (persona, column, channel): what is bad for all of them does not stand out
  among them. So each touchpoint is also held against the same touchpoint outside the selection, in the same period,
  corrected over all of these comparisons; the sentence says “outside the selection”. Of one place and measure that
  both comparisons tell of, the graver is listed. The map of cells shows the first comparison.
- **Impact**: mean of all − mean of all without the cell, in the measure's unit, with a 95 % interval.
- **Answers of one customer are not independent**: variances are summed over customers (Liang & Zeger 1986), for the
  test never below that of independent answers. At least the minimum of answers and 20 customers on either side.
- **Correction**: Benjamini–Hochberg over all cells and measures looked at.
- **Nested cells**: stepwise; the surest cell joins, what the chosen ones explain together is taken off, and one that is
  no longer sure beside the others leaves. So a stage that is bad only by one touchpoint is not listed.
- **Order**: customers who were there × difference in standard deviations of the measure.
- **Trend**: slope over time of the answers there, against no slope, corrected over all that are listed; none for fewer
  than 60 days or 20 customers.
- **Very many interactions** (customers of the selection with more than 3,000,000): judged is a random sample of the
  customers with all they did, as many as have about 1,000,000 interactions, but no fewer than about 20,000 (of fewer
  nobody is left out); of a part of so many, that part's customers, all where they have up to 1,000,000. They are
  chosen by a spread of their internal numbers, so by nothing they are or did: the same ones whenever it is asked; as
  data grow, some of them. Answers that are few (together at most 1,000,000: scores, emotions, waits, delays) are all
  judged, whoever gave them. Tests and intervals are of what was judged, as are n; customers (to two digits, “about”),
  losses, revenue and worth are estimated for everybody. The page, what is saved of it, alerts and actions say so. What
  tells customers of the funnel apart is of such a sample of those who reached the step, with at least about 1,000 who
  went on and 1,000 who did not; how journeys are remembered, of those with an answer.
- **Less spent**: what customers spent in the 90 days after their first time there, against others at the same
  touchpoint, times the customers; only where the difference is sure (Welch).

## Drivers

- **Rows** are customers and anonymous respondents; several answers of one are averaged. Used are those who have the
  outcome and everything weighed. Unless chosen by hand, things join while at least 100 customers, 20 for each thing,
  and half of the first one's remain.
- **Weights**: Johnson's relative weights (2000): R² shared out among things that hang together; 95 % percentile
  bootstrap over customers. "Within chance": no more than a number drawn at random (Tonidandel, LeBreton & Johnson
  2009).
- **Outcomes**: mean recommendation; mean satisfaction (then touchpoint scores, of which it is made, are not weighed);
  two or more orders, among buyers; logarithm of the revenue, among buyers.
- **Refused**: fewer customers, an outcome or thing that does not vary, things that say the same (variance inflation
  above 10).
- **Fix first**: weight above the mean and performance below it. Performance: mean score as a share of its scale, share
  never late, share that never complained.
- Association, not cause.

## Waiting and lateness

A contact without a score takes that of the customer's next row at the same touchpoint within 7 days, where that row has
no waiting time or delay itself. The slowest 2 % count as the slowest of the others.

- **Curve**: isotonic (falling) regression; 95 % band and the interval of where it falls below zero (satisfied: below
  half) by bootstrap over customers. Said only where a straight line surely falls.
- **Break**: two lines that meet instead of one (segmented regression); told where a wild bootstrap by customer says one
  line would not look so broken by chance (corrected over the groups shown), with a bootstrap interval.
"""


def markdown() -> str:
    """docs/metrics.md."""
    lines = ["# Metrics", "", "Written by `python -m cx.metrics.definitions`; do not edit by hand.", "", "## KPIs", ""]
    for row in definitions("en").itertuples():
        minimum = f" · at least {row.minimum_n} answers" if row.minimum_n else ""
        lines += [f"### {row.name}", "", f"`{row.kpi}` · {row.unit} · {row.direction}{minimum}", "",
                  str(row.definition), "", f"- Formula: {row.formula}", f"- Interval: {row.interval}",
                  f"- Needs: {row.needs}"]
        lines += [f"- Source: {row.source}"] if row.source else []
        lines.append("")
    return "\n".join(lines) + "\n" + _RULES


if __name__ == "__main__":
    sys.stdout.write(markdown())
