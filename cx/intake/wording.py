"""Statements people agree or disagree with: which of them complain, so that agreeing is bad.

Only plain wordings are known; a statement with a negation ("I did not have to wait") or a question is none of them.
"""

from __future__ import annotations

import re

from cx.model import fold

_BAD = ("frustrat(?:ed|ing)|confus(?:ed|ing)|annoy(?:ed|ing)|disappoint(?:ed|ing)|unhelpful|unfriendly|rude|ignored|"
        "slow|broken|damaged|late|stressful|complicated|difficult|unclear|misleading|overpriced|hard to \\w+")
_KOTU = "kaba|ilgisiz|yetersiz|karmasik|yavas|hasarli|bozuk|kirik|eksik|yanlis|anlasilmaz|kafa karistirici|zor|pahali"
_COMPLAINS = re.compile(
    r"\b(?:i|we) (?:had|needed|was forced|were forced) to (?:repeat|wait|explain|call|contact|ask|chase)\b|"
    r"\b(?:took|waited|waiting) (?:far |much )?too long\b|\b(?:waited|had) (?:a )?(?:very )?long(?: time)?\b|"
    r"\btoo (?:long|slow|expensive|complicated|difficult|hard)\b|"
    r"\b(?:i|we) (?:had|experienced|encountered|faced) (?:a |some |many )?(?:problem|issue|difficult|trouble)\w*\b|"
    rf"\b(?:was|were|is|are|am|felt|feel|got) (?:very |too |so |really |often )?(?:{_BAD})\b|"
    r"\b(?:cok|uzun sure|fazla|uzun) (?:bekledim|bekledik|bekletildim|bekletildik)\b|\bbekletildi[mk]\b|"
    r"\bzorunda (?:kaldi[mk]|birakildi[mk])\b|\b(?:sorun|problem|zorluk|sikinti) yasadi[mk]\b|\bzorlandi[mk]\b|"
    r"\bhayal kirikligina ugradi[mk]\b|\bgec(?:ikti| geldi)\b|\bcok uzun surdu\b|"
    rf"\b(?:{_KOTU})(?:y?di|y?du|ti|tu)\b")
_DENIES = re.compile(r"\b(?:not?|never|without|nothing|rarely|didn|wasn|weren|don|isn|degil\w*|hic|yok\w*|asla)\b|"
                     r"m[ae]d[iu][mk]?\b|m[ae]dan\b|m[ae]z\b")
_ASKS = re.compile(r"\b(?:how|what|ne kadar|nasil|satisf\w*|memnun\w*|rate|puan\w*|degerlendir\w*)\b")


def complains(header: str) -> bool:
    """Whether a column's header is a statement that complains: "I had to repeat myself", "Çok bekledim"."""
    said = fold(header)
    return bool(_COMPLAINS.search(said)) and not _DENIES.search(said) and not _ASKS.search(said)
