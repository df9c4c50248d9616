"""Score columns of a sheet: which they are, what they measure, on which scale, and of which touchpoint."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cx.intake.answers import AGREEMENT_FAMILIES, EASE_FAMILIES, LIKERT_TOP
from cx.intake.plan import Kind, Score
from cx.intake.profile import LOOKED_AT, Profile
from cx.intake.reading import concepts_of, skeleton
from cx.intake.scores import CODES, find_top, is_overall, stated_top
from cx.intake.weighing import doubted
from cx.intake.wording import complains
from cx.model import FIELD, clean_name, fold

_RECOMMEND = re.compile(r"\b(?:nps|ltr|refer (?:us|a)|tell (?:a |your )?(?:friends?|colleagues?)|arkadas\w* (?:anlat|"
                        r"soyle)\w*|recommend\w*|"
                        r"tavsiye\w*|onerir\w*|oner\w*|netpro|net promoter)\b")
_ANCHORS = re.compile(r"(?=.*\b0\b)(?=.*\b10\b)(?:0|10|at|all|not|likely|unlikely|extremely|very|definitely|olasi|"
                      r"degil|hic|kesinlikle|cok|muhtemel|[\s=])+")
"""A header of nothing but the ends of the scale of a recommendation."""
_ENDS = re.compile(r"\b0\s*[=:(–-].*\b10\s*[=:(–-]")
_WOULD = re.compile(r"\b(?:would you|how likely|m[ıi]s[ıi]n[ıi]z|ne kadar olasi)\b")
"""Of a question from 0 = … to 10 = …: whether somebody would."""
_GROUPS_OF_NPS = {"promoter", "promoters", "passive", "passives", "detractor", "detractors", "neutral", "destekleyen",
                  "destekleyici", "tavsiye eden", "pasif", "notr", "kotuleyen", "elestiren"}
_STARS = re.compile(r"^(?:★{1,5}☆{0,4}|[1-5](?:[.,]\d)? out of 5 stars)$")
_NEVER = 0.02
"""A recommendation less likely than this is none."""
_FEW_ROWS = 100
"""In so many rows a scale may be used in part; in more, a column of two or three numbers holds codes."""
_RATED = {"hiz", "servis", "lezzet", "temizlik", "personel", "hizmet", "kalite", "konfor", "sunum", "ambiyans",
          "kahvalti",
          "ilgi", "guler", "yuz", "yuzluluk", "hijyen", "speed", "service", "taste", "food", "cleanliness", "staff",
          "quality", "comfort",
          "ambience", "atmosphere", "breakfast", "friendliness", "packaging", "paketleme", "hygiene",
          "communication", "iletisim"}
"""What is rated under headers of its bare name."""
_CODE = re.compile(r"^[a-z]{0,2}\d{1,3}$")
"""A header that is nothing but the number of a question."""
_OF_A_QUESTION = re.compile(r"^(?:[qs]\d{1,3}(?=[a-z]*$|[a-z]*[ _.\-])|[a-z]\d{1,2}[.)] )", re.IGNORECASE)
_EFFORT = re.compile(r"\b(?:ces|hassle|zahmet\w*|effort\w*|eas[ey]\w*|kolay\w*|efor\w*|caba\w*|zorluk\w*|zor|"
                     r"difficult\w*|breeze|effortless\w*|straightforward|hassle free|basit\w*|ugras\w*)\b")
_EASE = re.compile(r"\b(?:eas[eyi]\w*|kolay\w*|effortless\w*|straightforward|breeze|basit\w*|zahmetsiz\w*|"
                   r"hassle free)\b")
"""What was easy, of statements that people agree with: of those about effort only the wording says which way."""
_RATING = re.compile(r"\b(?:csat|osat|scale ?\d{1,3}|sat|satisf\w*|memnun\w*|memn|rat(?:e|ed|ing|ings)|puan\w*|scores?|"
                     r"skor\w*|degerlendir\w*|"
                     r"stars?|yildiz\w*|quality|kalite\w*|experience|deneyim\w*|^overall$|^genel$|how was|how did|"
                     r"how well|nasil\w*|happy|happiness|mutluluk\w*|evaluat\w*|like|"
                     r"begen\w*)\b")
_FEELS = re.compile(r"\b(?:satisf\w*|memnun\w*|how was|how were|nasildi)\b")
_FROM_ONE = re.compile(r"\b1\s*(?:-|–|to|ile)\s*10\b")
_COUNTS = re.compile(r"\b(?:id|no|number|count|qty|quantity|adet|amount|tutar|total|year|yil|age|yas|week|hafta|month|"
                     r"ay|zip|code|kod|kodu|weight|times|days|gun|months|years|yillar|rate of)\b|"
                     r"^(?:[a-z]?\d+ )?(?:how (?:many|much|often|long)|kac|ne kadar|ne siklikla)\b")
_DESCRIBING = (
    "gender sex education income region marital household child children room rooms city occupation job priority "
    "severity level attempts attempt rank order visit visits seat seats guest guests night nights floor group class "
    "grade type team segment version table pet pets ethnicity race county country language dependents bags lang "
    "cinsiyet egitim gelir bolge medeni cocuk hane meslek il ilce ulke dil sinif kat masa oncelik seviye sira ziyaret "
    "kisi gece oda grup grubu tip tipi tur turu kademe desi")
_DESCRIBES = re.compile(rf"(?:{_DESCRIBING.replace(' ', '|')}|child\w*|reopen\w*)")
"""Last words of headers of figures that tell of the customer or count something."""
_DESCRIBES_IN_SHORT = {skeleton(word) for word in _DESCRIBING.split() if len(word) >= 5}
_QUESTION_NUMBER = re.compile(r"^[a-z]?\d+(?=[a-z])")
_RATE_AT_END = re.compile(r"[a-z](?:rate|rating|score|sat|puan)\d*$")
_NOT_A_SCORE = re.compile(r"\b(?:id|no|number|count|qty|quantity|adet|amount|tutar|price|fiyat|total|year|yil|age|yas|"
                          r"week|hafta|month|ay|zip|code|kod|kodu|weight|times|days|gun|wait\w*|bekleme|sure|suresi|"
                          r"average|avg|mean|ortalama|conversion|rate of|bounce|response)\b")
_ANSWER = {"answer", "response", "yanit", "cevap"}
_HEADLINE = re.compile(r"\b(?:title|subject|headline|baslik|basligi|konu|konusu)\b")
_WHY = re.compile(r"\b(?:why|neden|nicin|reason|sebep|sebebi|gerekce|aciklama\w*|comment\w*|yorum\w*)\b")

_LEADS = re.compile(
    r"^(?:q\d+[.):\s]+|\d+[.)]\s+)?(?:(?:on a scale (?:of|from)\s*[\d\s\-–to]+|from\s*\d+\s*(?:to|-|–)\s*\d+)[,:]?\s*)?"
    r"(?:(?:please\s+)?(?:rate|evaluate|score)|how (?:would you|do you|did you) (?:rate|find|like|evaluate|score)|"
    r"(?:overall,? )?how (?:satisfied|happy)(?: or dissatisfied)? (?:were|are) you(?: overall)? with|how (?:was|were)|"
    r"how easy (?:was it to|is it to|was|is)|how likely (?:are|is) you to|"
    r"(?:overall )?satisfaction with|rating of|rating for|lütfen)?\s*"
    r"(?:(?:the|your|our)\s+)?", re.IGNORECASE)
_TRAILS = re.compile(
    r"\s*(?:(?:hizmetinden|deneyiminden)?\s*(?:ne kadar|ne derece|ne ölçüde)\s+memnun\w*(?:\s+\w+)?|"
    r"genel olarak|(?:ne kadar|ne derece|ne ölçüde)\s+(?:kolay|zor|basit|zahmetsiz)\w*(?:\s+\w+)?|nasıldı|"
    r"nasıl buldunuz|"
    r"(?:nasıl|kaç puanla)\s+değerlendir\w*|değerlendir(?:in|iniz|me|mesi)|memnuniyet\w*(?:\s+(?:puanı|düzeyi|skoru))?|"
    r"puanı|skoru|kolaylığı|satisfaction(?:\s+(?:score|rating))?|rating|score|csat|ces)\s*$", re.IGNORECASE)
_SCALE = re.compile(r"\s*[(\[]\s*(?:\d+\s*(?:-|–|to|ile|…|/)\s*\d+|[^)\]]*\d+\s*=[^)\]]*|csat|ces|nps)\s*[)\]]",
                    re.IGNORECASE)
_RATES = {"degerlendirme", "degerlendirmesi", "degerlendirmeniz", "rating", "ratings", "evaluation", "assessment",
          "puan", "puani", "puanlama", "skor", "score", "memnuniyet", "anket", "survey", "sonuc", "sonuclar", "results"}
"""Words that only say that something was rated, as the title over several columns does."""
_BARE = {"score", "rating", "puan", "skor", "your score"}
_ADJECTIVES = {"mobil", "online", "dijital", "fiziksel", "yeni", "sesli", "canli", "cevrim"}
_SHORTEST = 4  # letters of a word that can be told from a part of one
_SHORT_WORDS = {"oda", "spa", "app", "bot", "lab"}
_WHOLE = {"overall", "genel", "general", "genel olarak", "service", "us", "bizi", "company", "our company",
          "experience", "genel olarak hizmetimiz", "hizmetimiz", "deneyiminiz"}
"""What a question about the experience as a whole is about, folded."""


def find_scores(profiles: Sequence[Profile], taken: Mapping[str, tuple[str, float]],
                likely: Mapping[str, Mapping[str, float]]) -> dict[str, tuple[Score, float]]:
    """Header → (Score, confidence) of every column that holds answers on a scale.

    taken   header → (field, confidence) as assigned by name: columns of other fields are left out
    likely  see cx.intake.likeness.likeness
    """
    batteries = _batteries(profiles)
    found: dict[str, tuple[Score, float]] = {}
    for given in profiles:
        field = taken.get(given.header, ("", 0.0))[0]
        if field not in ("", "nps", "csat", "ces") or given.personal or not given.distinct:
            continue
        scored = _score_of(given, field, taken.get(given.header, ("", 0.0))[1], given.header in batteries)
        if scored:
            found[given.header] = scored
    found |= _alike(profiles, taken, found)
    found |= _grouped(profiles, taken, found)
    found = {header: (score, doubted(confidence, score.kind, likely[header]))
             for header, (score, confidence) in found.items()}
    _same_scale(found, profiles)
    _find_overall(found, profiles, likely)
    return found


def recommends(header: str) -> bool:
    """Whether a question asks for a recommendation."""
    return bool(_RECOMMEND.search(fold(header)))


def _score_of(given: Profile, field: str, confidence: float, in_battery: bool) -> tuple[Score, float] | None:
    folded = given.folded
    if given.texts and all(map(_STARS.match, given.texts)):
        return Score("csat", 5, touchpoint_of(given.header, "csat")), 0.85
    if given.family is not None and not _HEADLINE.search(folded):
        agreed = given.family in AGREEMENT_FAMILIES
        eased = agreed and bool(_EASE.search(folded)) and not complains(given.header)
        kind: Kind = "ces" if given.family in EASE_FAMILIES or eased else "csat"
        turned = agreed and complains(given.header)
        return Score(kind, LIKERT_TOP, touchpoint_of(given.header, kind), turned), 0.78 if agreed else 0.8
    if not _on_a_scale(given) or (given.distinct <= 2 and given.highest <= 1):
        return None
    counts = given.counts or {given.lowest: 1, given.highest: 1}
    few = _fewer_points(given, counts) if field == "nps" or _RECOMMEND.search(folded) else 0
    if few:  # asked on 1-5 or 1-7: that gives no NPS
        return Score("csat", few, clean_name(given.header).strip(" ?:.…")), 0.7
    if field == "nps" or (given.highest <= 11 and (_RECOMMEND.search(folded) or _ANCHORS.fullmatch(folded) or (
            _ENDS.search(given.header) and _WOULD.search(folded)))):
        return Score("nps", 10, None), confidence if field == "nps" else 0.85
    if field in ("csat", "ces"):
        kind = "ces" if field == "ces" else "csat"
        return Score(kind, find_top(kind, given.header, counts), touchpoint_of(given.header, kind)), confidence
    if in_battery:
        about = touchpoint_of(given.header, "csat") if given.header.endswith("]") else clean_name(given.header)
        return Score("csat", find_top("csat", given.header, counts), about), 0.75
    if _ANSWER & set(folded.split()[-1:]) and {0, 10} <= set(counts) <= set(range(11)):
        return Score("csat", 10, None), 0.65
    feels = _FEELS.search(folded)  # "how satisfied were you with the wait?" is no wait
    if _NOT_A_SCORE.search(folded) and not feels and not stated_top(given.header, given.counts):
        return None
    if given.highest > 11 and not stated_top(given.header, given.counts):
        return None
    if _EFFORT.search(folded):
        return Score("ces", find_top("ces", given.header, counts), touchpoint_of(given.header, "ces")), 0.75
    if _RATING.search(folded) or _RATE_AT_END.search(folded) or stated_top(given.header, given.counts):
        return Score("csat", find_top("csat", given.header, counts), touchpoint_of(given.header, "csat")), 0.75
    return None


def _alike(profiles: Sequence[Profile], taken: Mapping[str, tuple[str, float]],
           known: Mapping[str, tuple[Score, float]]) -> dict[str, tuple[Score, float]]:
    """Columns whose headers name nothing but a subject (Staff, Cleanliness…), answered on one and the same scale: three
    beside a score that says so, or five on their own; two where the sheet is one of questions, or a header has the
    number of one. A header that counts or describes is none."""
    groups: dict[int, list[Profile]] = {}
    fewer: list[Profile] = []  # answers on some points of a scale
    asks = sum("?" in given.header or len(given.folded.split()) >= 6 for given in profiles) >= 2
    for given in profiles:
        free = given.header not in taken and given.header not in known and not given.personal
        if not free or not given.counts or given.numbers < 0.95 or given.lowest < 0 or _describes(given.folded):
            continue
        answers = sorted(value for value in given.counts if value not in CODES)
        if len(answers) >= 4 and answers[-1] in (5, 7, 10):
            groups.setdefault(int(answers[-1]), []).append(given)
        elif given.distinct >= 2 and given.lowest >= 1 and given.rows <= _FEW_ROWS:
            fewer.append(given)
    tops = [score.top for score, _ in known.values() if score.kind != "nps"]
    found = {}
    bare = [given for given in (*fewer, *(each for group in groups.values() for each in group))
            if given.whole == 1 and given.lowest >= 1 and set(given.folded.split()) <= _RATED]
    if len(bare) >= 2 and len({given.highest for given in bare}) == 1 and bare[0].highest in (5, 10):
        found = {given.header: (Score("csat", int(given.highest), clean_name(given.header)), 0.68) for given in bare}
    for top, alike in groups.items():
        whole = all(given.lowest == 1 and given.distinct == top for given in alike)
        if len(alike) + tops.count(top) < (3 if known else 4 if whole else 5):
            alike = [given for given in alike if (top in tops and (
                "?" in given.header or len(given.folded.split()) >= 4)) or (
                (known or whole) and _OF_A_QUESTION.match(given.header)) or (
                asks and whole and (len(alike) > 1 or top in tops) and len(given.folded.split()) >= 3)]
        elif len(alike) + tops.count(top) >= 4:
            alike += [given for given in fewer if given.highest <= top and 3 * given.highest >= 2 * top]
        for given in alike:
            found[given.header] = (Score("csat", top, clean_name(given.header)), 0.7 if known else 0.65)
    return found


def _describes(folded: str) -> bool:
    """Whether a header counts something or tells of the customer, also in the codes of survey files: `q22income`,
    `q21incme`."""
    if _COUNTS.search(folded):
        return True
    last = _QUESTION_NUMBER.sub("", folded.rsplit(" ", 1)[-1])
    return bool(_DESCRIBES.fullmatch(last) or _COUNTS.fullmatch(last)) or (
        len(short := skeleton(last)) >= 4 and short in _DESCRIBES_IN_SHORT)


def _grouped(profiles: Sequence[Profile], taken: Mapping[str, tuple[str, float]],
             found: Mapping[str, tuple[Score, float]]) -> dict[str, tuple[Score, float]]:
    """The one column of 0-10 that nothing else is said of: a recommendation beside a column that calls its answers
    promoters and detractors; and perhaps one under the bare number of a question of a survey."""
    if any(score.kind == "nps" for score, _ in found.values()):
        return {}
    wide = [given for given in profiles if given.counts and given.header not in taken and not given.personal
            and given.numbers >= 0.95 and given.whole == 1 and given.lowest >= 0 and given.highest == 10
            and given.distinct >= 5 and not _describes(given.folded)]
    called = any(given.texts and {fold(value) for value in given.texts} <= _GROUPS_OF_NPS and given.distinct >= 2
                 for given in profiles)
    if called and len(wide) == 1:
        return {wide[0].header: (Score("nps", 10, None), 0.65)}
    coded = [given for given in wide if _CODE.match(given.folded)]
    if found and len(coded) == 1:
        return {coded[0].header: (Score("nps", 10, None), 0.62)}
    return {}


def _fewer_points(given: Profile, counts: Mapping[float, int]) -> int:
    """5 or 7 where a recommendation was plainly asked on so many points; 0 = on 0-10, or too few answers to tell."""
    stated = stated_top(given.header, given.counts)
    if stated:
        return stated if stated in (5, 7) else 0
    answers = {value: count for value, count in counts.items() if value >= 0 and value <= 10}
    if not answers or sum(answers.values()) < 30 or min(answers) < 1 or "nps" in given.folded:
        return 0
    return int(max(answers)) if max(answers) in (5, 7) and len(answers) >= 4 else 0


def _on_a_scale(given: Profile) -> bool:
    """Whether the answers are numbers of a small range."""
    if given.numbers < 0.95 or given.counts is None:
        return False
    return given.distinct <= 13 or (given.highest <= 100 and given.lowest >= 0)


def _batteries(profiles: Sequence[Profile]) -> set[str]:
    """Columns of a matrix question: three or more of one prefix (Q7ART, Q7FOOD…) that use 2, 3, 4 and 5, perhaps 1, and
    perhaps 0 and 6 for blank and does not apply; or two or more of one question with its part in brackets."""
    groups: dict[str, list[str]] = {}
    for given in profiles:
        header = given.header[:LOOKED_AT].strip()
        question = re.match(r"^(.{6,}?)\s*\[[^\]]+\]$", header)
        if question and given.counts and set(given.counts) <= set(range(11)) and given.distinct >= 3:
            groups.setdefault(question[1], []).append(given.header)
            if len(groups[question[1]]) == 2:
                groups[question[1]].insert(0, groups[question[1]][0])  # two are enough
        prefix = re.match(r"^([A-Za-z]{1,4}\d{1,3})[A-Za-z_.\- ]*[A-Za-z]\w*$", header)
        if prefix and given.counts and {2, 3, 4, 5} <= set(given.counts) <= {0, 1, 2, 3, 4, 5, 6}:
            groups.setdefault(prefix[1].lower(), []).append(given.header)
    return {header for headers in groups.values() if len(headers) >= 3 for header in headers}


def _same_scale(found: dict[str, tuple[Score, float]], profiles: Sequence[Profile]) -> None:
    """Questions of one sheet that go to 6 where most go to 5 have 6 for "does not apply"."""
    tops = [score.top for score, _ in found.values() if score.kind == "csat"]
    for given in profiles:
        if given.header in found and found[given.header][0].kind == "csat" and found[given.header][0].top == 6:
            stated = stated_top(given.header, given.counts)
            if stated is None and tops.count(5) > tops.count(6):
                found[given.header][0].top = 5


def _find_overall(found: dict[str, tuple[Score, float]], profiles: Sequence[Profile],
                  likely: Mapping[str, Mapping[str, float]]) -> None:
    """Where nothing asks for a recommendation, the one 0–10 question about the whole (its subject comes back in other
    questions, or it is followed by "why?") is read as one."""
    if any(score.kind == "nps" for score, _ in found.values()):
        return
    headers = [given.header for given in profiles]
    for position, header in enumerate(headers):
        whole = profiles[position].whole == 1
        if set(fold(header).split()) <= _RATED:
            continue
        if header not in found or found[header][0].top != 10 or found[header][0].kind != "csat" or not whole or (
                _FEELS.search(fold(header)) or _FROM_ONE.search(header) or likely[header].get("nps", 0.0) < _NEVER):
            continue
        zero = (profiles[position].counts or {}).get(0.0, 0) > 0 and fold(header) in _BARE
        followed = zero or (position + 1 < len(headers) and bool(_WHY.search(fold(headers[position + 1]))))
        subject = fold(found[header][0].touchpoint or "")
        again = bool(subject) and sum(subject in fold(other) for other in headers if other != header) >= 2
        if followed or again or is_overall(header):
            found[header] = (Score("nps", 10, None), 0.7)
            return


def _named(text: str) -> str:
    """Turkish without "our": `Web sitemiz` → `Web sitesi`, `Mağazamız` → `Mağaza`, `Personelimiz` → `Personel`. What is
    left of a word must be one: `Temmuz` and `OTPmiz` stay."""
    owned = re.fullmatch(r"(?P<base>.*\w{2})m[ıiuü]z", text)
    if owned is None:
        return text
    base, *before = owned["base"], *text.split()[:-1]
    word = base.split()[-1]
    if len(word) < _SHORTEST and not concepts_of(fold(word)) and fold(word) not in _SHORT_WORDS:
        return text
    if base[-1] in "ıiuü" and not re.search(r"[cç][ıiuü]$", base):  # put between a consonant and "-miz"
        return base if before else base[:-1]
    if not before or fold(before[-1]) in _ADJECTIVES:
        return base
    last = next((letter for letter in reversed(word) if letter in "aeıioöuü"), None)
    if last is None:
        return text
    return base + "s" + {"a": "ı", "ı": "ı", "e": "i", "i": "i", "o": "u", "u": "u", "ö": "ü", "ü": "ü"}[last]


def _done(text: str) -> str:
    """What was easy to do, as a noun: `Sorununuzu çözmek` → `Sorun çözme`, `Bize ulaşmak` → `Bize ulaşma`."""
    doing = re.fullmatch(r"(?P<what>.*\w )?(?P<verb>\w+m[ae])k", text)
    if doing is None:
        return text
    what = re.sub(r"(?<=\w{2}[^aeıioöuü\W])(?:ınızı|inizi|unuzu|ünüzü)(?= )", "", doing["what"] or "")
    return what + doing["verb"]


def touchpoint_of(header: str, kind: Kind) -> str | None:
    """What a question is about: `How would you rate the food at the airport?` → `Food at the airport`; None = the
    whole experience."""
    header = header[:LOOKED_AT]
    bracket = re.search(r"\[([^\]]*[^\W\d][^\]]*)\]\s*$", header)
    text = bracket[1] if bracket else _SCALE.sub("", clean_name(header)).strip(" ?:.…")
    if fold(text) in (kind, *FIELD[kind].synonyms):
        return None
    shorter = _LEADS.sub("", text, count=1).strip(" ?:.…")
    without = _TRAILS.sub("", shorter).strip(" ?:.…-–")
    if without != shorter and re.search(r"memnun|degerlendir", fold(shorter)):  # "teslimattan memnun", "ilgisini…"
        without = _TRAILS.sub("", without).strip(" ?:.…-–") or without  # "… genel olarak ne kadar memnun"
        without = re.sub(r"(?<=[ıiuü])n(?:[dt][ae]n|[ıiuü])$|(?<=\w{3})[dt][ae]n$", "", without)
        without = without if fold(without) in _WHOLE else _named(without)
    elif without != shorter:
        without = _done(without)
    if without:
        shorter = without
    if not shorter or fold(shorter) in _WHOLE or set(fold(shorter).split()) <= _RATES or (
            len(shorter.split()) <= 3 and is_overall(text) and fold(shorter).split()[0] in ("overall", "genel")):
        return None
    return shorter[:1].upper() + shorter[1:] if " " in header.strip() else shorter
