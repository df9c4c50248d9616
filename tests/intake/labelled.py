"""Reads the labelled sheets in tests/intake/sheets: `[name] layout`, then a column a line: `role :: header :: values`.

A role "a|b" = a person could give either. Values are those of a pool below (its name in capitals) or are written out,
" / " between them; they repeat.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.intake import columns
from tests.intake.columns import ROWS, Sheet

_N = range(ROWS)
_START = [dt.datetime(2025, 1, 3, 8, 5, 12) + dt.timedelta(hours=137 * n, minutes=17 * (n % 40)) for n in _N]


def _moments(form: str, days: float = 0, step: float = 0, minutes: int = 0) -> list[str]:
    """The moments of the event, `days` and up to 4 `step`s later."""
    return [(moment + dt.timedelta(days=days + step * (n * 7 % 5), minutes=minutes)).strftime(form)
            for n, moment in enumerate(_START)]


_SQL, _TR, _US, _ISO = "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%Y-%m-%dT%H:%M:%SZ"
_FIRST = ["Ann", "Bob", "Cem", "Ada", "Joan", "Ian", "Lea", "Omar", "Paula", "Nick", "Vera"]
_LAST = ["Lee", "Ray", "Uzun", "Kaya", "Smith", "Black", "Brown", "Hill", "Novak", "Frey", "Oak", "Stone", "Moss"]
_ADI = ["Ayşe", "Mehmet", "Fatma", "Can", "Zeynep", "Emre", "Elif", "Burak", "Derya", "Ozan", "İrem"]
_SOYADI = ["Kaya", "Demir", "Şahin", "Yıldız", "Arslan", "Çelik", "Aydın", "Koç", "Öztürk", "Kurt", "Polat", "Acar", "Işık"]
_HEX = [f"{n * 2654435761 % 2**32:08x}{n * 40503 % 65536:04x}" for n in range(1, ROWS + 1)]


def _pair(first: list[str], last: list[str]) -> list[str]:
    return [f"{first[n % 11]} {last[n % 13]}" for n in _N]


def _identity(n: int) -> str:
    """A T.C. identity number with valid check digits."""
    digits = [int(digit) for digit in str(100_000_000 + 7_654_321 * (n + 1))]
    digits.append((7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10)
    return "".join(map(str, [*digits, sum(digits) % 10]))


POOLS: dict[str, list[str]] = {name: value for name, value in vars(columns).items() if isinstance(value, list)} | {
    "DATES": _moments(_SQL), "BEFORE": _moments(_SQL, -3), "AFTER": _moments(_SQL, minutes=14), "NEXT": _moments(_SQL, 1, 1),
    "NEXT_OR_NONE": [value if n % 3 else "" for n, value in enumerate(_moments(_SQL, 1, 1))],
    "DAYS": _moments("%Y-%m-%d"), "LATE_DAYS": _moments("%Y-%m-%d", 9, 3), "LATER_DAYS": _moments("%Y-%m-%d", 22, 3),
    "ISO": _moments(_ISO), "ISO_BEFORE": _moments(_ISO, -3), "ISO_AFTER": _moments(_ISO, minutes=14),
    "ISO_NEXT": _moments(_ISO, 1, 1), "YMD": _moments("%Y%m%d"),
    "US": _moments(_US), "US_AFTER": _moments(_US, minutes=14), "US_NEXT": _moments(_US, 1, 1),
    "US_DAYS": _moments("%m/%d/%Y"), "US_DAYS_NEXT": _moments("%m/%d/%Y", 9, 3),
    "TR_DATES": _moments(_TR), "TR_AFTER": _moments(_TR, minutes=14), "TR_NEXT": _moments(_TR, 1, 1),
    "TR_LATE": _moments(_TR, 4, 1), "TR_DAYS": _moments("%d.%m.%Y"), "TR_DAYS_LATE": _moments("%d.%m.%Y", 30),
    "SHOPDATES": _moments("%Y-%m-%d %H:%M:%S +0300"), "SHOPDATES_NEXT": _moments("%Y-%m-%d %H:%M:%S +0300", 2, 1),
    "MICROS": [str(int(moment.timestamp()) * 1_000_000 + 123_456) for moment in _START],
    "MILLIS": [str(int(moment.timestamp()) * 1_000) for moment in _START],
    "EPOCH": [str(int(moment.timestamp())) for moment in _START],
    "CLOCKS": ["00:04:30", "00:12:05", "01:02:44", "00:00:51", "00:07:18"],
    "LONG_CLOCKS": ["04:14:30", "31:12:05", "11:02:44", "00:40:51"], "OF_DAY": ["09:15", "14:40", "19:05", "11:58", "16:22"],
    "LONG": [str(31_000_000 + 7_919 * n) for n in _N], "LONG5": [str(50_211 + n) for n in _N],
    "ROWNO": [str(n + 1) for n in _N], "HEX": _HEX, "HEX_EACH": [f"u{each}" for each in reversed(_HEX)],
    "HEX_PEOPLE": [_HEX[n % 23] for n in _N], "GUID": [f"{each[:8]}-4f1a-41c0-9a2b-{each}" for each in _HEX],
    "R_ID": [f"R_{each}Xq" for each in _HEX], "SFID": [f"0065i00000{each[:5].upper()}AA" for each in _HEX],
    "B64": [f"k{each}/f3==" for each in _HEX], "CAS": [f"CAS-{1000 + n:05}-K{n % 9}L2" for n in _N],
    "JIRAKEY": [f"CARE-{412 + n}" for n in _N], "CONV": [str(7_700 + n // 2) for n in _N], "TSOFT": [f"TS{9000 + n}" for n in _N],
    "ORDERS": [f"NV-{20_411 + n}" for n in _N], "ORDERS_OR_NONE": ["" if n % 4 else f"NV-{20_411 + n}" for n in _N],
    "SHOPNO": [f"#{1001 + n}" for n in _N], "MAGENTO": [f"{200_000_411 + n:09}" for n in _N],
    "AMZ": [f"404-{1_000_000 + 7_919 * n}-{3_000_000 + 104_729 * n % 999_999}" for n in _N],
    "NETSIS": [f"NFT2025{n:09}" for n in _N], "TICKETS": [f"{'ABC'[n % 3]}{n:03}" for n in _N],
    "LINKS": [f"https://example.com/r?id={each}" for each in _HEX], "BARCODES": [str(8_680_000_000_017 + 13 * n) for n in _N],
    "SKUS": [f"SK-{100 + n % 17}" for n in _N], "SESSION": [str(1_736_000_000 + 611 * (n // 2)) for n in _N],
    "PEOPLE": [f"C{100 + n % 23}" for n in _N], "PEOPLE_NO": [str(41_200 + n % 23) for n in _N],
    "PEOPLE_LONG": [str(360_000_411_000 + 17 * (n % 23)) for n in _N], "EACH": [f"C{100 + n}" for n in _N],
    "EACH_NO": [str(41_200 + n) for n in _N], "EACH_LONG": [str(1_120_000_000 + 104_729 * n) for n in _N],
    "ACCOUNTS": [f"0015i00000{_HEX[n % 19][:5].upper()}AA" for n in _N], "CARI": [f"120.01.{n % 23:03}" for n in _N],
    "GACID": [f"{1_100_000_000 + 104_729 * (n % 23)}.{1_735_000_000 + n % 23}" for n in _N],
    "MAILS": [f"{_FIRST[n % 11].lower()}.{_LAST[n % 13].lower()}{n}@example.com" for n in _N],
    "STAFF_MAILS": [f"{name}@nova.example" for name in ("zoe", "max", "tom", "kim")],
    "PHONES": [f"+90 5{30 + n % 9} {100 + n} 45 {10 + n % 80}" for n in _N], "TELS": [f"tel:+9053{n % 9}{1_000_000 + 7_919 * n}" for n in _N],
    "TCKN": [_identity(n) for n in _N], "IPS": [f"192.0.2.{1 + n}" for n in _N],
    "FIRST": _FIRST, "LAST": _LAST, "NAMES": _pair(_FIRST, _LAST), "ADLAR": _pair(_ADI, _SOYADI),
    "RUMUZ": [f"{_ADI[n % 11]} {'*' * 3}{n}" for n in _N], "STAFF": ["Zoe Hill", "Max Frey", "Tom Oak", "Kim Park"],
    "TEMSILCI": ["Deniz Ak", "Ece Tan", "Mert Öz", "Nil Er"],
    "COMPANIES": ["Fabrikam Inc", "Contoso Ltd", "Acme GmbH", "Northwind LLC", "Tailspin Co", "Wingtip Inc", "Litware Ltd"],
    "SIRKETLER": ["Yıldız Gıda A.Ş.", "Deniz Ticaret Ltd. Şti.", "Ege Yapı San. Tic.", "Kuzey Tekstil A.Ş.", "Moda Turizm Ltd."],
    "DEALS": [f"{name} {what}" for name in ("Fabrikam", "Contoso", "Acme", "Litware", "Tailspin") for what in ("rollout", "renewal", "pilot")],
    "SUBJECTS": ["Where is my order?", "Refund not received", "Cannot log in", "Wrong size delivered", "Invoice copy",
                 "App crashes at checkout", "Change of address", "Coupon does not work", "Damaged parcel", "Cancel my plan"],
    "BASLIKLAR": ["Kargom Gelmedi", "İade Ücreti Yatmadı", "Ürün Hasarlı Geldi", "Müşteri Hizmetlerine Ulaşılamıyor", "Yanlış Beden"],
    "WORDS": ["Great service and quick delivery", "It took far too long", "Fine, thank you", "Never again, the parcel was broken",
              "The agent was very patient and solved it", "Could be cheaper but quality is good", "Love it",
              "I waited forty minutes on the line for nothing", "Easy to use and well made", "Nobody answered my e-mail",
              "Good value, will buy again", "Checkout kept failing on my phone", "Size was smaller than described"],
    "YORUMLAR": ["Hızlı ve güler yüzlü hizmet", "Kargo çok geç geldi, kimse aramadı", "İdare eder", "Bir daha almam, ürün kırık",
                 "Personel çok ilgiliydi, teşekkürler", "Fiyatlar biraz yüksek ama kaliteli", "Çok bekledik, sıra hiç ilerlemedi",
                 "Her şey çok güzeldi", "Uygulama sürekli hata veriyor", "Beden tablosu yanlıştı, iade ettim", "Tavsiye ederim"],
    "SIKAYETLER": [f"{what} {since} gündür çözülmedi, defalarca aradım ama kimse ilgilenmiyor, mağdur oldum"
                   for what in ("Siparişim", "Arızam", "Fatura itirazım", "İade talebim") for since in (3, 5, 8, 12, 20)],
    "REPLIES": ["", "Thank you for your review, please write to us", "We are sorry to hear that, fixed in 4.2", ""],
    "CEVAPLAR": ["", "Merhaba, konuyu ilgili birime ilettik", "Merhaba, sizi aradık ancak ulaşamadık", "Talebiniz sonuçlandırıldı"],
    "KATILIM": ["Kesinlikle katılıyorum", "Katılıyorum", "Kararsızım", "Katılmıyorum", "Kesinlikle katılmıyorum"],
    "SFCONTACT": [f"0035i00000{_HEX[n % 23][:5].upper()}AA" for n in _N], "CH": [f"ch_3N{each}" for each in _HEX],
    "CUS": [f"cus_O{_HEX[n % 23]}" for n in _N], "INV": [f"in_1N{each}" for each in _HEX], "REFS": [f"{each[:9].upper()}" for each in _HEX],
    "CARDS": [f"LK{n % 23:06}" for n in _N], "TR_DAYS_LATER": _moments("%d.%m.%Y", 35, 2),
    "POUNDS": ["£12.50", "£199.90", "£8.75", "£64.20", "£27.49"], "TR_TL": ["12,50 TL", "199,90 TL", "1.250,00 TL", "8,75 TL"],
    "ODOO": [f"S{411 + n:05}" for n in _N], "NSDOC": [f"SO{7411 + n}" for n in _N], "HFID": [f"HF{411 + n:08}" for n in _N],
    "NSNAMES": [f"{1000 + n % 19} Customer {n % 19}" for n in _N], "HEXS": [f"session_{each}" for each in _HEX],
    "UK": _moments("%d/%m/%Y %H:%M:%S"), "UK_AFTER": _moments("%d/%m/%Y %H:%M:%S", minutes=14),
    "MILLIS_NEXT": [str(int(moment.timestamp()) * 1_000 + 86_400_000) for moment in _START],
    "FBID": [f"l:{8_100_000_000 + 7_919 * n}" for n in _N], "FIRST_TR": _ADI, "LAST_TR": _SOYADI,
    "US_DAYS_LATER": _moments("%m/%d/%Y", 22, 3), "EUROS": ["€212.50", "€99.00", "€640.00", "€151.20"],
    "TR_LATER": _moments(_TR, 9, 1), "PLAKA": [f"35 ABC {100 + n % 31}" for n in _N],
    "SASE": [f"NM0{each.upper()}7" for each in _HEX], "TEN": ["10", "9", "7", "8", "3", "10", "5", "1", "6"],
    "SAYS": [f"{first} and {second}" for first in ("The delivery was quick", "Nobody called me back", "The app kept crashing",
             "I like the new shop", "It took three weeks", "Support was very patient") for second in (
             "I would buy again", "I want my money back", "the price was fair", "the box was damaged", "my friend agrees",
             "I will look elsewhere", "nothing else to add", "the size was wrong", "thank you", "please do better")],
    "DIYOR": [f"{first}, {second}" for first in ("Kargo çok hızlıydı", "Kimse geri aramadı", "Uygulama sürekli kapanıyor",
              "Yeni mağazayı beğendim", "Üç hafta bekledim", "Personel çok ilgiliydi") for second in (
              "yine alırım", "paramı geri istiyorum", "fiyat uygundu", "kutu ezilmişti", "arkadaşım da memnun",
              "başka yere bakacağım", "ekleyecek bir şeyim yok", "beden yanlıştı", "teşekkürler", "daha iyisini bekliyorum")],
    "HEXO": [f"o{each}" for each in _HEX], "INVOICES": [str(536_365 + n // 3) for n in _N], "CALLS": [f"ID{n + 1:04}" for n in _N],
    "SUPER": [f"CA-2025-{152_156 + n // 2}" for n in _N], "UTCS": _moments("%Y-%m-%d %H:%M:%S UTC"),
    "SKNO": [f"ŞK-2025-{n + 1:03}" for n in _N], "HRNO": [f"R{411_000 + 7 * n}" for n in _N], "PARK": [f"PK/25/{411 + n}" for n in _N],
    "SAYS2": [f"{what} {n}" for n in _N for what in ["Lovely room and a quiet street, number"]],
    "HANDLES": [f"{_FIRST[n % 11].lower()}_{n}" for n in _N], "INC": [f"INC{45 + n:07}" for n in _N],
    "CALLER": [f"Caller {2000 + n % 31}" for n in _N], "YMD_LATE": _moments("%Y%m%d", 9, 3),
    "CITIES": ["London", "Izmir", "Berlin", "Ankara", "Leeds", "Bursa", "Paris"],
    "ILLER": ["İzmir", "Ankara", "Bursa", "Ağrı", "Muğla", "İstanbul"],
    "STREETS": [f"{3 + n} High Street" for n in _N], "ADRESLER": [f"Gül Sok. No:{3 + n} Daire:{1 + n % 9}" for n in _N],
    "PRODUCTS": ["Linen shirt - M", "Wool coat - S", "Canvas bag", "Mug, 300 ml", "Desk lamp", "Rug 80x150", "Throw pillow"],
    "URUNLER": ["Keten Gömlek", "Yün Mont", "Bez Çanta", "Kupa 300 ml", "Masa Lambası", "Kilim 80x150", "Kırlent"],
    "URLS": [f"https://nova.example/{each}" for each in ("", "sale", "p/1204", "p/881", "cart", "checkout", "help", "blog/fit")],
    "AGENTS": ["Mozilla/5.0 (Windows NT 10.0)", "Mozilla/5.0 (iPhone; CPU iPhone OS 17)", "Mozilla/5.0 (Linux; Android 14)"],
    "AMOUNTS": ["12.50", "199.90", "1250.00", "8.75", "64.20", "310.00", "27.49"],
    "AMOUNTS_OR_NONE": ["", "199.90", "", "", "64.20", "", "27.49"], "EURS": ["212.50 EUR", "99.00 EUR", "640.00 EUR", "151.20 EUR"],
    "TR_AMOUNTS": ["12,50", "199,90", "1.250,00", "8,75", "64,20", "310,00", "27,49"],
}


SETS = ("eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth",
        "seventeenth", "eighteenth", "nineteenth", "twentieth")
"""From the fourteenth on each is of an author who did not know the rules."""
UNLEARNED = ("twentysecond", "twentythird")
"""Of another such author; the weights of cx.intake.likeness know nothing of them, and no rule was made for the last."""


def labelled(name: str) -> dict[str, Sheet]:
    """The sheets of tests/intake/sheets/NAME.txt."""
    sheets: dict[str, Sheet] = {}
    for line in (Path(__file__).parent / "sheets" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            title, layout = line[1:].split("] ")
            sheets[title] = (layout, {})
        elif line.strip():
            role, header, values = (f"{line} " if line.endswith((" ::", " /")) else line).split(" :: ", 2)
            role, header, values = role.strip(), header.strip(), values.strip() if values.strip() in POOLS else values
            sheets[title][1][header] = (POOLS[values] if values in POOLS else [each.strip() for each in values.split(" / ")], role)
    return sheets
