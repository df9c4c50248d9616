"""From tables to a plan: what each column is, how the sheet is laid out, and what only a person can say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from cx.errors import IntakeError
from cx.intake.dating import (
    CLOSED,
    HANDED_ON,
    PROMISED,
    is_delivered,
    milestone_name,
    milestones,
    travels,
)
from cx.intake.evidence import FIVE
from cx.intake.figures import across, lacks_year, lay_out_figures, splits_figures
from cx.intake.joins import offer_joins
from cx.intake.mapping import SURE, assign, candidates, looks_turkish, unit_of
from cx.intake.periods import order_of
from cx.intake.plan import Plan, Problem, Score, SheetPlan, signature_of
from cx.intake.privacy import are_names
from cx.intake.profile import Profile, profile
from cx.intake.reading import bare
from cx.intake.survey import find_scores, recommends
from cx.intake.table import Cells, Table
from cx.intake.times import decide_times
from cx.intake.values import COMMA, are_parts_of_days, currencies, decide_numbers, read_score
from cx.intake.wording import complains
from cx.language import Text, text
from cx.model import FIELD, fold
from cx.store import Store
from cx.store.guesses import guess_stage

_TIME_ROLES = ("occurred_at", "milestone", "promised_at", "delivered_at", "period")
_CONTENT = ("touchpoint", "stage", "channel", "nps", "csat", "ces", "expectation_met", "emotion", "comment", "revenue",
            "order_id", "wait_seconds", "is_complaint", "milestone")
_COMPLAINT = ("complaint", "sikayet")
_SELLS = re.compile(r"\b(?:payment|delivery|teslimat|shipping|discount\w*|tax|vat|quantity|qty|sku|items?|currency|"
                    r"odeme|kargo|kdv|"
                    r"vergi|indirim|miktar|adet|stok|malzeme|fatura|evrak|birim|vade|siparis)\b")
_DELIVERY_WORDS = {
    "date", "time", "on", "at", "by", "estimated", "expected", "promised", "planned", "actual", "order", "customer",
    "to",
    "delivery", "delivered", "shipment", "package", "parcel", "timestamp", "tarihi", "tarih", "zamani", "saati",
    "teslim",
    "teslimat", "tahmini", "planlanan", "beklenen", "soz", "verilen", "vaat", "edilen", "gerceklesen", "edildigi",
    "siparis"}
"""Of which the header of a promised or actual delivery is made where it can mean nothing else."""
_SERVED = re.compile(r"\b(?:issues?|cases?|calls?|agents?|handling|supervisor|complaints?|sikayet\w*|cagri\w*|"
                     r"temsilci\w*)\b")
"""Headers of contacts about an order, which are no orders."""
_OWED = re.compile(r"\b(?:invoice|terms|balance|bill|fatura)\b")
_RETURN = ("return", "refund", "iade")
_OF_A_CONTACT = {"revenue", "order_id", "comment", "wait_seconds", "is_complaint", "emotion", "record_id"}
"""Fields that tell of one contact: a single date beside them is its time, and no step that a customer reached."""
_PERIODS = {"month", "quarter", "week", "period", "year", "ay", "ceyrek", "hafta", "donem", "yil"}

_TRAIL = re.compile(r" \([^()]*\)$")
_LEAD = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)?(?: [-–:|] |: |\.|/)")

Loaded = tuple[Table, dict[str, Cells]]


def propose_tables(loaded: Sequence[Loaded], file: str, language: str | None, store: Store | None) -> Plan:
    """A plan for these tables; see cx.intake.propose."""
    plan = Plan(file, [], language=language)
    unknown: list[str] = []
    left_out: list[SheetPlan] = []
    split = ""
    for table, columns in loaded:
        remembered = _remembered(store, table)
        sheet, profiles = _propose_sheet(table, columns, language)
        if remembered is not None:
            sheet = _recall(sheet, remembered)
            left_out += [sheet] if remembered.skip else []
        if not remembered and not _recognised(sheet):
            sheet.skip = True
            unknown.append(sheet.name)
            split = split or (sheet.name if splits_figures(sheet, profiles) else "")
        plan.sheets.append(sheet)
        if not sheet.skip:
            decide_formats(sheet, columns, table, language, looks_turkish(profiles))
            if remembered is not None:
                _settle_as_before(sheet, remembered)
            plan.problems.extend(problems_of(sheet, profiles))
    if any(not sheet.skip for sheet in plan.sheets if sheet not in left_out):
        for sheet in left_out:
            sheet.skip = True
    offer_joins(plan.sheets, [columns for _, columns in loaded], store)
    plan.problems = [problem for problem in plan.problems if problem.code != "no_customer" or not any(
        sheet.join for sheet in plan.sheets if sheet.name == problem.sheet)]
    _leave_out_useless(plan)
    if all(sheet.skip for sheet in plan.sheets):
        raise IntakeError(_split_figures(split) if split else text(
            "“{name}” has neither a customer, nor a time, nor a score that could be recognised. Found the columns: "
            "{found}. Expected at least one like: customer no, date, touchpoint, NPS, satisfaction.",
            name=file, found=", ".join(plan.sheets[0].header[:12])))
    plan.problems.extend(Problem("note", "sheet_skipped", text(
        "Sheet “{name}” is left out: nothing in it could be recognised.", name=name), name) for name in unknown)
    notes = [note for table, _ in loaded for note in table.notes]
    plan.problems.extend(Problem("note", f"reading {number}", note) for number, note in enumerate(notes, start=1))
    return plan


def _leave_out_useless(plan: Plan) -> None:
    """A sheet nothing can be made of does not keep the others from being loaded."""
    useless = {problem.sheet for problem in plan.problems if problem.severity == "error"}
    kept = [sheet for sheet in plan.sheets if not sheet.skip and sheet.name not in useless]
    for sheet in plan.sheets:
        if kept and sheet.name in useless and not sheet.skip:
            sheet.skip = True
            plan.problems = [problem for problem in plan.problems if problem.sheet != sheet.name]
            plan.problems.append(Problem("note", "sheet_skipped", text(
                "Sheet “{name}” is left out: nothing in it could be recognised.", name=sheet.name), sheet.name))


def _propose_sheet(table: Table, columns: dict[str, Cells], language: str | None) -> tuple[SheetPlan, list[Profile]]:
    profiles = [profile(key, columns[key]) for key in table.keys]
    lead, trail = _most_begin(table.keys), _most_end(table.keys)
    for given in profiles if lead or trail else ():
        left = given.header.removeprefix(lead).removesuffix(trail)
        given.folded, given.plain = fold(left) or given.folded, fold(bare(left)) or given.plain
    sheet = SheetPlan(table.name, table.keys, signature_of(table.header), rows=len(table.rows),
                      header_row=table.header_row)
    sheet.samples = {given.header: given.examples for given in profiles}
    sheet.personal = {given.header: given.personal for given in profiles if given.personal}
    taken = assign(profiles)
    scores = find_scores(profiles, taken)
    turkish = looks_turkish(profiles) or language == "tr"
    if lay_out_figures(sheet, profiles, {header: field for header, (field, _) in taken.items()}):
        return sheet, profiles
    _lay_out(sheet, profiles, taken, scores, turkish)
    whose = any(role == "customer_id" and sheet.confidence[header] >= 0.8 for header, role in sheet.columns.items())
    best = {header: confidence for confidence, _, header in reversed(candidates(profiles))}
    for given in profiles:
        if given.header not in sheet.columns:
            sheet.columns[given.header] = "ignore" if given.personal else "attribute"
            told = given.personal and (given.personal != "name" or are_names(given.texts)) and whose
            doubt = 0.1 if told else 0.25 if given.personal else max(0.25, min(0.5, best.get(given.header, 0) / 2))
            sheet.confidence[given.header] = round(1 - doubt, 2)
    sheet.columns = {key: sheet.columns[key] for key in table.keys}
    return sheet, profiles


def _most_begin(headers: Sequence[str]) -> str:
    """What most headers begin with ("Deal - ", "ticket."); "" = nothing."""
    leads = Counter(found[0] for header in headers if (found := _LEAD.match(header)))
    [(lead, times)] = leads.most_common(1) or [("", 0)]
    asked = any(header[len(lead):].startswith("[") for header in headers)  # of a question with several parts
    return lead if times >= 3 and times >= 0.6 * len(headers) and not asked else ""


def _most_end(headers: Sequence[str]) -> str:
    """What most headers end with in brackets ("Status (Ticket)"); "" = nothing."""
    ends = Counter(found[0] for header in headers if (found := _TRAIL.search(header)))
    [(trail, times)] = ends.most_common(1) or [("", 0)]
    return trail if times >= 3 and times >= 0.6 * len(headers) else ""


def _lay_out(sheet: SheetPlan, profiles: Sequence[Profile], taken: dict[str, tuple[str, float]],
             scores: dict[str, tuple[Score, float]], turkish: bool) -> None:
    """Choose the layout and give each column its role."""
    fields = {field: header for header, (field, _) in taken.items()}
    by_header = {given.header: given for given in profiles}
    dated = [given for given in profiles if given.times >= 0.7]
    happening = "touchpoint" in fields
    steps = milestones(profiles)
    owed = _OWED.search(" ".join(given.folded for given in profiles))  # a due date is the payment's
    promised = [given.header for given in dated if PROMISED.search(given.folded)
                and not (owed and "due" in given.folded.split())]
    travelling = travels(profiles)
    delivered = [given.header for given in dated if is_delivered(given, travelling) and given.header not in promised
                 and not HANDED_ON.search(given.folded)]

    chosen = {header: (field, confidence) for header, (field, confidence) in taken.items()
              if field not in ("nps", "csat", "ces") or header in scores}
    about = {(score.kind, score.touchpoint) for score, _ in scores.values()}
    several = len(scores) >= 2 and (len({kind for kind, _ in about}) < len(scores)
                                    or any(touchpoint for _, touchpoint in about)
                                    or sum("?" in header for header in scores) >= 2)
    returned = sum(any(word in given.folded.split() for word in _RETURN) for given in profiles) >= 2
    if returned and not happening:  # what comes back is no order
        for name in ("order_id", "revenue", "quantity"):
            chosen.pop(fields.pop(name, ""), None)
        sheet.constants["touchpoint"] = "İade" if turkish else "Return"
    if "order_id" not in fields and "revenue" in fields and "record_id" in fields and not happening and sum(
            bool(_SELLS.search(given.folded)) for given in profiles) >= 2:  # the number of the row is that of the order
        fields["order_id"] = fields.pop("record_id")
        chosen[fields["order_id"]] = ("order_id", min(0.7, chosen[fields["order_id"]][1]))
    served = sum(bool(_SERVED.search(given.folded)) for given in profiles) >= 2 and not delivered
    rated = len(scores) >= 4 and any(score.kind == "nps" for score, _ in scores.values())
    sold = bool(delivered or promised) or bool({"revenue", "quantity"} & set(fields))
    if "order_id" in fields and not happening and sold and not served and not (several and rated):
        sheet.layout = "orders"
    elif several and not happening:
        sheet.layout = "survey"
    elif _is_milestones(fields, by_header, dated, steps, happening or bool(scores)):
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
        for header, name in steps.items():
            chosen[header] = ("milestone", 0.85 if len(steps) > 1 else 0.75)
            sheet.milestones[header] = name
    if sheet.layout == "orders":
        for role, headers in (("promised_at", promised), ("delivered_at", delivered)):
            free = [header for header in headers if chosen.get(header, ("occurred_at", 0.0))[0] == "occurred_at"]
            if free and not (chosen.get(free[0], ("", 0))[0] == "occurred_at" and len(dated) == 1):
                plain = set(fold(free[0]).split()) <= _DELIVERY_WORDS
                chosen[free[0]] = (role, 0.85 if plain else 0.75)
        _other_time(chosen, dated)
        sheet.constants = {"touchpoint": "Sipariş" if turkish else "Order",
                           "delivery": "Teslimat" if turkish else "Delivery"}
    _add_clock(sheet, profiles, chosen)
    for header, (role, confidence) in chosen.items():
        sheet.columns[header], sheet.confidence[header] = role, confidence
    if sheet.layout == "events" and not happening and "stage" not in fields and not sheet.constants:
        _say_what_happened(sheet, profiles, scores, turkish)


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
                sheet.scores[header] = Score(scores[header][0].kind, scores[header][0].top, None)


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
    for each in profiles:
        if (each.header not in chosen and {"time", "hour", "saat", "saati"} & set(each.folded.split())
                and each.texts and all(":" in value for value in each.texts) and each.durations > 0.9):
            chosen[each.header] = ("time_of_day", 0.8)
            return


def _say_what_happened(sheet: SheetPlan, profiles: Sequence[Profile], scores: dict[str, tuple[Score, float]],
                       turkish: bool) -> None:
    """Without a touchpoint column: a sheet of complaints, a score's subject, or the step its date names."""
    folded = [fold(given.header) for given in profiles]
    complaints = sum(any(word in header for word in _COMPLAINT) for header in folded)
    if complaints >= 2 or any(fold(sheet.name).startswith(word) for word in _COMPLAINT):
        sheet.constants["touchpoint"] = "Şikayet" if turkish else "Complaint"
        if sheet.column_of("is_complaint") is None:
            sheet.constants["is_complaint"] = "true"
        return
    subject = next((score.touchpoint for score, _ in scores.values() if score.touchpoint), None)
    if len(scores) == 1 and subject:
        sheet.constants["touchpoint"] = subject
        return
    when = sheet.column_of("occurred_at")
    name = milestone_name(when) if when else ""
    if name and guess_stage(name, FIVE):
        sheet.constants["touchpoint"] = name


def decide_formats(sheet: SheetPlan, columns: dict[str, Cells], table: Table, language: str | None,
                    turkish: bool) -> None:
    """How times, numbers and durations are written, from all values of their columns."""
    positions = {key: position for position, key in enumerate(table.keys)}
    day_first = True if language == "tr" or turkish else None
    orders: dict[str, str] = {}
    for header, role in sheet.columns.items():
        kind = FIELD[role].kind if role in FIELD else None
        timed, counted = role in _TIME_ROLES, kind in ("integer", "decimal", "seconds")
        if not timed and (not counted or role in ("nps", "csat", "ces")):
            continue
        distinct = list(columns[header].telling("times" if timed else "numbers"))
        if role == "period":
            if decide_times(distinct).share >= 0.5:  # else they are called by name
                orders[header] = order_of(distinct)
        elif role in _TIME_ROLES:
            orders[header] = decide_times(distinct, day_first=day_first).order
            if orders[header] == "serial" and table.from_1904:
                orders[header] = "serial1904"
        elif kind in ("integer", "decimal"):
            convention = decide_numbers(distinct)[0]
            if positions[header] in table.numbers:
                convention = "1,234.56"
            elif convention == "ambiguous" and (turkish or language == "tr"):
                convention = COMMA
            sheet.formats[header] = convention
        elif kind == "seconds" and sheet.formats.get(header) not in ("minutes", "hours", "days"):
            sheet.formats[header] = "days" if are_parts_of_days(distinct) else unit_of(header)
    decided = {order for order in orders.values() if order in ("dmy", "mdy")}
    for header, order in orders.items():  # one sheet writes all its dates alike
        alike = order == "ambiguous" and len(decided) == 1
        sheet.formats[header] = next(iter(decided)) if alike else order


def _recognised(sheet: SheetPlan) -> bool:
    found = set(sheet.columns.values())
    return bool(found & {"customer_id", "occurred_at", "milestone", "nps", "csat", "ces", "reported"})


def problems_of(sheet: SheetPlan, profiles: Sequence[Profile]) -> list[Problem]:
    found = set(sheet.columns.values())
    problems: list[Problem] = []

    def add(severity: Any, code: str, message: Any, column: str | None = None) -> None:
        problems.append(Problem(severity, code, message, sheet.name, column))

    if sheet.layout == "kpis":
        if "reported" not in found or not (found & {"period", "kpi_name"} or set(sheet.kpis) == across(sheet)):
            add("error", "no_figures", text("In “{name}” say which columns hold figures, and which one the periods or "
                                            "the names of the KPIs.", name=sheet.name))
        else:
            add("note", "reported", text(
                "“{name}” is a table of figures: it is kept as reported history and shown beside what is computed from "
                "contacts, never mixed with it.", name=sheet.name))
        period = sheet.column_of("period")
        if lacks_year(sheet, next((given.texts for given in profiles if given.header == period), [])):
            add("question", "no_year", text("The months in “{name}” have no year. Which year are they of?",
                                            name=sheet.name))
        _ask_formats(sheet, profiles, add)
        return problems
    if not found & {"customer_id", "record_id", "order_id"} and splits_figures(sheet, profiles):
        add("error", "split_figures", _split_figures(sheet.name))
    elif _reports_figures(sheet, profiles, found):
        add("error", "kpi_sheet", text(
            "“{name}” looks like a table of figures, a row a period, and not of single contacts. Upload the rows the "
            "figures were computed from.", name=sheet.name))
    if not found & set(_CONTENT) and not sheet.constants:
        add("error", "no_content", text(
            "No column of “{name}” says what happened. Expected at least one of: {expected}.", name=sheet.name,
            expected=text("touchpoint or event, channel, stage, a score, an order, a comment")))
    if "occurred_at" not in found and "milestone" not in found:
        add("question", "no_time", text("“{name}” has no date. When is it from? Give one date for all rows, or load it "
                                        "without a date.", name=sheet.name))
    if "customer_id" not in found:
        add("note", "no_customer", text("There is no customer column: each row counts as an anonymous respondent, in "
                                        "scores but not in journeys."))
    _ask_formats(sheet, profiles, add)
    for given in profiles:
        header, role = given.header, sheet.columns[given.header]
        if role == "ignore" and given.personal:
            add("note", "personal", text("“{column}” identifies people and is left out.", column=header), header)
        elif role == "customer_id" and given.personal:
            add("note", "pseudonym", text("“{column}” identifies people: a code that cannot be traced back is "
                                          "kept instead of what it says.",
                                          column=header), header)
        elif role == "revenue" and len(named := currencies(given.texts)) > 1:
            add("note", "currencies", text(
                "“{column}” holds amounts in several currencies ({named}): they are added up as they stand. Convert "
                "them to one currency first, or load each by itself.", column=header, named=", ".join(named[:6])),
                header)
        elif role == "attribute" and _named_score(header) and given.numbers < 0.95:
            add("note", "no_scale", text(
                "“{column}” is kept as further information: {words} % of its different cells are words (e.g. "
                "“{example}”) and not answers on a scale.", column=header, words=round(100 * (1 - given.numbers)),
                example=next((value for value in given.texts if read_score(value) is None), "")), header)
        elif role == "attribute" and given.times >= 0.7 and CLOSED.search(given.folded):
            add("note", "closed", text("“{column}” is kept as further information: it tells when the matter was "
                                       "closed, not when it happened.", column=header), header)
        elif header in sheet.scores and sheet.scores[header].reversed:
            add("note", "turned", text(
                "“{column}” complains, so agreeing with it is bad: its answers are turned round (5 becomes 1). Switch "
                "that off in the table above where it is wrong.", column=header), header)
        elif role == "csat" and header in sheet.scores and not sheet.remembered and recommends(header):
            add("note", "no_nps", text(
                "“{column}” asks for a recommendation on a scale up to {top}. An NPS needs 0–10, so it counts as a "
                "satisfaction score.", column=header, top=sheet.scores[header].top), header)
        elif header in sheet.scores and role != "nps" and not sheet.remembered and complains(header):
            add("note", "complains", text(
                "“{column}” seems to complain, but its answers are left as they are: where a high one means agreement, "
                "turn them round in the table above.", column=header), header)
        elif role not in ("attribute", "ignore") and SURE <= sheet.confidence[header] < 0.72:
            add("note", "unsure", text("“{column}” was taken as {field}. Please check.", column=header,
                                       field=FIELD[role].label if role in FIELD else text("a date")), header)
    return problems


def _named_score(header: str) -> bool:
    """Whether a column is called NPS, CSAT or CES, or as these are called."""
    bare = fold(re.sub(r"\([^)]*\)|\[[^\]]*\]", "", header))
    return any(bare in (kind, *FIELD[kind].synonyms) for kind in ("nps", "csat", "ces"))


def _ask_formats(sheet: SheetPlan, profiles: Sequence[Profile], add: Callable[..., None]) -> None:
    """Questions about dates and numbers that can be read both ways."""
    for given in profiles:
        header = given.header
        if sheet.formats.get(header) != "ambiguous":
            continue
        example = given.examples[0]
        if sheet.columns[header] in _TIME_ROLES:
            example = next((each for each in (*given.examples, *given.texts) if len(set(
                re.findall(r"\d+", each)[:2])) == 2), example)  # 01/01 asks nothing
            add("question", "date_order", text("In “{column}” the dates (e.g. {example}) can be read day first or "
                                               "month first. Which is it?", column=header, example=example), header)
        else:
            add("question", "number_format", text(
                "In “{column}” numbers like {example} can have a decimal or a thousands separator. Which is it?",
                column=header, example=example), header)


def _split_figures(name: str) -> Text:
    return text("“{name}” holds figures by month in a way that does not name the KPI. Reported history takes a month a "
                "row with one column for the KPI or one column each, and columns for channel, persona, stage or "
                "touchpoint beside it. A KPI may also be named by the sheet or file.", name=name)


def _reports_figures(sheet: SheetPlan, profiles: Sequence[Profile], found: set[str]) -> bool:
    """Whether a row is a period and not a contact: nobody is named, and one column counts months, weeks or quarters."""
    if "customer_id" in found or "touchpoint" in found or "record_id" in found or sheet.rows > 400:
        return False
    return any(given.unique and _PERIODS & set(given.folded.split()) for given in profiles)


def _remembered(store: Store | None, table: Table) -> SheetPlan | None:
    """The mapping an earlier upload with the same headers used."""
    if store is None or table.header_row is None:
        return None
    found = store.value("SELECT plan FROM mappings WHERE signature = ?", [signature_of(table.header)])
    return Plan.from_json(found).sheets[0] if found else None


def _settle_as_before(sheet: SheetPlan, earlier: SheetPlan) -> None:
    """What this file leaves open about dates and numbers was settled for an earlier one of its kind. A format that is
    also noted where nothing had to be decided (ISO dates, numbers without separators) settles nothing."""
    for header, given in sheet.formats.items():
        settled = earlier.formats.get(header, "")
        if (given == "ambiguous" and settled in ("dmy", "mdy", COMMA)) or (given, settled) == ("serial", "serial1904"):
            sheet.formats[header] = settled


def _recall(sheet: SheetPlan, earlier: SheetPlan) -> SheetPlan:
    """The earlier mapping over this sheet's own samples; formats of dates and numbers are decided anew."""
    units = {header: given for header, given in earlier.formats.items() if given in ("minutes", "hours", "days")}
    return SheetPlan(sheet.name, sheet.header, sheet.signature, layout=earlier.layout, columns=dict(earlier.columns),
                     confidence=dict.fromkeys(sheet.header, 1.0), samples=sheet.samples, formats=units,
                     scores=earlier.scores, milestones=earlier.milestones, constants=earlier.constants,
                     personal=sheet.personal, kpis=earlier.kpis, join=earlier.join, same=earlier.same,
                     rows=sheet.rows, header_row=sheet.header_row, remembered=True)
