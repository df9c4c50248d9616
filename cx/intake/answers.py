"""Answers in words, on a scale of five: "Very satisfied", "Kesinlikle katılıyorum", "Çok kolay".

Which scale a column uses is decided from all its values; the same word may stand at different places of two scales.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cx.intake.values import is_missing
from cx.model import fold

_ANSWERS: tuple[str, ...] = (  # worst to best, five points each
    "strongly disagree;completely disagree;totally disagree;fully disagree|"
    "disagree;somewhat disagree;slightly disagree;tend to disagree|"
    "neither agree nor disagree;neither agree or disagree;neutral;undecided;neither;not sure|"
    "agree;somewhat agree;slightly agree;tend to agree|strongly agree;completely agree;totally agree;fully agree",
    "hic katilmiyorum;kesinlikle katilmiyorum;tamamen katilmiyorum|katilmiyorum;kismen katilmiyorum|"
    "kararsizim;ne katiliyorum ne katilmiyorum;fikrim yok;notr|katiliyorum;kismen katiliyorum|"
    "tamamen katiliyorum;kesinlikle katiliyorum;cok katiliyorum",
    "very dissatisfied;very unsatisfied;extremely dissatisfied;very unhappy;extremely unhappy;completely dissatisfied;"
    "totally dissatisfied;not at all satisfied;not satisfied at all|"
    "dissatisfied;unsatisfied;unhappy;not satisfied|"
    "neutral;neither satisfied nor dissatisfied;neither satisfied or dissatisfied;neither happy nor unhappy;neither;"
    "so so;ok;okay|"
    "satisfied;happy|very satisfied;very happy;delighted",
    "hic memnun degilim;cok memnuniyetsizim;hic memnun kalmadim;cok memnuniyetsiz;kesinlikle memnun degilim;"
    "hic memnun degil|memnun degilim;memnuniyetsizim;memnun kalmadim;memnuniyetsiz;memnun degil;"
    "pek memnun degilim;biraz memnuniyetsizim|"
    "kararsizim;ne memnunum ne degilim;notr;ne memnunum ne memnun degilim;kararsiz;orta;fikrim yok|"
    "memnunum;memnun kaldim;memnun;kismen memnunum;kismen memnun;biraz memnun;biraz memnunum;"
    "oldukca memnunum;oldukca memnun|"
    "cok memnunum;cok memnun kaldim;cok memnun;kesinlikle memnunum;tamamen memnunum;"
    "son derece memnunum",
    "very poor;terrible;awful;very bad;horrible;well below average|poor;bad;below average;needs improvement|"
    "fair;average;ok;okay;acceptable;neutral;mediocre|good;above average|"
    "excellent;very good;great;outstanding;amazing;superb;perfect;well above average",
    "cok kotu;berbat;cok zayif|kotu;zayif;yetersiz|orta;ortalama;idare eder;normal;vasat;fena degil;"
    "ne iyi ne kotu|iyi;yeterli|cok iyi;mukemmel;harika;super;pekiyi;cok yeterli",
    "very difficult;very hard;extremely difficult|difficult;hard;somewhat difficult|"
    "neutral;neither;neither easy nor difficult;neither easy nor hard|easy;somewhat easy|very easy;extremely easy",
    "cok zor;cok zordu|zor;zordu|ne kolay ne zor;orta;notr;ne zor ne kolay|kolay;kolaydi|cok kolay;cok kolaydi",
    "very unlikely;not at all likely;extremely unlikely;definitely not|unlikely;somewhat unlikely;probably not|"
    "neutral;maybe;undecided;neither likely nor unlikely;might or might not|"
    "likely;somewhat likely;probably;probably yes|very likely;extremely likely;definitely;definitely yes",
    "never|rarely;seldom;almost never|sometimes;occasionally|often;usually;frequently;most of the time|"
    "always;almost always",
    "hicbir zaman;asla;hic|nadiren;ender|bazen;ara sira;zaman zaman|sik sik;siklikla;cogu zaman;genellikle;cogunlukla|"
    "her zaman;daima",
    "kesinlikle hayir;hic olasi degil|muhtemelen hayir;olasi degil|belki;kararsizim;emin degilim|"
    "muhtemelen evet;muhtemelen;olasi|kesinlikle evet;kesinlikle;cok olasi",
    "much worse than expected;far below expectations;far below|worse than expected;below expectations;"
    "did not meet expectations|as expected;about as expected;met expectations|better than expected;above expectations;"
    "exceeded expectations|much better than expected;far above expectations;far exceeded expectations",
    "beklentimin cok altinda;beklentinin cok altinda|beklentimin altinda;beklentinin altinda;beklentimi karsilamadi|"
    "beklentimi karsiladi;bekledigim gibi;beklentiyi karsiladi|beklentimin uzerinde;beklentinin uzerinde;"
    "beklentimin ustunde;beklentinin ustunde|beklentimin cok uzerinde;beklentinin cok uzerinde;"
    "beklentimin cok ustunde;beklentinin cok ustunde",
    "kesinlikle tavsiye etmem;asla tavsiye etmem|tavsiye etmem|kararsizim;belki;emin degilim|tavsiye ederim|"
    "kesinlikle tavsiye ederim",
    "definitely would not recommend;would definitely not recommend|would not recommend;probably would not recommend|"
    "might recommend;not sure;neutral|would recommend;probably would recommend|"
    "definitely would recommend;would definitely recommend;would highly recommend",
    "😡;😠;🤬;😞|🙁;☹;😟|😐;😑|🙂;😊|😀;😃;😄;😍;🤩",
    "not at all|not so;slightly;a little|somewhat;moderately|very;quite;a lot|extremely;completely",
    "hic degil;hic|az;biraz;pek degil|orta;kismen;orta derecede|oldukca;epey|cok;son derece;tamamen",
)
LIKERT_TOP = 5
_CLOSER: tuple[tuple[set[str], str], ...] = (
    ({"very good", "excellent"}, "poor;bad|fair;average|good|very good|excellent"),
    ({"cok iyi", "mukemmel"}, "kotu;zayif|orta;fena degil|iyi|cok iyi|mukemmel"),
    ({"gecer"}, "zayif;basarisiz|gecer|orta|iyi|pekiyi;cok iyi"),
    ({"good", "bad"}, "bad;bad with comment||||good;good with comment"),
    ({"good with comment"}, "bad;bad with comment||||good;good with comment"),
    ({"👍", "👎"}, "👎||||👍"),
    ({"koyu yesil"}, "koyu kirmizi|acik kirmizi||acik yesil|koyu yesil"),
    ({"dark green"}, "dark red|light red||light green|dark green"),
    ({"rated good"}, "rated bad;rated commented bad||||rated good;rated commented good"),
    ({"evet", "kesinlikle evet"}, "kesinlikle hayir|hayir|belki;kararsizim;emin degilim|evet|kesinlikle evet"),
)
"""Scales that give words another place than usual; told by the words that only they have side by side."""
_FAMILIES = tuple({word: score for score, words in enumerate(family.split("|"), start=1)
                   for word in words.split(";") if word}
                  for family in (*_ANSWERS, *(family for _, family in _CLOSER)))
_NEEDED = {number: words for number, (words, _) in enumerate(_CLOSER, start=len(_ANSWERS))}
EASE_FAMILIES = (6, 7)
AGREEMENT_FAMILIES = (0, 1, 9, 10)
"""Whether and how often a statement holds; what that is worth depends on the statement."""
_OF_DEGREE = (len(_ANSWERS) - 2,)
"""Families of degrees, which may stand before one and the same word: "very helpful", "not at all helpful"."""


_NOT_RATED = {"offered", "not offered", "unoffered", "not rated"}
"""What a help desk writes where it asked for a good or bad and nobody said, or did not ask."""
SLIPS = 0.05
"""The largest share of a column's rows in which one or two values unlike all others are slips of the pen."""


def likert_family(values: Iterable[str], counts: Iterable[int] = ()) -> int | None:
    """Which family of answers in words these (distinct) values belong to; None = numbers or other words.

    At least two different answers of one family, and nothing else but missing ones; and, where it is known how often
    each value occurs (counts), one or two rare slips.
    """
    values, counted = list(values), list(counts)
    found = _family(values)
    if found is not None or not counted:
        return found
    often = [value for value, count in zip(values, counted, strict=True) if count > SLIPS * sum(counted)]
    return _family(often) if 0 < len(values) - len(often) <= 2 else None


_STRONG = re.compile(r"^(?:very|extremely|completely|totally|absolutely|highly|strongly|really|cok|kesinlikle|tamamen|"
                     r"son derece)\s+")
_WEAK = re.compile(r"^(?:fairly|quite|somewhat|slightly|rather|moderately|mostly|partly|a (?:little|bit)|tend to|"
                   r"oldukca|biraz|kismen|epey|genelde|cogunlukla)\s+")
_OF_POLES = 9
"""Families (the first ones) whose second and fourth answers may be made stronger or weaker."""


def _answer(number: int, folded: str) -> int | None:
    """1–5: an answer of a family, as listed or made stronger or weaker ("fairly satisfied"); None = none of it."""
    family = _FAMILIES[number]
    known = family.get(folded)
    if known is not None or number >= _OF_POLES:
        return known
    if re.match(r"^(?:neither .+ nor |ne .+ ne )", folded):
        return 3 if folded.rsplit(" ", 1)[-1] in family else None
    for pattern, worth in ((_STRONG, {2: 1, 4: 5}), (_WEAK, {2: 2, 4: 4})):
        found = pattern.match(folded)
        if found:
            return worth.get(family.get(folded[found.end():], 0))
    return None


def _family(values: Sequence[str]) -> int | None:
    folded = {fold(value) for value in values if not is_missing(value)}
    if folded & {"good", "bad", "rated good", "rated bad"}:
        folded -= _NOT_RATED
    if len(folded) < 2:
        return None
    for number in (*_NEEDED, *range(len(_ANSWERS))):
        if _NEEDED.get(number, set()) <= folded and all(_answer(number, value) is not None for value in folded):
            return number
    endings = {value.rsplit(" ", 1)[-1] for value in folded}
    if len(endings) == 1:
        for number in _OF_DEGREE:
            if all(value.rsplit(" ", 1)[0] in _FAMILIES[number] for value in folded):
                return number
    return None


def unrated(value: str) -> bool:
    """Whether a help desk says that nobody rated."""
    return fold(value) in _NOT_RATED


def read_likert(value: str, family: int) -> int | None:
    """1 (worst) to 5 (best); None = not an answer of that family."""
    folded = fold(value)
    known = _answer(family, folded)
    return known if known is not None or family not in _OF_DEGREE else _FAMILIES[family].get(folded.rsplit(" ", 1)[0])
