"""What a touchpoint's or channel's name gives away."""

import pytest

from cx.model import MODELS
from cx.store.guesses import guess_channel, guess_phase, guess_stage

FIVE = {key: key.title() for key in MODELS["five"]}
FOUR = {key: key.title() for key in MODELS["four"]}

STAGES = {
    "awareness": ("Search ad", "Arama reklamı", "Display ad", "Görüntülü reklam", "Home page", "Ana sayfa", "ANASAYFA",
                  "Landing page", "Karşılama sayfası", "Search result", "Arama sonucu", "E-bülten", "Store visit"),
    "consideration": ("Site search", "Site içi arama", "product_page", "Ürün sayfası", "ÜRÜN KARŞILAŞTIRMA",
                      "Store advice", "Mağazada danışma", "Reviews read", "Yorum okuma"),
    "purchase": ("add_to_cart", "Sepete ekle", "Checkout", "Ödeme adımı", "Store pick-up", "Mağazadan teslim alma"),
    "retention": ("support_chat", "Canlı destek", "Çağrı merkezi görüşmesi", "Return", "İADE", "Loyalty programme",
                  "İkinci satın alma", "2. sipariş", "Second purchase", "Repeat order"),
    "advocacy": ("Review written", "Yorum yazma", "Friend referred", "Arkadaş daveti", "Deneyim paylaşımı"),
}


@pytest.mark.parametrize(("stage", "name"), [(stage, name) for stage, names in STAGES.items() for name in names])
def test_a_natural_name_tells_its_stage(stage, name):
    assert guess_stage(name, FIVE) == stage


@pytest.mark.parametrize(("name", "stage"), [("Search ad", "awareness"), ("Product page", "engagement"),
                                             ("Checkout", "conversion"), ("Loyalty programme", "retention"),
                                             ("Friend referred", "retention")])
def test_the_four_stage_model_gets_the_matching_stage(name, stage):
    assert guess_stage(name, FOUR) == stage


@pytest.mark.parametrize("name", ["xyz", "Foo bar", "", "42"])
def test_a_name_that_says_nothing_is_not_guessed(name):
    assert guess_stage(name, FIVE) is None
    assert guess_phase(name) is None
    assert guess_channel(name) == (None, None)


def test_a_stages_own_name_wins_over_keywords():
    assert guess_stage("Order", {"order": "Order", "purchase": "Purchase"}) == "order"


@pytest.mark.parametrize(("english", "turkish", "kind"), [
    ("Web", "Web sitesi", ("digital", "owned")), ("Mobile app", "Mobil uygulama", ("digital", "owned")),
    ("E-mail", "E-posta", ("digital", "owned")), ("Phone", "Telefon", ("physical", "owned")),
    ("Store", "Mağaza", ("physical", "owned")), ("Social media", "Sosyal medya", ("digital", "earned")),
    ("Paid search", "Ücretli arama", ("digital", "paid")), ("Organic search", "Organik arama", ("digital", "earned")),
    ("Display ads", "Görüntülü reklam", ("digital", "paid")), ("Marketplace", "Pazaryeri", ("digital", "partner")),
    ("Referral link", "Tavsiye bağlantısı", ("digital", "earned"))])
def test_a_channel_is_of_one_kind_in_both_languages(english, turkish, kind):
    assert guess_channel(english) == kind
    assert guess_channel(turkish) == kind


@pytest.mark.parametrize(("name", "phase"), [("Home page", "before"), ("Basket", "during"), ("Support chat", "after"),
                                             ("Review written", "after")])
def test_the_phase_follows_from_the_stage(name, phase):
    assert guess_phase(name) == phase
