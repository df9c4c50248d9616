"""Statements people agree or disagree with: which of them complain, so that agreeing is bad.

Plain wordings are known; of other statements the sentiment decides. A denied complaint ("I did not have to wait"), a
question or the name of a subject ("Waiting time") is none.
"""

from __future__ import annotations

import re

from cx.model import fold
from cx.sentiment import judge_all

_BAD = ("frustrat(?:ed|ing)|confus(?:ed|ing)|annoy(?:ed|ing)|disappoint(?:ed|ing)|unhelpful|unfriendly|rude|ignored|"
        "slow|broken|damaged|late|stressful|rushed|pressured|impatient|overcharged|too high|too small|dirty|cold"
        "|unprofessional|incompetent|out of stock|complicated|difficult|unclear|misleading|overpriced|hard to \\w+")
_KOTU = "kaba|ilgisiz|yetersiz|karmasik|yavas|hasarli|bozuk|kirik|eksik|yanlis|anlasilmaz|kafa karistirici|zor|pahali"
_MUCH = "(?:a lot of|lots of|(?:too |so |very )?much|a great deal of|considerable|significant|tremendous|extra)"
_COMPLAINS = re.compile(
    r"\b(?:i|we) (?:had|needed|was forced|were forced) to (?:repeat|wait|explain|call|contact|ask|chase)\b|"
    r"\b(?:took|waited|waiting) (?:far |much )?too long\b|\b(?:waited|had) (?:a )?(?:very )?long(?: time)?\b|"
    r"\btoo (?:long|slow|expensive|complicated|difficult|hard)\b|"
    r"\b(?:i|we) (?:had|experienced|encountered|faced) (?:a |some |many )?(?:problem|issue|difficult|trouble)\w*\b|"
    rf"\b(?:was|were|is|are|am|felt|feel|got) (?:very |too |so |really |often )?(?:{_BAD})\b|"
    r"\b(?:cok|uzun sure|fazla|uzun) (?:bekledim|bekledik|bekletildim|bekletildik)\b|\bbekletildi[mk]\b|"
    r"\bzorunda (?:kaldi[mk]|birakildi[mk])\b|\b(?:sorun|problem|zorluk|sikinti) yasadi[mk]\b|\bzorlandi[mk]\b|"
    r"\bhayal kirikligina ugradi[mk]\b|\bgec(?:ikti| geldi)\b|\bcok uzun surdu\b|"
    rf"\b(?:i|we) (?:put in|put|made|spent|exerted|expended) {_MUCH} effort\b|"
    rf"\b(?:i|we) had to (?:put in|put|make|spend|exert|expend) (?:(?:{_MUCH}|an|some) )?effort\b|"
    rf"(?<!they )(?<!staff )(?<!team )(?<!agent )(?<!agents )(?<!you )\b(?:took|takes|needed|needs|required|requires) "
    rf"(?:(?:me|us) )?{_MUCH} effort\b|\b{_MUCH} effort (?:was|is) (?:needed|required|necessary)\b|"
    r"\b(?:cok|fazla|buyuk|epey|epeyce|hayli|yogun|ciddi|gereksiz) (?:bir )?(?:caba|efor) (?:harcadi[mk]|gosterdi[mk]|"
    r"sarf etti[mk]|(?:harcama|gosterme|sarf etme)(?:m|miz) gerekti)\b|"
    r"\b(?:incorrectly|wrongly|pressured me|transferred (?:from|several|many)|passed around|more than once)\b|"
    r"\b(?:switch|chang|mov|go)(?:e|ing)? to (?:another|a different|a competitor|the competition)\b|"
    r"\bwould (?:not|never) (?:buy|shop|order|come|use|recommend|stay|return)\b|"
    r"\b(?:fiyat\w*|ucret\w*) (?:cok |fazla )?yuksek\w*|\bdegersiz hisset\w*|\bbaska (?:bir )?\w+ gecme\w*|"
    r"\bbir daha \w+(?: \w+)? ?(?:almam|yapmam|gelmem|tercih etmem)\b|"
    rf"\b(?:{_KOTU})(?:y?di|y?du|ti|tu)\b")
_NEVER_AGAIN = re.compile(r"\b(?:would (?:not|never)|bir daha)\b")
_DENIES = re.compile(r"\b(?:not?|never|without|nothing|rarely|didn|wasn|weren|don|isn|degil\w*|hic|yok\w*|asla)\b|"
                     r"m[ae]d[iu][mk]?\b|m[ae]dan\b|m[ae]z\b")
_ASKS = re.compile(r"\b(?:how|what|ne kadar|nasil|satisf\w*|memnun\w*|rate|puan\w*|degerlendir\w*)\b")
_DENIED = re.compile(r"\b(?:bekle\w*|wait\w*|long|queue|sorun ya\w*|problem\w*|zorlan\w*|zorunda|gecik\w*|difficult\w*|"
                     r"hata\w*|errors?|hasar\w*|damaged?|(?:take|require|need) (?:\w+ ){0,4}effort|"
                     r"i did ?n(?:ot| t) (?:have|need|put|make|spend) (?:\w+ ){0,5}effort|"
                     r"(?:caba|efor) (?:harcamadi[mk]|gostermedi[mk]|sarf etmedi[mk]|"
                     r"(?:harcama|gosterme|sarf etme)(?:m|miz) gerekmedi))\b")
_HANDLED = re.compile(r"\b(?:complaints?|problems?|sikayet\w*|sorunlar\w*) "
                      r"(?:are|were|is|was|ciddiye|hizla|hizli|cabuk)\b|"
                      r"\b(?:acceptable|reasonable|apologi[sz]ed|explained|makul|kabul edilebilir|ozur)\b")
_DONE = ("kept|maintained|preserved|resolved|fixed|repaired|removed|returned|replaced|refunded|followed|respected|"
         "compensated|found")
_YAPIL = ("korun|gideril|cozul|onaril|degistiril|karsilan|kapatil|temizlen|saglan|uyul|duzeltil|iade edil|bulun|"
          "servis edil|sunul")
_UNDONE = re.compile(rf"\b(?:was|were|is|are|been)(?:n t| not| never) (?:{_DONE})\b|\b(?:{_YAPIL})m[ae](?:d[iu]|"
r"m[iu]st[iu]|z|yor)")
_MENDED = re.compile(rf"\b(?:was|were|is|are|been) (?:well |always |properly |fully |quickly )?(?:{_DONE})\b|"
                     rf"\b(?:{_YAPIL})(?:d[iu]|m[iu]st[iu]r?|[iu]yor(?:du)?)$")
"""A statement that something was kept or put right, whatever bad word its subject has ("cold chain", "fault")."""
_SAYS = re.compile(r"^(?:q\d+ )?(?:i|we|my|our|nobody|no one|no body|it|there|they)\b|"
                   r"\b(?:is|are|was|were|did|does|do|has|had|have|arrived?|came|comes|crashe[sd]|failed?|takes?|took|broke|"
                   r"charged?|lost|ignored?|refused|made|kept|sent|feels?|felt|could|would)\b|"
                   r"(?:d[iu]|t[iu])(?:m|k|ler|lar|niz)?$|yor(?:um|uz|lar)?$|m[ae]zl?[ae]?r?$|mam$|mem$|"
                   r"(?:yuksek|yavas|karmasik|yetersiz|pahali|kotu|zor|kaba|ilgisiz)$")
"""A statement: somebody says that something is so."""


def complains(header: str) -> bool:
    """Whether a column's header is a statement that complains: "I had to repeat myself", "Çok bekledim"."""
    said = fold(header)
    if _ASKS.search(said):
        return False
    if _UNDONE.search(said):
        return True
    denied = bool(_DENIES.search(said))
    if _COMPLAINS.search(said) and (not denied or _NEVER_AGAIN.search(said)):
        return True
    if not _SAYS.search(said) or _HANDLED.search(said) or (denied and _DENIED.search(said)):
        return False
    if _MENDED.search(said) and not denied and not re.search(rf"\b(?:{_KOTU}|broken|damaged|dirty)\b", said):
        return False
    [mood] = judge_all([header])
    return mood == -1
