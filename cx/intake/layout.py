"""How a sheet is laid out (a row a contact, a customer, an answer, an order) and the role that gives each column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cx.intake.dating import (
    HANDED_ON,
    PROMISED,
    further_steps,
    is_delivered,
    milestone_name,
    milestones,
    travels,
)
from cx.intake.evidence import FIVE
from cx.intake.plan import Score, SheetPlan
from cx.intake.profile import Profile
from cx.intake.reading import read_header
from cx.intake.weighing import likely_steps
from cx.model import fold
from cx.store.guesses import guess_stage

_COMPLAINT = ("complaint", "sikayet")
_SELLS = re.compile(r"\b(?:payment|delivery|teslimat|shipping|discount\w*|tax|vat|quantity|qty|sku|items?|currency|"
                    r"odeme|kargo|kdv|vergi|indirim|miktar|adet|stok|malzeme|fatura|evrak|birim|vade|siparis)\b")
_DELIVERY_WORDS = {
    "date", "time", "on", "at", "by", "estimated", "expected", "promised", "planned", "actual", "order", "customer",
    "to", "delivery", "delivered", "shipment", "package", "parcel", "timestamp", "tarihi", "tarih", "zamani", "saati",
    "teslim", "teslimat", "tahmini", "planlanan", "beklenen", "soz", "verilen", "vaat", "edilen", "gerceklesen",
    "edildigi", "siparis"}
"""Of which the header of a promised or actual delivery is made where it can mean nothing else."""
_REACHED = {"actual", "delivered", "edildigi", "edilen", "gerceklesen"}
"""Words of what has happened; a date of delivery alone may be the one agreed."""
_SERVED = re.compile(r"\b(?:issues?|cases?|calls?|agents?|handling|supervisor|complaints?|sikayet\w*|cagri\w*|"
                     r"temsilci\w*)\b")
"""Headers of contacts about an order, which are no orders."""
_NONE = re.compile(r"no|none|nil|fine|ok|yok|hayir|sorunsuz|(?:no|without) (?:complaint|issue|problem)s?|"
                   r"(?:sikayet|sorun|problem)\w* (?:yok\w*|olma\w*)")
"""Folded, a cell that says that there is no complaint."""
_ORDER = re.compile(r"\b(?:orders?|siparis\w*|purchases?|satin alma)\b")
_OWED = re.compile(r"\b(?:invoice|terms|balance|bill|fatura)\b")
_OF_DAY = re.compile(r"(?:[01]?\d|2[0-3])[:.][0-5]\d(?::[0-5]\d)?(?:\s?[ap]m)?", re.IGNORECASE)
_HOUR = {"time", "hour", "saat", "saati"}
_EARLY = re.compile(r"0?[0-3]\D\d\d(?!.*m)", re.IGNORECASE)
"""Of nothing but such hours after midnight a column tells how long something lasts, whatever it is called."""
_LASTS = re.compile(r"\b(?:talk\w*|wait\w*|hold|handl\w+|wrap|ring\w*|queue\w*|acw|duration|elapsed|total|response|"
                    r"resolution|session|average|avg|sure|suresi|bekleme)\b")
"""Headers of how long something lasts, which 06:29 is a number of minutes in."""
_MANY_MINUTES = 12
"""Of so many different parts after the point, two of five would be above 59 in a number of hours."""
_RETURN = ("return", "refund", "iade")
_OF_A_CONTACT = {"revenue", "order_id", "comment", "wait_seconds", "is_complaint", "emotion", "record_id"}
"""Fields that tell of one contact: a single date beside them is its time, and no step that a customer reached."""


_SERVICES = (
    (re.compile(r"\b(?:cagri\w*|calls?|call ?cent(?:er|re)|contact ?cent(?:er|re)|telefon gorusme\w*)\b"),
     re.compile(r"\b(?:cagri|arama|call) (?:id|no|kodu|numarasi|number|sid)\b|\bkuyruk\w* (?:bekleme|suresi)\b|"
                r"\b(?:queue|hold|talk|ring) time\b"),
     ("Call center", "Çağrı merkezi"), ("Phone", "Telefon")),
    (re.compile(r"\b(?:chats?|live ?chat|sohbet\w*|canli destek)\b"),
     re.compile(r"\b(?:chat|sohbet|conversation) (?:id|no|kodu|numarasi|number)\b"),
     ("Live chat", "Canlı destek"), ("Chat", "Sohbet")),
    (re.compile(r"\b(?:tickets?|help ?desk|destek talep\w*|destek kayit\w*)\b"),
     re.compile(r"\b(?:ticket|destek talebi|talep|case) (?:id|no|kodu|numarasi|number)\b"),
     ("Support ticket", "Destek talebi"), ("", "")),
)
"""Logs of a service, by the name of the sheet or a header: what a row happened at, and by which channel."""


def lay_out(sheet: SheetPlan, profiles: Sequence[Profile], taken: dict[str, tuple[str, float]],
            scores: dict[str, tuple[Score, float]], likely: Mapping[str, Mapping[str, float]], turkish: bool) -> None:
    """Choose the layout and give each column its role.

    likely  see cx.intake.likeness.likeness
    """
    fields = {field: header for header, (field, _) in taken.items()}
    by_header = {given.header: given for given in profiles}
    dated = [given for given in profiles if given.times >= 0.7]
    happening = "touchpoint" in fields
    steps = milestones(profiles)
    steps |= {header: name for header in likely_steps(profiles, likely) if (name := milestone_name(header))}
    owed = _OWED.search(" ".join(given.folded for given in profiles))  # a due date is the payment's
    promised = [given.header for given in dated if PROMISED.search(given.folded)
                and not (owed and "due" in given.folded.split())]
    travelling = travels(profiles)
    delivered = [given.header for given in dated if is_delivered(given, travelling) and given.header not in promised
                 and not HANDED_ON.search(given.folded)]

    chosen = {header: (field, confidence) for header, (field, confidence) in taken.items()
              if field not in ("nps", "csat", "ces") or header in scores}
    about = {(score.kind, score.touchpoint) for score, _ in scores.values()}
    whole = any(touchpoint is None for _, touchpoint in about)
    several = len(scores) >= 2 and (len({kind for kind, _ in about}) < len(scores)
                                    or any(touchpoint for _, touchpoint in about)
                                    or sum("?" in header for header in scores) >= 2)
    returned = sum(any(word in given.folded.split() for word in _RETURN) for given in profiles) >= 2
    if returned and not happening:  # what comes back is no order
        for name in ("order_id", "revenue", "quantity"):
            chosen.pop(fields.pop(name, ""), None)
        sheet.constants["touchpoint"] = "İade" if turkish else "Return"
    sells = (promised and "stage" not in fields) or sum(bool(_SELLS.search(given.folded)) for given in profiles) >= 2
    if sells and "order_id" not in fields and {"revenue", "record_id"} <= set(fields) and not happening:
        # the number of the row is that of the order
        fields["order_id"] = fields.pop("record_id")
        chosen[fields["order_id"]] = ("order_id", min(0.7, chosen[fields["order_id"]][1]))
    ordered = {"order_id", "revenue"} <= set(fields) and any(_ORDER.search(given.folded) for given in dated)
    complaints = not delivered and _are_complaints(sheet, profiles, ordered=ordered)
    served = complaints or (sum(bool(_SERVED.search(given.folded)) for given in profiles) >= 2 and not delivered)
    rated = len(scores) >= 4 and any(score.kind == "nps" for score, _ in scores.values())
    sold = bool(delivered or promised) or bool({"revenue", "quantity"} & set(fields))
    if "order_id" in fields and not happening and sold and not served and not (several and rated):
        sheet.layout = "orders"
    elif several and (not happening or (whole and len(scores) > len({kind for kind, _ in about}))):
        sheet.layout = "survey"  # an interaction has one score of each kind; where it happened goes with the whole
    elif _is_milestones(fields, by_header, dated, steps, happening or (bool(scores) and len(steps) < 4)):
        sheet.layout = "milestones"

    if sheet.layout == "survey":
        for header, (score, confidence) in scores.items():
            chosen[header] = (score.kind, confidence)
            sheet.scores[header] = score
    else:
        _one_score_each(sheet, chosen, scores)
    if sheet.layout == "milestones":
        for header in fields.values():
            if header in steps or chosen.get(header, ("", 0.0))[0] in ("occurred_at", "stage"):
                chosen.pop(header, None)
        for header, name in further_steps(profiles, steps).items():
            if chosen.get(header, ("occurred_at", 0.0))[0] == "occurred_at":
                chosen[header] = ("milestone", 0.62)
                sheet.milestones[header] = name
        for header, name in steps.items():
            chosen[header] = ("milestone", 0.78 if len(steps) > 1 else 0.75)
            sheet.milestones[header] = name
    if sheet.layout == "orders":
        for role, headers in (("promised_at", promised), ("delivered_at", delivered)):
            free = [header for header in headers if chosen.get(header, ("occurred_at", 0.0))[0] == "occurred_at"]
            if free and not (chosen.get(free[0], ("", 0))[0] == "occurred_at" and len(dated) == 1):
                plain = set(fold(free[0]).split()) <= _DELIVERY_WORDS
                told = role == "promised_at" or promised or _REACHED & set(fold(free[0]).split())
                chosen[free[0]] = (role, 0.85 if plain and told else 0.75)
        _other_time(chosen, dated)
        sheet.constants = {"touchpoint": "Sipariş" if turkish else "Order",
                           "delivery": "Teslimat" if turkish else "Delivery"}
    _add_clock(sheet, profiles, chosen)
    for header, (role, confidence) in chosen.items():
        sheet.columns[header], sheet.confidence[header] = role, confidence
    if sheet.layout == "events" and complaints:
        _buys_nothing(sheet, by_header)
    if sheet.layout == "events" and not happening and "stage" not in fields and not sheet.constants:
        _say_what_happened(sheet, scores, turkish, complaints=complaints)


def _is_milestones(fields: dict[str, str], by_header: dict[str, Profile], dated: Sequence[Profile],
                   steps: dict[str, str], happening: bool) -> bool:
    """A row a customer, and dates whose names say which step they date."""
    customer = fields.get("customer_id")
    if happening or not steps or customer is None or not by_header[customer].unique:
        return False
    if ("stage" in fields and len(steps) < 3) or (len(steps) == 1 and _OF_A_CONTACT & set(fields)):
        return False
    return len(steps) >= 2 or len(dated) == 1


def _one_score_each(sheet: SheetPlan, chosen: dict[str, tuple[str, float]],
                    scores: dict[str, tuple[Score, float]]) -> None:
    """Outside surveys an interaction has one score of each kind: the surest, the whole before a part."""
    for kind in ("nps", "csat", "ces"):
        of_kind = [header for header, (score, _) in scores.items() if score.kind == kind]
        for header in [header for header, (field, _) in chosen.items() if field == kind]:
            if header not in of_kind:
                del chosen[header]
        if of_kind and not any(field == kind for field, _ in chosen.values()):
            best = max(of_kind, key=lambda header: (scores[header][0].touchpoint is None, scores[header][1]))
            if chosen.get(best, ("csat", 0.0))[0] in ("nps", "csat", "ces"):
                chosen[best] = (kind, scores[best][1])
        for header in of_kind:
            if chosen.get(header, ("", 0.0))[0] == kind:
                sheet.scores[header] = replace(scores[header][0], touchpoint=None)


def _other_time(chosen: dict[str, tuple[str, float]], dated: Sequence[Profile]) -> None:
    """Where the delivery took the column of the order's time, another date becomes the time."""
    if any(role == "occurred_at" for role, _ in chosen.values()):
        return
    free = [given for given in dated if given.header not in chosen]
    if free:
        chosen[free[0].header] = ("occurred_at", 0.7)


def _add_clock(sheet: SheetPlan, profiles: Sequence[Profile], chosen: dict[str, tuple[str, float]]) -> None:
    """A column of times of day beside a column of days."""
    day = next((header for header, (role, _) in chosen.items() if role == "occurred_at"), None)
    if day is None or sheet.layout == "milestones":
        return
    given = next(each for each in profiles if each.header == day)
    if given.time_format is None or given.time_format.clock > 0.05:
        return
    clocks = [each for each in profiles if each.header not in chosen and each.texts
              and all(map(_OF_DAY.fullmatch, each.texts)) and not _LASTS.search(each.folded)]
    clocks = [each for each in clocks if any(":" in value for value in each.texts) or _is_dotted_clock(each, given)]
    alone = len(clocks) == 1 and not read_header(clocks[0].plain).has("end", "length", "wait")

    def doubt(each: Profile) -> int:
        words = set(each.folded.split())
        if _HOUR & words and words <= _HOUR | set(given.folded.split()):
            return 0
        if all(_EARLY.match(value) for value in each.texts):
            return 3
        return 1 if read_header(each.plain).has("start") else 2 if _HOUR & words or alone else 3

    best = min(clocks, key=doubt, default=None)
    if best and doubt(best) < 3:
        chosen[best.header] = ("time_of_day", 0.7 if doubt(best) == 1 else 0.8)


def _is_dotted_clock(given: Profile, day: Profile) -> bool:
    """Whether 19.30 is a time of day, and no number of hours: the header says time and nothing else that the day's does
    not say, or the minutes are of many kinds, none above 59."""
    words = set(given.folded.split())
    if not _HOUR & words:
        return False
    return words <= _HOUR | set(day.folded.split()) or len({value[-2:] for value in given.texts}) >= _MANY_MINUTES


def _are_complaints(sheet: SheetPlan, profiles: Sequence[Profile], *, ordered: bool) -> bool:
    """Whether each row is a complaint: the sheet or two columns are called so, or one in which each row says something,
    none that there is no complaint, and hardly anything tells of goods.

    ordered  each row has the number, the amount and the date of an order
    """
    about = [given for given in profiles if any(word in given.folded for word in _COMPLAINT)]
    if len(about) >= 2 or fold(sheet.name).startswith(_COMPLAINT):
        return True
    if ordered or any(_NONE.fullmatch(fold(value)) for given in about for value in given.texts):
        return False
    return any(given.distinct > 2 and given.flags < 0.5 and given.filled >= 0.95 for given in about) and sum(
        bool(_SELLS.search(given.folded)) for given in profiles) < 2


def _buys_nothing(sheet: SheetPlan, by_header: dict[str, Profile]) -> None:
    """A complaint is no purchase: its amount is what is claimed, and the number of a receipt or ticket that of the
    complaint. A number of an order stays: it says which one the complaint is about."""
    for header, role in list(sheet.columns.items()):
        given = by_header[header]
        if role in ("revenue", "quantity"):
            sheet.columns[header] = "attribute"
        elif role == "order_id" and not _ORDER.search(given.folded):
            own = given.unique and sheet.column_of("record_id") is None
            sheet.columns[header] = "record_id" if own else "attribute"
            sheet.confidence[header] = min(0.65, sheet.confidence[header])


def _say_what_happened(sheet: SheetPlan, scores: dict[str, tuple[Score, float]], turkish: bool, *,
                       complaints: bool) -> None:
    """Without a touchpoint column: a sheet of complaints, a score's subject, the step its date names, or the service
    that it is the log of; who served is the last that is taken for it."""
    if complaints:
        sheet.constants["touchpoint"] = "Şikayet" if turkish else "Complaint"
        if sheet.column_of("is_complaint") is None:
            sheet.constants["is_complaint"] = "true"
        return
    subject = next((score.touchpoint for score, _ in scores.values() if score.touchpoint), None) if (
        len(scores) == 1) else None
    served = bool(subject) and all("staff" in each for each in read_header(fold(subject or "")).concepts)
    if subject and not served:
        sheet.constants["touchpoint"] = subject
        return
    when = sheet.column_of("occurred_at")
    name = milestone_name(when) if when else ""
    if name and guess_stage(name, FIVE):
        sheet.constants["touchpoint"] = name
        return
    for of_sheet, of_headers, (english, turk), (channel, kanal) in _SERVICES:
        if of_sheet.search(fold(sheet.name)) or any(
                of_headers.search(fold(header)) for header in sheet.header):
            sheet.constants["touchpoint"] = turk if turkish else english
            if sheet.column_of("channel") is None and channel:
                sheet.constants["channel"] = kanal if turkish else channel
            return
    if subject:
        sheet.constants["touchpoint"] = subject
