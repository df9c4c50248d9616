"""Guesses from a name, in English and Turkish: the stage and phase of a touchpoint, the kind of a channel.

A keyword matches at the start of a word of the folded name; the longest match wins. A guess is shown as such and a
person can change it on the Journey model page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from cx.model import fold

_Found = TypeVar("_Found")

_STAGES: dict[str, str] = {
    "awareness": """awareness|ad|ads|advert|advertisement|banner|campaign|promo|promotion|landing|home|homepage|
        main page|index|social|social post|blog|article|press|tv|radio|billboard|impression|search result|google search|
        search ad|search ads|display|video|influencer|newsletter|first contact|first visit|visit|signage|
        app install|install|open app|farkindalik|reklam|kampanya|tanitim|anasayfa|ana sayfa|giris sayfasi|
        sosyal medya|gonderi|blog yazisi|basin|karsilama sayfasi|afis|ilk temas|ilk ziyaret|
        ziyaret|bulten|arama sonucu|kesif""",
    "consideration": """consideration|consider|catalog|catalogue|category|product|product page|product list|
        product detail|view item|item view|search|filter|sort|compare|comparison|review read|read review|reviews|faq|
        size guide|demo|trial|quote|proposal|pricing|price list|wishlist|wish list|favorites|favourites|store locator|
        brochure|webinar|first meeting|first call|ilk gorusme|
        sales call|lead|inquiry|enquiry|evaluation|interest|register|registration|sign up|signup|
        store advice|advice|degerlendirme|katalog|kategori|urun|urun sayfasi|urun listesi|urun detay|urun inceleme|
        arama|filtre|karsilastir|yorum oku|sss|sik sorulan|beden tablosu|deneme|teklif|fiyat listesi|favori|
        istek listesi|magaza bul|magazada danisma|danisma|brosur|bilgi talebi|uye ol|uyelik|kayit ol|ilgi""",
    "purchase": """purchase|buy|bought|basket|cart|add to cart|add to basket|view cart|checkout|payment|pay|order|
        place order|order placed|order confirmation|transaction|shipping|shipment|delivery|deliver|pickup|pick up|
        store pickup|click and collect|invoice|billing|won|deal|deal won|closed|subscribe|subscription start|contract|
        booking|reservation|check in|boarding|satin|satin alma|sepet|sepete ekle|odeme|kasa|siparis|siparis onay|
        siparis ver|teslimat|teslim|kargo|magazadan teslim|fatura|abonelik baslangic|sozlesme|rezervasyon|anlasma|
        payment error|checkout bug|sevkiyat""",
    "retention": """retention|retain|support|support chat|help|help center|call center|contact center|customer service|
        service|complaint|complain|ticket|case|return|refund|exchange|warranty|repair|account|login|log in|sign in|
        profile|renew|renewal|upgrade|reorder|repeat purchase|repeat order|
        second purchase|second order|2nd purchase|2nd order|next purchase|next order|bought again|loyalty|
        loyalty card|points|onboarding|usage|survey|feedback|nps|csat|satisfaction|chat|phone call|
        unsubscribe|churn|cancel|elde tutma|sadakat|destek|canli destek|
        yardim|cagri merkezi|musteri hizmetleri|hizmet|sikayet|talep|iade|para iadesi|degisim|garanti|onarim|tamir|
        hesap|hesabim|giris yap|profil|yenileme|tekrar siparis|tekrar satin|
        tekrar alisveris|yeniden satin|yeniden siparis|ikinci satin|ikinci siparis|ikinci alisveris|2 satin|2 siparis|
        sonraki satin|sonraki siparis|siparis iptal|iptal edil|puan|anket|geri bildirim|memnuniyet|sohbet|telefon|iptal|
        servis|kullanim""",
    "advocacy": """advocacy|advocate|review|write review|leave review|rate us|referral|refer|refer a friend|recommend|
        recommendation|share|testimonial|invite|invite friend|word of mouth|case study|ambassador|
        savunuculuk|yorum|yorum yaz|degerlendirme yaz|tavsiye|arkadasini getir|davet|paylas|paylasim|oner|referans""",
}
_FOUR = {"awareness": "awareness", "consideration": "engagement", "purchase": "conversion", "retention": "retention",
         "advocacy": "retention"}

_KEYWORDS: dict[str, str] = {keyword.strip(): stage for stage, words in _STAGES.items()
                             for keyword in words.replace("\n", " ").split("|")}


def guess_stage(name: str, model: Mapping[str, str]) -> str | None:
    """The stage key of `model` ({key: label}) that a touchpoint or stage name belongs to; None = cannot tell."""
    folded = fold(name)
    for key, label in model.items():
        if folded in (fold(key), fold(label)):
            return key
    known = _longest(folded, _KEYWORDS)
    if known is None:
        return None
    return known if known in model else _FOUR[known] if _FOUR[known] in model else None


def guess_phase(name: str) -> str | None:
    """Before, during or after the purchase; None = cannot tell."""
    stage = _longest(fold(name), _KEYWORDS)
    return None if stage is None else {"awareness": "before", "consideration": "before", "purchase": "during"}.get(
        stage, "after")


_CHANNELS: dict[str, tuple[str | None, str | None]] = {
    "web": ("digital", "owned"), "website": ("digital", "owned"), "site": ("digital", "owned"),
    "desktop": ("digital", "owned"), "mobile": ("digital", "owned"), "mobile app": ("digital", "owned"),
    "app": ("digital", "owned"), "android": ("digital", "owned"), "ios": ("digital", "owned"),
    "tablet": ("digital", "owned"), "online": ("digital", "owned"), "e mail": ("digital", "owned"),
    "email": ("digital", "owned"), "mail": ("digital", "owned"), "newsletter": ("digital", "owned"),
    "sms": ("digital", "owned"), "push": ("digital", "owned"), "chat": ("digital", "owned"),
    "chatbot": ("digital", "owned"), "whatsapp": ("digital", "owned"), "direct": ("digital", "owned"),
    "direct traffic": ("digital", "owned"), "crm": ("digital", "owned"),
    "phone": ("physical", "owned"), "call": ("physical", "owned"), "call center": ("physical", "owned"),
    "contact center": ("physical", "owned"), "ivr": ("physical", "owned"), "store": ("physical", "owned"),
    "shop": ("physical", "owned"), "branch": ("physical", "owned"), "in store": ("physical", "owned"),
    "kiosk": ("physical", "owned"), "field": ("physical", "owned"), "event": ("physical", "owned"),
    "courier": ("physical", "partner"), "delivery": ("physical", "partner"), "cargo": ("physical", "partner"),
    "social": ("digital", "earned"), "social media": ("digital", "earned"), "organic": ("digital", "earned"),
    "organic search": ("digital", "earned"), "search": ("digital", "earned"), "seo": ("digital", "earned"),
    "referral": ("digital", "earned"), "tavsiye baglantisi": ("digital", "earned"),
    "review site": ("digital", "earned"), "word of mouth": ("physical", "earned"),
    "paid": ("digital", "paid"), "paid search": ("digital", "paid"), "paid social": ("digital", "paid"),
    "ads": ("digital", "paid"), "ad": ("digital", "paid"), "display": ("digital", "paid"), "cpc": ("digital", "paid"),
    "google ads": ("digital", "paid"), "sem": ("digital", "paid"), "tv": ("physical", "paid"),
    "radio": ("physical", "paid"), "billboard": ("physical", "paid"), "print": ("physical", "paid"),
    "partner": (None, "partner"), "affiliate": ("digital", "partner"), "marketplace": ("digital", "partner"),
    "reseller": ("physical", "partner"), "dealer": ("physical", "partner"),
    "internet": ("digital", "owned"), "mobil": ("digital", "owned"), "mobil uygulama": ("digital", "owned"),
    "uygulama": ("digital", "owned"), "masaustu": ("digital", "owned"), "e posta": ("digital", "owned"),
    "eposta": ("digital", "owned"), "bulten": ("digital", "owned"), "canli destek": ("digital", "owned"),
    "sohbet": ("digital", "owned"), "dogrudan": ("digital", "owned"), "telefon": ("physical", "owned"),
    "cagri merkezi": ("physical", "owned"), "magaza": ("physical", "owned"), "sube": ("physical", "owned"),
    "bayi": ("physical", "partner"), "kurye": ("physical", "partner"), "kargo": ("physical", "partner"),
    "sosyal medya": ("digital", "earned"), "organik": ("digital", "earned"), "arama": ("digital", "earned"),
    "tavsiye": ("physical", "earned"), "ucretli": ("digital", "paid"), "reklam": ("digital", "paid"),
    "self service": ("digital", "owned"), "portal": ("digital", "owned"), "online store": ("digital", "owned"),
    "live chat": ("digital", "owned"), "web chat": ("digital", "owned"), "web form": ("digital", "owned"),
    "web sitesi": ("digital", "owned"), "telegram": ("digital", "owned"), "messenger": ("digital", "owned"),
    "fax": ("physical", "owned"), "faks": ("physical", "owned"), "letter": ("physical", "owned"),
    "mektup": ("physical", "owned"), "dilekce": ("physical", "owned"), "voice": ("physical", "owned"),
    "in person": ("physical", "owned"), "face to face": ("physical", "owned"), "walk in": ("physical", "owned"),
    "yuz yuze": ("physical", "owned"), "sahsen": ("physical", "owned"), "gise": ("physical", "owned"),
    "atm": ("physical", "owned"), "pos": ("physical", "owned"), "point of sale": ("physical", "owned"),
    "trade show": ("physical", "owned"), "fair": ("physical", "owned"), "fuar": ("physical", "owned"),
    "instagram": ("digital", "earned"), "facebook": ("digital", "earned"), "twitter": ("digital", "earned"),
    "google": ("digital", "earned"), "front desk": ("physical", "owned"), "reception": ("physical", "owned"),
    "resepsiyon": ("physical", "owned"), "box office": ("physical", "owned"), "tabela": ("physical", "owned"),
    "acente": ("physical", "partner"), "acenta": ("physical", "partner"), "agency": ("physical", "partner"),
    "e devlet": ("digital", "partner"), "elden": ("physical", "owned"), "posta": ("physical", "owned"),
    "post": ("physical", "owned"), "edi": ("digital", "owned"),
    "fb": ("digital", "earned"), "ig": ("digital", "earned"), "wa": ("digital", "owned"),
    "linkedin": ("digital", "earned"), "youtube": ("digital", "earned"), "tiktok": ("digital", "earned"),
    "televizyon": ("physical", "paid"), "is ortagi": (None, "partner"), "pazaryeri": ("digital", "partner"),
    "amazon": ("digital", "partner"), "ebay": ("digital", "partner"), "etsy": ("digital", "partner"),
    "trendyol": ("digital", "partner"), "hepsiburada": ("digital", "partner"), "n11": ("digital", "partner"),
    "ciceksepeti": ("digital", "partner"), "yemeksepeti": ("digital", "partner"),
}


def guess_channel(name: str) -> tuple[str | None, str | None]:
    """(medium, ownership) of a channel: digital or physical; owned, earned, paid or partner; None = cannot tell."""
    return _longest(fold(name), _CHANNELS) or (None, None)


def is_channel(name: str) -> bool:
    """Whether a name is that of a channel and nothing else."""
    return fold(name) in _CHANNELS


def _longest(folded: str, keywords: Mapping[str, _Found]) -> _Found | None:
    """What stands for the longest keyword that starts at a word of `folded` (short ones must be the whole word)."""
    words = folded.split(" ")
    best: tuple[int, _Found] | None = None
    for start in range(len(words)):
        rest = " ".join(words[start:])
        for length in range(len(rest), 1, -1):
            found = keywords.get(rest[:length])
            if found is None:
                continue
            ends_word = length == len(rest) or rest[length] == " "
            if (ends_word or length >= 5) and (best is None or length > best[0]):
                best = (length, found)
            if ends_word or length >= 5:
                break
    return best[1] if best else None
