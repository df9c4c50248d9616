"""What a header says word by word: the concepts its words stand for, in English and Turkish, and the field they make.

A header ends with what it names (order *number*, sipariş *numarası*); the word before says of what, and so what field
it is. Cases, plurals and possessives of a word, words written together and the short forms of data warehouses are seen
through.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cx.intake.privacy import PERSONS
from cx.intake.values import UNIT_OF

_WORDS: dict[str, str] = {
    "person": " ".join(PERSONS) + " diner rider occupant lessee cardholder donor pupil learner trainee delegate "
              "applicant claimant complainant beneficiary payee purchaser viewer reader fan "
              "spectator kursiyer kiraci bagisci seyirci okur oyuncu lehtar muhatap cust "
              "household hane subs mus mst must cif mrn msisdn patron ogr rumuz traveller traveler musterinin",
    "company": "workspace "
               "dealer distributor reseller sirket isletme kurulus account acct acc company organization organisation "
               "organizasyon firma cari bayi kurum unvan",
    "staff": "shipper shpr consignor waiter stylist therapist nurse doctor physician consultant engineer installer "
             "courier guide instructor "
             "trainer teacher supervisor usta teknisyen montajci kuafor hemsire hekim ogretmen egitmen rehber "
             "asistan sofor surucu agent owner assignee rep representative employee operator teammate manager clerk "
             "cashier technician driver seller merchant vendor supplier staff advisor adviser handler responder "
             "temsilci personel sorumlu doktor kurye satici kasiyer operatör danisman tedarikci garson ekip team "
             "resepsiyonist plasiyer",
    "number": "hash hashed sk fk pk id ids uuid guid identifier no nr num nbr number key ref reference "
              "code cd sid numara kod kimlik "
              "anahtar",
    "code": "code cd kod",
    "order": "po contract sozlesme kontrat gonderi paket parcel package consignment waybill makbuz dekont voucher "
             "order ord booking reservation invoice receipt purchase transaction txn trx sale shipment basket cart "
             "confirmation book rez sip bookings siparis fatura rezervasyon fis satis adisyon belge evrak document "
             "irsaliye sepet folyo",
    "contact": "callback letter poll questionnaire evaluation assessment inspection claim dispute escalation dilekce "
               "hasar denetim degerlendirme itiraz geribildirim kayd evt emri bsv tweet post respondent participant "
               "katilimci "
               "ticket "
               "case call chat conversation interaction complaint response survey feedback review submission "
               "incident request inquiry enquiry message visit event record entry answer sr issue engagement "
               "appointment contact reply email mail cdr rma question sms talep sikayet cagri gorusme basvuru kayit "
               "anket yanit form yorum bildirim olay ziyaret mesaj sohbet arama protokol randevu bilet temas meeting "
               "toplanti "
               "etkilesim ariza ihbar muayene",
    "deal": "deal lead opportunity offer quote quotation proposal anlasma firsat teklif",
    "time": "date time timestamp datetime dt dtm ts at on day tarih trh tar zaman saat gun zamani tmstmp dttm utc when",
    "start": "aranma lodged filed captured happened taken issued checkin alindi girildi acildi yapildi basladi "
             "kaydedildi "
             "iletildi gonderildi created create creation opened open opening started start begin began submitted "
             "submit submission rated received logged registered registration placed booked recorded raised reported "
             "occurred posted published entered entry added initiated ordered purchased visited made joined "
             "origination originated arrived olusturma olusturulma olusma acilis acilma baslangic baslama gelis "
             "giris alma alinma kayit gonderim yayinlanma yayin gerceklesme gerceklesen yapilma duzenleme duzenlenme "
             "bildirim ihbar katilim katilma verilme ilk",
    "end": "settled finalised finalized released scheduled sonuclandi kapandi cozuldu tamamlandi tamamlanma odendi "
           "ulasti closed close closing resolved resolution solved updated update modified changed ended end finish "
           "finished stop stopped expiry expires due birth dob assigned replied paid payment shipped dispatched "
           "export exported "
           "cancelled canceled deleted archived reopened last next previous final valid until escalated fulfilled "
           "delivered delivery refunded approved merged anniversary renewal term estimated expected promised "
           "requested checkout departure arrival responded called answered kapanis kapanma cozum cozulme bitis "
           "guncelleme guncellenme degisiklik vade son dogum odeme kargo teslim teslimat sevk iptal iade onay atama "
           "yonlendirme tahmini planlanan beklenen cevap cevaplanma cagrilma giderilme donus cikis sonuclanma "
           "bitirme termin hedef gecerlilik",
    "money": "sum amount amt total price revenue value sales spend spent charge earnings payout proceeds takings "
             "turnover fare gmv tutar toplam ciro fiyat bedel ucret kazanc hakedis gelir harcama hasilat meblag "
             "deger",
    "whole": "grand overall order ord txn trx net gross genel toplam total paid final odenen siparis satis fatura "
             "invoice sepet basket purchase transaction sale deal islem booking stay event payment cart rezervasyon "
             "konaklama line item satir",
    "apart": "tax vat kdv vergi shipping kargo discount indirim refund refunded iade fee commission komisyon deposit "
             "remaining kalan due balance bakiye cost maliyet unit birim subtotal sub ara tip insurance handling "
             "credit limit debt borc redress target budget average avg ortalama lifetime monthly annual yearly aylik "
             "yillik stock stok expected list liste per rate original point points puan tahsilat delivery teslimat "
             "service servis alacak borc credit debit",
    "wait": "ring ringing idle bekletme bekl wait waiting waited queue queued queuing bekleme bkl bekledi kuyruk "
            "kuyrukta",
    "first": "first initial ilk",
    "reply": "reply response answer respond answered replied yanit cevap mudahale",
    "length": "duration sure length elapsed suresi",
    "channel": "channel chnl referrer referer marketplace pazaryeri storefront source medium origin kanal kaynak "
               "mecra platform via "
               "through",
    "campaign": "campaign camp cmpgn kampanya kamp promotion promo promosyon",
    "segment": "segment seg persona tier audience kitle profil",
    "type": "type kind category class tip tur kategori cins",
    "rank": "grouping group grup level seviye grade sinif",
    "name": "name nm title adi ad isim ism baslik label",
    "happening": "evt session event action activity step page screen metric service olay islem hizmet adim isl sayfa "
                 "ekran "
                 "aksiyon etkinlik hareket touchpoint interaction",
    "comment": "testimonial impression concern thought voice elestiri begeni ses soz anlatim comment remark verbatim "
               "feedback opinion suggestion cmt comments yorum gorus oneri dusunce sikayet dilek ifade",
    "text": "said dedi txt text body content description desc details detail narrative metin icerik aciklama detay "
            "ozet note notes "
            "not notlar message mesaj summary",
    "score": "score scr rating satisfaction nps csat ces stars star puan skor memnuniyet anket degerlendirme survey",
    "expect": "expect expectation expected beklenti beklediginiz bekliyordunuz",
    "count": "count sayi units",
    "pieces": "pcs pax tane qty quantity adet miktar pieces",
    "loyal": "lead aday prospect loyalty sadakat membership uyelik ffp ffn",
    "device": "device cihaz phone telefon",
    "complaint": "complaint complaints sikayet",
    "flag": "flag flg ind indicator yn mi var",
    "way": "method mode way yontem sekil sekl ortam",
    "emotion": "sentiment emotion mood feeling tone duygu his",
    "stage": "stage asama evre phase",
    "status": "status state durum statu",
    "item": "item product line unit piece urun parca kalem lineitem goods sold ordered purchased",
    "mine": "external unique internal our associated primary main master original first lead sales traffic "
            "acquisition media marketing support utm referral initial current global crm erp system sistem satis "
            "destek pazarlama edinim trafik ilk ana dis inbound survey related linked reported iletisim contact "
            "communication intake",
}
_NOISE = {"the", "of", "a", "your", "our", "for", "in", "is", "column", "field", "ve", "and", "or", "incl", "excl",
          "utc", "gmt", "dahil", "haric", "custom", "property", "merge", "hidden", "all", "s", "to", "by", "with",
          "from", "tl", "try", "usd", "eur", "gbp", "alan", "ile", "geri", "this", "as", "icin"}
_BOTH = {word: {concept for concept, words in _WORDS.items() if word in words.split()}
         for words in _WORDS.values() for word in words.split()}
_CASES = re.compile(r"(?:l[ae]r)?(?:[iu]?m[iu]z|[iu]?n[iu]z|[iu]?[mn]|s?[iu])?"
                    r"(?:n?[iu]n|n?[dt][ae]n?|n?[ae]|n?[iu]|y[aeiu]|l[ae]|ki)?|e?s|e?d")
_HARD = {"g": "k", "b": "p", "d": "t", "c": "c"}
_VOWELS = re.compile(r"[aeiou]")


def skeleton(word: str) -> str:
    """receipt → rcpt, number → nmbr: the short forms of data warehouses."""
    return re.sub(r"(.)\1+", r"\1", word[:1] + _VOWELS.sub("", word[1:]))


_SHORT: dict[str, set[str]] = {}
for _word, _concepts in _BOTH.items():
    if len(_word) >= 5 and len(skeleton(_word)) >= 3:
        _SHORT.setdefault(skeleton(_word), set()).update(_concepts)
"""Short form → the concepts of all words it can stand for."""
_LONGEST = 1_000  # characters of a header in which brackets are looked for
_IN_BRACKETS = re.compile(r"\s*[(\[{][^)\]}]*[)\]}]\s*")


@lru_cache(maxsize=4096)
def concepts_of(word: str) -> frozenset[str]:
    """The concepts a folded word can stand for; none where it is not known."""
    if word in _BOTH:
        return frozenset(_BOTH[word])
    if len(word) >= 3 and not _VOWELS.search(word[1:]):
        longer = [_SHORT[short] for short in _SHORT if short[:-1] == word]  # mst for mstr
        if word in _SHORT or longer:
            return frozenset(_SHORT.get(word) or set.intersection(*longer))
    for end in range(len(word) - 1, 2, -1):
        if not _CASES.fullmatch(word[end:]):
            continue
        stem = word[:end]
        for each in (stem, stem[:-1] + _HARD.get(stem[-1], stem[-1])):
            if each in _BOTH:
                return frozenset(_BOTH[each])
    short = skeleton(word) if len(word) >= 6 else ""
    return frozenset(_SHORT[short]) if len(short) >= 5 and short in _SHORT else frozenset()  # a vowel slipped


def apart(word: str) -> list[str]:
    """`customerid` → customer, id: a word that is two known ones written together."""
    if len(word) >= 5 and not concepts_of(word):
        for cut in range(len(word) - 2, 2, -1):
            if word[:cut] in _BOTH and word[cut:] in _BOTH:
                return [word[:cut], word[cut:]]
    return [word]


@dataclass(frozen=True)
class Reading:
    """words: those that count, and the concepts of each; unknown: how many of them say nothing."""

    words: tuple[str, ...]
    concepts: tuple[frozenset[str], ...]
    unknown: int

    def has(self, *concepts: str) -> bool:
        return any(set(concepts) & each for each in self.concepts)


@lru_cache(maxsize=4096)
def read_header(folded: str) -> Reading:
    """A folded header without numbering, noise and units, word by word."""
    words = [part for word in folded.split() if not re.fullmatch(r"\d+|[qs]\d+", word) for part in apart(word)]
    words = [word for word in words if len(word) > 1] or words
    kept = [word for word in words if word not in _NOISE and (len(words) == 1 or word not in UNIT_OF or word == "saat")]
    concepts = [concepts_of(word) for word in kept]
    return Reading(tuple(kept), tuple(concepts), sum(not each for each in concepts))


def bare(header: str) -> str:
    """A header without what stands in brackets, where anything else is left."""
    left = _IN_BRACKETS.sub(" ", header[:_LONGEST]).strip()
    return left if re.search(r"[^\W\d_]", left) else header


@dataclass(frozen=True)
class _Form:
    """A kind of header: what it ends with (head), what must stand right before (of; none = nothing need) and not also
    mean (but), and what else may stand in it."""

    head: frozenset[str]
    of: frozenset[str]
    may: frozenset[str]
    score: float = 0.84
    but: frozenset[str] = frozenset()


def _form(head: str, of: str = "", may: str = "", score: float = 0.84, but: str = "") -> _Form:
    return _Form(frozenset(head.split()), frozenset(of.split()), frozenset(may.split()), score, frozenset(but.split()))


_FORMS: dict[str, tuple[_Form, ...]] = {
    "customer_id": (_form("number", "person loyal", "contact order mine company name loyal", 0.92),),
    "record_id": (_form("number", "contact", "person mine company channel order"),),
    "order_id": (_form("number", "order", "person mine company channel contact"),),
    "channel": (_form("channel", "", "channel start contact deal order person mine name first happening company "
               "loyal", 0.8),
                _form("way", "contact order", "person deal mine", 0.78),
                _form("type name code rank", "channel", "contact order person mine first", 0.8)),
    "campaign": (_form("campaign", "", "mine channel contact first", 0.8),
                 _form("name", "campaign", "mine channel", 0.8)),
    "persona": (_form("segment", "", "person company mine", 0.86),
                _form("type rank", "person", "mine company", but="contact"),
                _form("type rank", "loyal", "person company mine"),
                _form("name code", "segment", "person company")),
    "emotion": (_form("emotion", "", "contact comment text person mine", 0.8),
                _form("name type", "emotion", "contact comment text person", 0.8)),
    "is_complaint": (_form("flag", "complaint", "mine person"),),
    "comment": (_form("comment", "", "person contact score order mine comment text"),
                _form("text", "contact comment person score", "mine contact person score")),
    "touchpoint": (_form("type name code", "happening", "mine person contact order", 0.74),),
    "revenue": (_form("money", "whole money", "whole order mine person contact company money item"),
                _form("money", score=0.7)),
    "quantity": (_form("count", "item order", "order item whole mine"),
                 _form("pieces", "", "item whole mine order contact name", 0.82)),
    "stage": (_form("stage", "", "deal contact person order mine happening"), _form("status", "deal", "mine", 0.76)),
}


_NO_PERSON = ("money", "text", "type", "status", "count", "pieces", "length", "score", "comment", "time",
"end",
              "start", "rank", "flag", "item", "campaign", "way", "deal", "stage", "channel")


def codes_people(folded: str) -> bool:
    """Whether a header speaks of a person (or whom contracts are with) and otherwise only of numbers or what nobody
    knows, in any order: `mrn_hash`, `merchant_customer_id`, `CurrAccCode`. Those who serve come before."""
    reading = read_header(folded)
    of = [place for place, each in enumerate(reading.concepts) if each & {"person", "company"} and not each & {"staff"}]
    served = [place for place, each in enumerate(reading.concepts) if "staff" in each]
    return bool(of) and (not served or served[-1] < of[-1]) and not any(
        each & set(_NO_PERSON) and not each & {"person", "company", "number"} for each in reading.concepts)


def last_concepts(folded: str) -> frozenset[str]:
    """What the last word of a header can stand for; none where it is not known."""
    concepts = read_header(folded).concepts
    return concepts[-1] if concepts else frozenset()


@lru_cache(maxsize=4096)
def names(field: str, folded: str) -> float:
    """0–1: how well a header, read word by word, names a field (of cx.model.FIELDS, or another: 0)."""
    reading = read_header(folded)
    if not reading.words or reading.unknown == len(reading.words):
        return 0.0
    if field == "wait_seconds":
        return _waits(reading)
    last = max(position for position, each in enumerate(reading.concepts) if each)
    before = [each for each in reading.concepts[:last]
              if each and each != {"mine"} and not (each & reading.concepts[last] & {"number"})]
    best = 0.0
    for form in _FORMS.get(field, ()):
        if not reading.concepts[last] & form.head or (form.of and not (
                before and before[-1] & form.of and not before[-1] & form.but)):
            continue
        if field == "revenue" and reading.has("apart"):
            continue
        allowed = form.of | form.may | form.head
        if all(each & allowed for each in before) and not reading.has("staff"):
            plainly = 0.02 if reading.words[last] in _PLAINLY else -0.06 if reading.words[last] in _OF_A_PIECE else 0.0
            best = max(best, form.score + plainly - (0.04 if "pieces" in form.head else 0.12) * reading.unknown)
    return best


_PLAINLY = {"medium", "channel", "kanal", "kanali"}
"""Words for a channel that mean nothing else."""
_OF_A_PIECE = {"price", "fiyat", "fiyati"}
"""Rather of one piece than of all."""


def _waits(reading: Reading) -> float:
    """Waiting, or how long the first answer took."""
    if reading.has("score", "comment", "staff") and not reading.has("first"):
        return 0.0
    answered = reading.has("first") and reading.has("reply")
    timed = reading.has("time", "length")
    if not (answered or reading.has("wait")) or not reading.concepts[-1] & {"time", "length", "reply", "wait", "first"}:
        return 0.0
    return max(0.0, (0.84 if timed else 0.68) - 0.08 * reading.unknown)


_BACK = {"iade", "return", "returns", "refund"}
_EARLIER = {"time", "start", "contact", "order", "deal", "happening", "mine", "name", "person", "text", "comment",
            "score"}


def dates_event(folded: str) -> float:
    """0–1: how likely a header of a column of times says when the thing itself happened, and not a later step."""
    reading = read_header(folded)
    if not reading.words:
        return 0.0
    back = reading.has("contact") and _BACK & set(reading.words)  # of who asks to return something
    if any("end" in each and not each & {"start"} for each in reading.concepts if not back) or (
            reading.has("first") and reading.has("reply")) or reading.has("staff"):
        return 0.5
    about = reading.has("contact", "order", "happening", "deal")
    earlier = _EARLIER | {"apart", "end"} if back else _EARLIER
    if not all(each & earlier for each in reading.concepts if each) or (reading.has("person") and not about):
        return 0.6
    started = 0.06 if reading.has("start") else 0.0
    return (0.84 if about or started else 0.72) + started - 0.08 * reading.unknown

