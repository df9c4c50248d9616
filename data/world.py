"""The retailer of the sample data: its customers and what happened to them, as arrays of codes (no language yet).

Everything follows from `simulate(customers, seed, chunk)`. Times are whole minutes since START.
The planted truths are the constants marked PLANTED; data/README.md describes each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.dice import Dice

START = np.datetime64("2025-05-01T00:00", "m")
END = np.datetime64("2026-11-01T00:00", "m")  # excluded: the last day is 2026-10-31
DAY = 1440
DAYS = int((END - START) // np.timedelta64(1, "D"))
LAST = DAYS * DAY
SEED = 2026


def day(date: str) -> int:
    """Days from START to a date."""
    return int((np.datetime64(date, "D") - START.astype("datetime64[D]")).astype(int))


TOUCHPOINTS = ("social_post", "search_ad", "display_ad", "search_result", "home", "newsletter", "landing",
               "store_visit", "category", "product", "comparison", "site_search", "reviews_read", "wish_list",
               "store_advice", "basket", "checkout", "payment", "delivery", "pickup", "order", "chat", "call", "mail",
               "return", "refund", "account", "loyalty", "review", "referral", "shared")
CHANNELS = ("web", "app", "email", "phone", "whatsapp", "store", "social", "paid_search", "organic", "display",
            "referral", "marketplace")
PERSONAS = ("bargain", "loyal", "parent", "young", "quality")
REGIONS = ("north", "south", "east", "west", "centre")
TOPICS = ("late", "refund", "product", "payment", "damaged", "account", "invoice")
T = {name: code for code, name in enumerate(TOUCHPOINTS)}
C = {name: code for code, name in enumerate(CHANNELS)}
P = {name: code for code, name in enumerate(PERSONAS)}
R = {name: code for code, name in enumerate(REGIONS)}
TOPIC = {name: code for code, name in enumerate(TOPICS)}

# --- planted truths ---
DELAY_REGION, DELAY_FROM = R["south"], day("2026-04-01")
DELAY_SHARE, DELAY_EXTRA = 0.75, 3.2  # PLANTED 1: this share of home deliveries is late, by 1 + Poisson(this) days
LATE_COST, LATE_COST_MOST = 0.40, 2.2  # satisfaction lost per day late (everywhere), and at most
CHAT_WAIT = {"web": 80.0, "app": 540.0, "whatsapp": 110.0}  # PLANTED 2: median seconds in the queue
APP_CHAT_SATISFACTION, APP_CHAT_EASE = -0.9, -1.2  # PLANTED 2: on top of what lower satisfaction does to ease
PAYS = 0.86  # chance that a customer who ever reaches the checkout ever pays
YOUNG_PAYS, YOUNG_CHECKOUT_SATISFACTION = 0.30, -0.8  # PLANTED 3
SATISFACTION = {"delivery": 3.85, "pickup": 4.55}  # PLANTED 4
TRAINING_FROM = day("2026-02-01")
CALL_BEFORE, CALL_AFTER = 2.95, 3.95  # PLANTED 5
RETURNS, QUALITY_RETURNS = 0.07, 0.60  # PLANTED 6: share of orders sent back
REFUND_DAYS, QUALITY_REFUND_DAYS = 4.0, 19.0
REFUND_SATISFACTION, QUALITY_REFUND_SATISFACTION, QUALITY_ELSEWHERE = 3.5, 1.6, 0.60
LEAVES, QUALITY_LEAVES = 0.15, 0.90  # share that never comes back after a refund
#                     web   e-mail store  social search organic display referral marketplace
ACQUISITION = ("web", "email", "store", "social", "paid_search", "organic", "display", "referral", "marketplace")
ACQUISITION_SHARE = (.10, .08, .07, .15, .16, .17, .17, .05, .05)
CONSIDERS = (.80, .82, .80, .72, .76, .82, .52, .92, .74)
REACHES_BASKET = (.70, .72, .62, .60, .68, .70, .30, .92, .68)  # PLANTED 7: display low, referral high

# --- the rest of the world ---
PERSONA_SHARE = (.26, .20, .22, .18, .14)
REGION_SHARE = (.18, .24, .16, .19, .23)
REPEATS = (1.3, 2.6, 2.0, 1.2, 1.5)  # further orders a buyer makes, mean, by persona, in an open-ended future
BASE = {"social_post": 3.45, "search_ad": 3.4, "display_ad": 3.1, "search_result": 3.6, "home": 3.7, "newsletter": 3.5,
        "landing": 3.6, "store_visit": 3.9, "category": 3.65, "product": 3.9, "comparison": 3.75, "site_search": 3.45,
        "reviews_read": 3.9, "wish_list": 3.9, "store_advice": 4.2, "basket": 3.75, "checkout": 3.5, "payment": 3.75,
        "chat": 3.85, "mail": 3.3, "return": 3.4, "account": 3.7, "loyalty": 4.15, "review": 4.3, "referral": 4.5,
        "shared": 4.3, "order": 3.8, "call": CALL_BEFORE, "refund": REFUND_SATISFACTION, **SATISFACTION}
ANSWERS = {"delivery": .40, "pickup": .40, "chat": .42, "call": .42, "mail": .30, "return": .32, "refund": .58,
           "loyalty": .14, "review": .25, "referral": .25, "shared": .20, "checkout": .10, "payment": .07,
           "basket": .04, "account": .05, "order": 0.0}  # share of interactions that are followed by an answer
ANSWERS_ELSEWHERE = 0.03
ASKED_NPS = ("delivery", "pickup", "chat", "call", "mail", "return", "refund", "loyalty", "review", "referral",
             "shared", "payment")
ASKED_EFFORT = ("checkout", "payment", "chat", "call", "mail", "return", "refund", "delivery", "pickup", "site_search")
ASKED_EXPECTATION = ("delivery", "pickup", "chat", "call", "mail", "refund", "product", "store_advice", "payment")
WEEK = (.93, .90, .92, .97, 1.03, 1.18, 1.07)  # Monday … Sunday
CAMPAIGNS = (("black_friday", day("2025-11-21"), day("2025-11-30")), ("spring", day("2026-04-13"), day("2026-04-26")))
ONLINE_HOURS = (1, .5, .3, .2, .2, .4, 1, 2, 3, 4, 4.5, 5, 6, 5.5, 4.5, 4.5, 4.5, 5, 5.5, 6.5, 8, 8.5, 6.5, 3)
OPEN_HOURS = (0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 5, 7, 8, 7, 6, 6, 7, 9, 9, 6, 2, 0, 0, 0)


@dataclass(frozen=True)
class World:
    """Customers with persona, region, acquisition codes; and four frames, rows in time order.

    events   customer, time, touchpoint, channel, campaign (-1 = none); all but orders, deliveries and support
    orders   customer, time, channel, promised (day), delivered (minute), amount, quantity, pickup; promised and
             delivered are -1 for orders that the customer collects, delivered also where that is yet to come
    survey   customer, time, touchpoint, channel (-1 = none, of deliveries), nps, csat, ces, expectation (NaN = not
             answered), what the comment is about (delay, slow, wait, wallet, mood), wording (NaN = no comment)
    tickets  customer, time, touchpoint, channel, wait (seconds, NaN = not measured), complaint, topic,
             resolved (day, -1 = open), wording
    """

    customers: pd.DataFrame
    events: pd.DataFrame
    orders: pd.DataFrame
    survey: pd.DataFrame
    tickets: pd.DataFrame


def _calendar() -> np.ndarray:
    """How busy each day is, relative to an ordinary one; a year beyond END as well."""
    days = START.astype("datetime64[D]") + np.arange(DAYS + 366)
    busy = np.asarray(WEEK)[(days.astype(int) + 3) % 7]
    month = days.astype("datetime64[M]").astype(int) % 12 + 1
    busy = busy * np.select([np.isin(month, (7, 8)), month == 12, month == 1], [.9, 1.15, .92], 1.0)
    for _, first, last in CAMPAIGNS:
        busy[first:last + 1] *= 1.8
    busy[day("2025-11-28")] *= 2.2
    return busy


CALENDAR = _calendar()


def _clock(dice: Dice, n: int, hours: tuple[float, ...] = ONLINE_HOURS) -> np.ndarray:
    """Minute of the day."""
    return dice.pick(hours, n) * 60 + (dice.uniform(n) * 60).astype(np.int64)


def _settle(dice: Dice, minute: np.ndarray, hours: tuple[float, ...] = ONLINE_HOURS) -> np.ndarray:
    """Move a time on to one of the seven days from it, busy days first, at an ordinary hour."""
    first = np.minimum(minute.astype(np.int64) // DAY, DAYS + 350)
    busy = np.stack([CALENDAR[first + k] * .55 ** k for k in range(7)], axis=1)
    steps = np.cumsum(busy, axis=1) / busy.sum(axis=1, keepdims=True)
    later = (dice.uniform(len(first))[:, None] >= steps[:, :-1]).sum(axis=1)
    return (first + later) * DAY + _clock(dice, len(first), hours)


def _place(of: np.ndarray) -> np.ndarray:
    """0, 1, 2… within each run of equal values."""
    n = len(of)
    starts = np.flatnonzero(np.r_[True, of[1:] != of[:-1]]) if n else np.empty(0, np.int64)
    return np.arange(n) - np.repeat(starts, np.diff(np.r_[starts, n]))


def _running(of: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    """Sum of the gaps so far within each run of equal values."""
    total = np.cumsum(gaps)
    first = np.flatnonzero(np.r_[True, of[1:] != of[:-1]]) if len(of) else np.empty(0, np.int64)
    before = (total - gaps)[first]
    return total - np.repeat(before, np.diff(np.r_[first, len(of)]))


def _events(customer: np.ndarray, time: np.ndarray, touchpoint: object, channel: object) -> pd.DataFrame:
    return pd.DataFrame({"customer": customer, "time": time, "touchpoint": np.broadcast_to(touchpoint, len(customer)),
                         "channel": np.broadcast_to(channel, len(customer))}).astype(
                             {"customer": np.int32, "time": np.int64, "touchpoint": np.int8, "channel": np.int8})


def simulate(customers: int = 5000, seed: int = SEED, chunk: int = 0) -> World:
    """The world of that many customers; different chunks of one seed are different customers of the same world."""
    dice = Dice(seed, chunk)
    people = _people(dice, customers)
    first_seen = people["arrival"].to_numpy()
    visits, first_browse = _visits(dice, people, first_seen)
    trips, orders = _trips(dice, people, first_browse)
    after, left = _after_orders(dice, people, orders)
    loyal = _loyalty(dice, people, orders)
    tickets = _tickets(dice, people, orders, after)

    seen = after.loc[after["touchpoint"] != T["delivery"], ["customer", "time", "touchpoint", "channel"]]
    events = pd.concat([visits, trips, seen, loyal], ignore_index=True)
    events = _until(events, left)
    orders = _until(orders, left)
    tickets = _until(tickets, left)
    orders.loc[orders["delivered"] >= LAST, "delivered"] = -1
    tickets.loc[tickets["resolved"] >= DAYS, "resolved"] = -1
    after = _until(after, left)
    survey = _until(_survey(dice, people, events, after, tickets), left)
    events["campaign"] = _campaign(dice, events)
    return World(people, events, orders, survey, tickets)


def _until(rows: pd.DataFrame, left: np.ndarray) -> pd.DataFrame:
    """Rows before the end of the data and before the customer left for good, in time order."""
    kept = rows[(rows["time"] < LAST) & (rows["time"] <= left[rows["customer"]])]
    return kept.sort_values(["time", "customer"], kind="stable", ignore_index=True)


_DEVICES = ((.56, .30, .08, .06), (.40, .42, .14, .04), (.52, .36, .07, .05), (.28, .62, .04, .06),
            (.60, .24, .12, .04))
_DEVICE = ("web", "app", "store", "marketplace")
USUAL_DEVICE = .7  # share of visits with the device a customer usually takes


def _people(dice: Dice, n: int) -> pd.DataFrame:
    acquisition = dice.pick(ACQUISITION_SHARE, n)
    growth = CALENDAR[:DAYS] * (1 + .9 * np.arange(DAYS) / DAYS)
    growth[:30] *= 1.6  # the export begins with a crowd that was already there
    arrival = np.sort(dice.pick(growth, n)) * DAY + _clock(dice, n)
    persona = dice.pick(PERSONA_SHARE, n)
    channel = np.asarray([C[name] for name in ACQUISITION])[acquisition]
    considers = dice.chance(np.asarray(CONSIDERS)[acquisition], n)
    basket = considers & dice.chance(np.asarray(REACHES_BASKET)[acquisition], n)
    checkout = basket & dice.chance(.88, n)
    pays = checkout & dice.chance(np.where(persona == P["young"], YOUNG_PAYS, PAYS), n)
    stays = pays & dice.chance(np.where(persona == P["loyal"], .85, .62), n)
    return pd.DataFrame({
        "arrival": arrival, "persona": persona, "region": dice.pick(REGION_SHARE, n), "acquisition": acquisition,
        "channel": channel, "device": dice.pick(_DEVICES, n, persona), "considers": considers, "basket": basket,
        "checkout": checkout, "pays": pays, "stays": stays, "advocate": stays & dice.chance(.60, n),
        "mood": dice.normal(n, .35)})


def _device(dice: Dice, people: pd.DataFrame, customer: np.ndarray, *, store: bool = True) -> np.ndarray:
    """Channel of a visit: mostly the customer's usual one, else by persona."""
    weights = np.asarray(_DEVICES) * (1, 1, store, 1)
    picked = dice.pick(weights, len(customer), people["persona"].to_numpy()[customer])
    usual = people["device"].to_numpy()[customer]
    keeps = dice.chance(USUAL_DEVICE, len(customer)) & (store | (usual != _DEVICE.index("store")))
    picked = np.where(keeps, usual, picked)
    return np.asarray([C[name] for name in _DEVICE])[picked]


_ENTRIES = (("home", None, .50), ("search_result", "organic", .17), ("search_ad", "paid_search", .11),
            ("newsletter", "email", .10), ("social_post", "social", .08), ("display_ad", "display", .04))
_FIRST = {"web": "home", "email": "newsletter", "store": "store_visit", "social": "social_post",
          "paid_search": "search_ad", "organic": "search_result", "display": "display_ad", "referral": "landing",
          "marketplace": "landing"}
_BROWSING = ("category", "product", "comparison", "site_search", "reviews_read", "wish_list")
_BROWSING_WEIGHTS = ((.22, .36, .14, .14, .08, .06), (.20, .42, .06, .16, .07, .09), (.26, .38, .06, .20, .05, .05),
                     (.24, .36, .07, .11, .12, .10), (.14, .36, .22, .08, .17, .03))


def _visits(dice: Dice, people: pd.DataFrame, first_seen: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Awareness touches and browsing visits; and when each customer first browsed (a far time where never)."""
    n = len(people)
    everybody = np.arange(n)
    first = _events(everybody, first_seen, np.asarray([T[_FIRST[name]] for name in ACQUISITION])[people["acquisition"]],
                    people["channel"].to_numpy())

    again = np.repeat(everybody, dice.count(1.3, n))
    time = _settle(dice, first_seen[again] + DAY + _running(again, dice.wait(9 * DAY, len(again))))
    entry = dice.pick([weight for _, _, weight in _ENTRIES], len(again))
    reminded = _entry(again, time, entry, _device(dice, people, again, store=False))

    considers = people["considers"].to_numpy()
    visitor = np.repeat(everybody, np.where(considers, 1 + dice.count(1.5, n), 0))
    start = _settle(dice, first_seen[visitor] + _running(visitor, dice.wait(8 * DAY, len(visitor))))
    is_first = _place(visitor) == 0
    same_day = is_first & dice.chance(.45, len(visitor))
    start = np.where(same_day, first_seen[visitor] + 2, np.maximum(start, first_seen[visitor] + 30))
    browse, browsed = _session(dice, people, visitor, start, same_day, _device(dice, people, visitor), length=3.2)
    first_browse = np.full(n, 10 * LAST)
    np.minimum.at(first_browse, visitor, browsed)
    return pd.concat([first, reminded, browse], ignore_index=True), first_browse


def _entry(customer: np.ndarray, time: np.ndarray, entry: np.ndarray, device: np.ndarray) -> pd.DataFrame:
    """The touchpoint a visit begins with: the home page on the visit's own device, or what led there."""
    led = np.asarray([C[channel] if channel else -1 for _, channel, _ in _ENTRIES])[entry]
    return _events(customer, time, np.asarray([T[name] for name, _, _ in _ENTRIES])[entry],
                   np.where(led < 0, device, led))


def _session(dice: Dice, people: pd.DataFrame, customer: np.ndarray, start: np.ndarray, direct: np.ndarray,
             device: np.ndarray, length: float) -> tuple[pd.DataFrame, np.ndarray]:
    """Visits of one entry touchpoint (none where `direct`) and some browsing; and when browsing began."""
    n = len(customer)
    in_store = device == C["store"]
    entry = _entry(customer, start, dice.pick([weight for _, _, weight in _ENTRIES], n), device)
    entry.loc[in_store, ["touchpoint", "channel"]] = (T["store_visit"], C["store"])
    pages = np.where(in_store, 1, 1 + dice.count(length - 1, n))
    visit = np.repeat(np.arange(n), pages)
    began = start + 1 + (dice.uniform(n) * 4).astype(np.int64)
    time = began[visit] + _place(visit) * 2 + (dice.uniform(len(visit)) * 2).astype(np.int64)
    seen = dice.pick(_BROWSING_WEIGHTS, len(visit), people["persona"].to_numpy()[customer[visit]])
    touchpoint = np.where(in_store[visit], T["store_advice"], np.asarray([T[name] for name in _BROWSING])[seen])
    browse = _events(customer[visit], time, touchpoint, device[visit])
    return pd.concat([entry[~direct], browse], ignore_index=True), began


def _trips(dice: Dice, people: pd.DataFrame, first_browse: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Shopping trips (visit → basket → checkout → payment) and the orders they end in."""
    n = len(people)
    basket, checkout, pays = (people[name].to_numpy() for name in ("basket", "checkout", "pays"))
    persona = people["persona"].to_numpy()
    failed = np.where(basket, np.where(pays, dice.count(.7, n), 1 + dice.count(.8, n)), 0)
    bought = np.where(pays, 1 + dice.count(np.asarray(REPEATS)[persona] * np.where(people["stays"], 1.35, .35), n), 0)
    customer = np.repeat(np.arange(n), failed + bought)
    place = _place(customer)
    success = place >= failed[customer]
    gap = np.where(place == 0, dice.wait(5 * DAY, len(customer)),
                   np.where(place > failed[customer], DAY + dice.wait(62 * DAY, len(customer)),
                            dice.wait(6 * DAY, len(customer))))
    start = _settle(dice, np.minimum(first_browse[customer], LAST) + _running(customer, gap))
    start = np.maximum(start, first_browse[customer] + 25)
    device = _device(dice, people, customer, store=False)
    rows, _ = _session(dice, people, customer, start, dice.chance(.25, len(customer)), device, length=2.0)

    to_basket = start + 22 + (dice.uniform(len(customer)) * 6).astype(np.int64)
    to_checkout = to_basket + 1 + (dice.uniform(len(customer)) * 4).astype(np.int64)
    paid = to_checkout + 1 + (dice.uniform(len(customer)) * 5).astype(np.int64)
    # a customer who gets to the checkout but never pays is lost there on most trips, the others mostly at the basket
    checks = success | (checkout[customer] & np.where(place == 0, True, dice.chance(.6, len(customer))))
    checks &= success | ~pays[customer] | dice.chance(.45, len(customer))
    trips = [rows, _events(customer, to_basket, T["basket"], device),
             _events(customer[checks], to_checkout[checks], T["checkout"], device[checks]),
             _events(customer[success], paid[success], T["payment"], device[success])]
    return pd.concat(trips, ignore_index=True), _orders(dice, people, customer[success], paid[success],
                                                        device[success])


def _orders(dice: Dice, people: pd.DataFrame, customer: np.ndarray, paid: np.ndarray,
            device: np.ndarray) -> pd.DataFrame:
    n = len(customer)
    ordered = paid // DAY
    pickup = (device != C["marketplace"]) & dice.chance(.32, n)
    promised = ordered + np.where(pickup, 1, 3)
    usual = dice.pick((.18, .62, .11, .06, .03), n) - 1
    delayed = ~pickup & (people["region"].to_numpy()[customer] == DELAY_REGION) & (ordered >= DELAY_FROM)
    delayed &= dice.chance(DELAY_SHARE, n)
    delay = np.where(pickup, np.minimum(usual, 0) * dice.chance(.5, n), np.where(
        delayed, 1 + dice.count(DELAY_EXTRA, n), usual))
    quantity = 1 + dice.count(.8, n)
    amount = np.round(np.exp(5.5 + dice.normal(n, .62)) * (.55 + .45 * quantity), 2)
    handed = np.maximum((promised + delay) * DAY + _clock(dice, n, OPEN_HOURS), paid + 120)
    return pd.DataFrame({
        "customer": customer.astype(np.int32), "time": paid, "channel": device.astype(np.int8), "delay": delay,
        "promised": np.where(pickup, -1, promised), "delivered": np.where(pickup, -1, handed), "handed": handed,
        "amount": amount, "quantity": quantity, "pickup": pickup})


def _after_orders(dice: Dice, people: pd.DataFrame, orders: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Deliveries, pick-ups, returns and refunds (with `delay`, `slow` refund); and when each customer left for good."""
    n = len(orders)
    customer = orders["customer"].to_numpy()
    pickup = orders["pickup"].to_numpy()
    handed = orders["handed"].to_numpy()
    given = _events(customer, handed, np.where(pickup, T["pickup"], T["delivery"]), np.where(pickup, C["store"], -1))
    given["delay"] = orders["delay"].to_numpy()

    quality = people["persona"].to_numpy()[customer] == P["quality"]
    back = np.flatnonzero(dice.chance(np.where(quality, QUALITY_RETURNS, RETURNS), n))
    who, picky = customer[back], quality[back]
    sent = _settle(dice, handed[back] + 2 * DAY + dice.wait(4 * DAY, len(back)), OPEN_HOURS)
    returned = _events(who, sent, T["return"], np.asarray([C["web"], C["app"], C["store"]])[
        dice.pick((.45, .3, .25), len(back))])
    days = np.where(picky, QUALITY_REFUND_DAYS, REFUND_DAYS) * (.6 + .8 * dice.uniform(len(back)))
    money = sent + (days * DAY).astype(np.int64)
    refunded = _events(who, money, T["refund"], C["email"])
    refunded["slow"] = picky

    left = np.full(len(people), 10 * LAST)
    leaves = dice.chance(np.where(picky, QUALITY_LEAVES, LEAVES), len(back))
    np.minimum.at(left, who[leaves], money[leaves] + 5 * DAY)
    after = pd.concat([given, returned, refunded], ignore_index=True)
    return after.assign(delay=after["delay"].fillna(0).astype(np.int16), slow=after["slow"].eq(True)), left


def _loyalty(dice: Dice, people: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Newsletters, account visits, loyalty programme and advocacy of customers after their first order."""
    n = len(people)
    bought = np.full(n, 10 * LAST)
    np.minimum.at(bought, orders["customer"].to_numpy(), orders["time"].to_numpy())
    everybody, pays, stays = np.arange(n), people["pays"].to_numpy(), people["stays"].to_numpy()
    share = np.clip((LAST - bought) / LAST, 0, 1)  # of the whole period that is left for it

    def spread(per_period: float, whom: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        who = np.repeat(everybody, np.where(whom, dice.count(per_period * share, n), 0))
        time = bought[who] + 6 * DAY + dice.uniform(len(who)) * (LAST - bought[who])
        return who, _settle(dice, time)

    letters, letters_at = spread(9, pays)
    account, account_at = spread(10, stays)
    points, points_at = spread(7, stays & (people["persona"].to_numpy() != P["young"]))
    praise = np.repeat(everybody, np.where(people["advocate"], 1 + dice.count(.8, n), 0))
    praise_at = _settle(dice, bought[praise] + 9 * DAY + _running(praise, dice.wait(40 * DAY, len(praise))))
    kind = dice.pick((.55, .28, .17), len(praise))
    praise_channel = np.where(kind == 2, C["social"], np.where(kind == 1, C["email"], _device(
        dice, people, praise, store=False)))
    return pd.concat([
        _events(letters, letters_at, T["newsletter"], C["email"]),
        _events(account, account_at, T["account"], np.where(dice.chance(.55, len(account)), C["web"], C["app"])),
        _events(points, points_at, T["loyalty"], np.asarray([C["app"], C["store"], C["email"]])[
            dice.pick((.5, .3, .2), len(points))]),
        _events(praise, praise_at, np.asarray([T["review"], T["referral"], T["shared"]])[kind], praise_channel),
    ], ignore_index=True)


def _tickets(dice: Dice, people: pd.DataFrame, orders: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Contacts with support: about late orders, slow refunds, and anything else."""
    n = len(orders)
    customer = orders["customer"].to_numpy()
    late = np.flatnonzero((orders["delay"].to_numpy() >= 2) & dice.chance(.45, n))
    stays = people["stays"].to_numpy()[customer]
    other = np.flatnonzero(dice.chance(np.where(stays, .70, .20), n))
    slow = after[after["touchpoint"] == T["refund"]]
    slow = slow[dice.chance(np.where(slow["slow"], .65, .08), len(slow))]
    who = np.concatenate([customer[late], customer[other], slow["customer"].to_numpy()])
    topic = np.concatenate([np.full(len(late), TOPIC["late"]), dice.pick((0, 0, .38, .18, .16, .16, .12), len(other)),
                            np.full(len(slow), TOPIC["refund"])])
    asked = np.concatenate([
        (orders["promised"].to_numpy()[late] + 1) * DAY + _clock(dice, len(late), OPEN_HOURS),
        _settle(dice, orders["time"].to_numpy()[other] + DAY + dice.wait(20 * DAY, len(other)), OPEN_HOURS),
        slow["time"].to_numpy() + (dice.uniform(len(slow)) * 3 * DAY).astype(np.int64)])
    kind = dice.pick((.50, .40, .10), len(who))
    touchpoint = np.asarray([T["chat"], T["call"], T["mail"]])[kind]
    through = np.asarray([C["web"], C["app"], C["whatsapp"]])[dice.pick((.40, .40, .20), len(who))]
    channel = np.where(kind == 0, through, np.where(kind == 1, C["phone"], C["email"]))
    median = np.full(len(who), 150.0)
    for name, seconds in CHAT_WAIT.items():
        median[(kind == 0) & (channel == C[name])] = seconds
    wait = np.where(kind == 2, np.nan, np.round(median * np.exp(dice.normal(len(who), .55))))
    complaint = dice.chance(np.asarray([.75, .9, .08, .3, .75, .1, .1])[topic], len(who))
    open_days = np.where(topic == TOPIC["refund"], 9.0, np.where(complaint, 2.5, .6))
    resolved = asked // DAY + dice.wait(open_days, len(who)).astype(np.int64)
    return pd.DataFrame({
        "customer": who.astype(np.int32), "time": asked, "touchpoint": touchpoint.astype(np.int8),
        "channel": channel.astype(np.int8), "wait": wait, "complaint": complaint, "topic": topic.astype(np.int8),
        "resolved": resolved, "wording": np.where(dice.chance(.6, len(who)), dice.uniform(len(who)), np.nan)})


def _survey(dice: Dice, people: pd.DataFrame, events: pd.DataFrame, after: pd.DataFrame,
            tickets: pd.DataFrame) -> pd.DataFrame:
    """Answers to the short survey after an interaction."""
    columns = ["customer", "time", "touchpoint", "channel"]
    plain = events[~events["touchpoint"].isin([T["delivery"], T["pickup"], T["return"], T["refund"]])]
    asked = pd.concat([plain[columns], after[[*columns, "delay", "slow"]], tickets[[*columns, "wait", "topic"]]],
                      ignore_index=True)
    touchpoint = asked["touchpoint"].to_numpy()
    share = np.asarray([ANSWERS.get(name, ANSWERS_ELSEWHERE) for name in TOUCHPOINTS])
    asked = asked[dice.chance(share[touchpoint], len(asked))].reset_index(drop=True)
    n = len(asked)
    customer, touchpoint = asked["customer"].to_numpy(), asked["touchpoint"].to_numpy()
    channel, persona = asked["channel"].to_numpy(), people["persona"].to_numpy()[customer]
    delay = asked["delay"].fillna(0).to_numpy(float)
    slow = asked["slow"].eq(True).to_numpy()
    topic = asked["topic"].fillna(-1).to_numpy()
    app_chat = (touchpoint == T["chat"]) & (channel == C["app"])

    felt = np.asarray([BASE[name] for name in TOUCHPOINTS])[touchpoint] + people["mood"].to_numpy()[customer]
    felt = felt - np.where(touchpoint == T["delivery"], np.minimum(LATE_COST * np.maximum(delay, 0), LATE_COST_MOST), 0)
    felt += np.where(app_chat, APP_CHAT_SATISFACTION, 0)
    felt += np.where((touchpoint == T["checkout"]) & (persona == P["young"]), YOUNG_CHECKOUT_SATISFACTION, 0)
    trained = (touchpoint == T["call"]) & (asked["time"].to_numpy() >= TRAINING_FROM * DAY)
    felt += np.where(trained, CALL_AFTER - CALL_BEFORE, 0)
    felt += np.where(slow, QUALITY_REFUND_SATISFACTION - REFUND_SATISFACTION, 0)
    felt += np.where((persona == P["quality"]) & ~slow & (topic != TOPIC["refund"]), QUALITY_ELSEWHERE, 0)
    felt -= np.where(topic == TOPIC["late"], .5, np.where(topic == TOPIC["refund"], 1.2, 0))
    felt = felt + dice.normal(n, .8)

    def answered(touchpoints: tuple[str, ...], values: np.ndarray, low: int, high: int) -> np.ndarray:
        asks = np.isin(touchpoint, [T[name] for name in touchpoints]) & dice.chance(.94, n)
        return np.where(asks, np.clip(np.round(values), low, high), np.nan)

    csat = answered(TOUCHPOINTS, felt, 1, 5)
    nps = answered(ASKED_NPS, 7.8 + 2.0 * (felt - 3.7) + dice.normal(n, .9), 0, 10)
    ces = answered(ASKED_EFFORT, 5.1 + 1.2 * (felt - 3.7) + np.where(app_chat, APP_CHAT_EASE, 0) + dice.normal(n, .7),
                   1, 7)
    expectation = answered(ASKED_EXPECTATION, felt + dice.normal(n, .5) > 3.1, 0, 1)
    pause = np.where(np.isin(touchpoint, [T[name] for name in ("delivery", "pickup", "call", "mail", "refund")]),
                     dice.wait(.6 * DAY, n) + 60, dice.uniform(n) * 4 + 2)
    says = dice.chance(np.select([felt < 2.5, felt < 3.5], [.60, .28], .36), n)
    return pd.DataFrame({
        "customer": customer, "time": asked["time"].to_numpy() + pause.astype(np.int64), "touchpoint": touchpoint,
        "channel": channel, "nps": nps, "csat": csat, "ces": ces, "expectation": expectation, "delay": delay,
        "slow": slow, "wait": asked["wait"].to_numpy(), "mood": np.select([felt < 2.5, felt < 3.5], [-1, 0], 1),
        "wallet": (touchpoint == T["checkout"]) & (persona == P["young"]),
        "wording": np.where(says, dice.uniform(n), np.nan)})


def _campaign(dice: Dice, events: pd.DataFrame) -> np.ndarray:
    """Code of the campaign an advertisement or newsletter belongs to; -1 = none."""
    on = events["time"].to_numpy() // DAY
    carries = np.isin(events["touchpoint"], [T[name] for name in ("social_post", "search_ad", "display_ad",
                                                                   "newsletter", "landing")])
    carries &= dice.chance(.75, len(events))
    found = np.full(len(events), -1, np.int8)
    for code, (_, first, last) in enumerate(CAMPAIGNS):
        found[carries & (on >= first) & (on <= last)] = code
    return found
