"""Everything the sample data says, in English and Turkish: names, headers, comments. Pairs are (English, Turkish)."""

from __future__ import annotations

LANGUAGES = ("en", "tr")

TOUCHPOINTS = {
    "social_post": ("Social media post", "Sosyal medya gönderisi"), "search_ad": ("Search ad", "Arama reklamı"),
    "display_ad": ("Display ad", "Görüntülü reklam"), "search_result": ("Search result", "Arama sonucu"),
    "home": ("Home page", "Ana sayfa"), "newsletter": ("Newsletter", "E-bülten"),
    "landing": ("Landing page", "Karşılama sayfası"), "store_visit": ("Store visit", "Mağaza ziyareti"),
    "category": ("Category page", "Kategori sayfası"), "product": ("Product page", "Ürün sayfası"),
    "comparison": ("Product comparison", "Ürün karşılaştırma"), "site_search": ("Site search", "Site içi arama"),
    "reviews_read": ("Reviews read", "Yorum okuma"), "wish_list": ("Wish list", "İstek listesi"),
    "store_advice": ("Store advice", "Mağazada danışma"), "basket": ("Basket", "Sepet"),
    "checkout": ("Checkout", "Ödeme adımı"), "payment": ("Payment", "Ödeme onayı"),
    "delivery": ("Delivery", "Teslimat"), "pickup": ("Store pick-up", "Mağazadan teslim alma"),
    "order": ("Order", "Sipariş"), "chat": ("Support chat", "Canlı destek"),
    "call": ("Support call", "Çağrı merkezi görüşmesi"), "mail": ("Support e-mail", "Destek e-postası"),
    "return": ("Return", "İade"), "refund": ("Refund", "Para iadesi"), "account": ("My account", "Hesabım"),
    "loyalty": ("Loyalty programme", "Sadakat programı"), "review": ("Review written", "Yorum yazma"),
    "referral": ("Friend referred", "Arkadaş daveti"), "shared": ("Experience shared", "Deneyim paylaşımı"),
}
CHANNELS = {
    "web": ("Web", "Web sitesi"), "app": ("Mobile app", "Mobil uygulama"), "email": ("E-mail", "E-posta"),
    "phone": ("Phone", "Telefon"), "whatsapp": ("WhatsApp", "WhatsApp"), "store": ("Store", "Mağaza"),
    "social": ("Social media", "Sosyal medya"), "paid_search": ("Paid search", "Ücretli arama"),
    "organic": ("Organic search", "Organik arama"), "display": ("Display ads", "Görüntülü reklam"),
    "referral": ("Referral link", "Tavsiye bağlantısı"), "marketplace": ("Marketplace", "Pazaryeri"),
}
PERSONAS = {
    "bargain": ("Bargain hunter", "Fırsat avcısı"), "loyal": ("Loyal regular", "Sadık müşteri"),
    "parent": ("Busy parent", "Yoğun ebeveyn"), "young": ("Young explorer", "Genç kaşif"),
    "quality": ("Quality seeker", "Kalite arayan"),
}
REGIONS = {"north": ("North", "Kuzey"), "south": ("South", "Güney"), "east": ("East", "Doğu"),
           "west": ("West", "Batı"), "centre": ("Centre", "Merkez")}
CAMPAIGNS = {"black_friday": ("Black Friday", "Efsane Cuma"), "spring": ("Spring sale", "Bahar indirimi")}
TOPICS = {"late": ("Late delivery", "Geciken teslimat"), "refund": ("Refund", "Para iadesi"),
          "product": ("Product question", "Ürün sorusu"), "payment": ("Payment", "Ödeme"),
          "damaged": ("Damaged item", "Hasarlı ürün"), "account": ("Account", "Hesap"),
          "invoice": ("Invoice", "Fatura")}
METHODS = {False: ("Home delivery", "Adrese teslim"), True: ("Store pick-up", "Mağazadan teslim")}
YES_NO = {True: ("Yes", "Evet"), False: ("No", "Hayır")}

HEADERS = {
    "events": (("Event ID", "Date", "Customer no", "Touchpoint", "Channel", "Persona", "Region", "Campaign"),
               ("Olay no", "Tarih", "Müşteri no", "Temas noktası", "Kanal", "Persona", "Bölge", "Kampanya")),
    "orders": (("Order no", "Customer no", "Order date", "Promised delivery date", "Delivered on", "Amount",
                "Quantity", "Channel", "Delivery method", "Region"),
               ("Sipariş no", "Müşteri no", "Sipariş tarihi", "Söz verilen teslim tarihi", "Teslim tarihi", "Tutar",
                "Adet", "Kanal", "Teslimat şekli", "Bölge")),
    "survey": (("Response ID", "Date", "Customer no", "Touchpoint", "Channel",
                "NPS (0-10)", "CSAT (1-5)", "CES (1-7)", "Expectation met", "Comment"),
               ("Yanıt no", "Tarih", "Müşteri no", "Temas noktası", "Kanal",
                "Tavsiye puanı (0-10)", "Memnuniyet (1-5)", "Kolaylık (1-7)", "Beklenti karşılandı", "Yorum")),
    "tickets": (("Ticket no", "Date", "Customer no", "Touchpoint", "Channel", "Waiting time (seconds)", "Complaint",
                 "Topic", "Resolved on", "Comment"),
                ("Talep no", "Tarih", "Müşteri no", "Temas noktası", "Kanal", "Bekleme süresi (saniye)", "Şikayet",
                 "Konu", "Çözüm tarihi", "Açıklama")),
}
FILES = {"events": ("events.csv", "olaylar.csv"), "orders": ("orders.csv", "siparisler.csv"),
         "survey": ("survey.xlsx", "anket.xlsx"), "tickets": ("support_tickets.xlsx", "destek_talepleri.xlsx")}
TITLES = {
    "survey": (("Customer survey", "Answers from 1 May 2025 to 31 October 2026"),
               ("Müşteri anketi", "1 Mayıs 2025 – 31 Ekim 2026 arasındaki yanıtlar")),
    "tickets": (("Support tickets and complaints", "1 May 2025 to 31 October 2026"),
                ("Destek talepleri ve şikayetler", "1 Mayıs 2025 – 31 Ekim 2026")),
}
SHEETS = {"survey": ("Answers", "Yanıtlar"), "tickets": ("Tickets", "Talepler")}

THEMES = {**dict.fromkeys(("home", "category", "landing", "site_search", "account"), "site"),
          **dict.fromkeys(("social_post", "search_ad", "display_ad", "search_result", "newsletter"), "ad"),
          **dict.fromkeys(("store_visit", "store_advice"), "store"),
          **dict.fromkeys(("product", "comparison", "reviews_read", "wish_list"), "product"),
          **dict.fromkeys(("checkout", "payment", "order"), "checkout"),
          **dict.fromkeys(("review", "referral", "shared"), "advocacy"),
          **{name: name for name in ("basket", "delivery", "pickup", "chat", "call", "mail", "return", "refund",
                                     "loyalty")}}

COMMENTS: dict[tuple[str, int], tuple[tuple[str, str], ...]] = {
    ("site", -1): (
        ("The page loads so slowly that I gave up twice.", "Sayfa o kadar yavaş açılıyor ki iki kez vazgeçtim."),
        ("I could not find what I was looking for.", "Aradığımı bir türlü bulamadım."),
        ("The filters don't work properly.", "Filtreler doğru çalışmıyor."),
        ("I was logged out in the middle of it.", "Tam ortasında oturumum kapandı."),
        ("The search finds everything but what I typed.", "Arama, yazdığım dışında her şeyi buluyor."),
        ("Far too many pop-ups.", "Çok fazla açılır pencere çıkıyor.")),
    ("site", 0): (
        ("Nothing special, it does its job.", "Özel bir yanı yok, işini görüyor."),
        ("Found it after some searching.", "Biraz aradıktan sonra buldum."),
        ("The menu takes some getting used to.", "Menüye alışmak biraz zaman alıyor."),
        ("Okay on the computer, less so on the phone.", "Bilgisayarda fena değil, telefonda zorluyor."),
        ("A little cluttered.", "Biraz kalabalık bir sayfa.")),
    ("site", 1): (
        ("Easy to find what I needed.", "Aradığımı kolayca buldum."),
        ("Fast and tidy.", "Hızlı ve derli toplu."),
        ("Great choice, good filters.", "Çeşit bol, filtreler kullanışlı."),
        ("Looks good on the phone, too.", "Telefonda da güzel görünüyor."),
        ("Everything is where I expect it.", "Her şey beklediğim yerde.")),
    ("product", -1): (
        ("Size information is missing and the photos are blurry.", "Beden bilgisi yok, fotoğraflar da bulanık."),
        ("Says in stock, then it is not.", "Stokta var yazıyor ama yok."),
        ("The description says nothing about the material.", "Açıklamada malzeme hakkında tek kelime yok."),
        ("The price changed while I was comparing.", "Ben karşılaştırırken fiyat değişti.")),
    ("product", 0): (
        ("More product details would help.", "Ürün bilgileri biraz daha ayrıntılı olabilir."),
        ("Only few reviews so far.", "Henüz az yorum var."),
        ("Hard to tell the models apart.", "Modelleri birbirinden ayırmak zor."),
        ("Price is okay, I will think about it.", "Fiyatı fena değil, biraz düşüneceğim.")),
    ("product", 1): (
        ("Clear photos and honest reviews, that helped me decide.",
         "Fotoğraflar net, yorumlar samimi; karar vermem kolaylaştı."),
        ("I like how you can compare products side by side.", "Ürünleri yan yana karşılaştırabilmek çok iyi."),
        ("The size guide was spot on.", "Beden tablosu birebir tuttu."),
        ("All my questions were answered on the page.", "Sayfada bütün sorularımın yanıtı vardı."),
        ("Lovely products.", "Ürünler çok güzel.")),
    ("ad", -1): (
        ("I see the same ad every day, it is annoying.", "Her gün aynı reklamı görüyorum, bıktırdı."),
        ("The price in the ad was not the price on the page.", "Reklamdaki fiyatla sayfadaki fiyat aynı değildi."),
        ("The offer was already over when I clicked.", "Tıkladığımda kampanya çoktan bitmişti."),
        ("Too many e-mails.", "Çok fazla e-posta geliyor.")),
    ("ad", 0): (
        ("Just looking around.", "Sadece bakınıyordum."),
        ("The offer was fine, nothing unusual.", "Teklif fena değildi ama sıradandı."),
        ("Not sure it was meant for me.", "Bana göre miydi, emin değilim."),
        ("Saw it, clicked, moved on.", "Gördüm, tıkladım, geçtim.")),
    ("ad", 1): (
        ("That is how I found exactly the coat I wanted.", "Tam istediğim montu böyle buldum."),
        ("Nice pictures, made me curious.", "Görseller güzeldi, merak ettim."),
        ("The discount was real, well done.", "İndirim gerçekten indirimdi, tebrikler."),
        ("Good tips in there.", "İçinde işe yarar öneriler vardı.")),
    ("store", -1): (
        ("Nobody had time for me.", "Kimse benimle ilgilenmedi."),
        ("The queue at the till was endless.", "Kasadaki kuyruk bitmek bilmedi."),
        ("My size was sold out again.", "Bedenim yine tükenmişti.")),
    ("store", 0): (
        ("Nice shop, a bit crowded.", "Güzel mağaza ama biraz kalabalık."),
        ("Had a look, bought nothing.", "Baktım, bir şey almadım."),
        ("Staff were busy but polite.", "Çalışanlar yoğundu ama kibardı.")),
    ("store", 1): (
        ("The lady took her time and advised me honestly.", "Görevli hanım bana zaman ayırdı, dürüstçe yönlendirdi."),
        ("Very friendly staff.", "Çalışanlar çok güler yüzlü."),
        ("I could try everything on in peace.", "Her şeyi rahat rahat deneyebildim."),
        ("They knew their products really well.", "Ürünleri gerçekten iyi biliyorlar.")),
    ("basket", -1): (
        ("Things vanish from my basket.", "Sepetimdeki ürünler kayboluyor."),
        ("In the basket it suddenly cost more.", "Sepette birden fiyatı arttı."),
        ("The voucher cannot be combined with anything.", "Kupon hiçbir şeyle birlikte kullanılamıyor.")),
    ("basket", 0): (
        ("Changing the quantity is fiddly.", "Adet değiştirmek biraz uğraştırıyor."),
        ("I use the basket as a notepad.", "Sepeti not defteri gibi kullanıyorum."),
        ("Shipping should be shown earlier.", "Kargo ücreti daha önce gösterilmeli.")),
    ("basket", 1): (
        ("My basket was still there the next day.", "Sepetim ertesi gün de duruyordu."),
        ("I see at once what it costs in total.", "Toplam tutarı hemen görüyorum."),
        ("Voucher accepted without trouble.", "Kupon sorunsuz kabul edildi.")),
    ("checkout", -1): (
        ("My card was refused three times without a reason.", "Kartım üç kez sebep gösterilmeden reddedildi."),
        ("Shipping costs only appear at the very end.", "Kargo ücreti ancak en sonda çıkıyor."),
        ("I had to type my address all over again.", "Adresimi baştan yazmak zorunda kaldım."),
        ("The discount code was not accepted.", "İndirim kodunu kabul etmedi."),
        ("The page froze while paying, I did not know whether I had paid.",
         "Ödeme sırasında sayfa dondu, para çekildi mi anlayamadım.")),
    ("checkout", 0): (
        ("A few steps too many.", "Birkaç adım fazla."),
        ("It worked in the end.", "Sonunda oldu."),
        ("Would have liked to pay in instalments.", "Taksit seçeneği olsa iyi olurdu."),
        ("Fine, but why do I need an account?", "İyi de neden üye olmam gerekiyor?")),
    ("checkout", 1): (
        ("Three clicks and done.", "Üç tıkla bitti."),
        ("Paying was quick and felt safe.", "Ödeme hızlıydı ve güven verdi."),
        ("My address was already there, perfect.", "Adresim kayıtlıydı, harika."),
        ("Simple, no surprises.", "Basit, sürpriz yok.")),
    ("wallet", -1): (
        ("No mobile wallet? I left my basket there.", "Mobil cüzdan yok mu? Sepeti öylece bıraktım."),
        ("I don't have a credit card and there was no other way to pay.",
         "Kredi kartım yok, başka ödeme yolu da yoktu."),
        ("Who still types in sixteen digits on a phone?", "Telefonda on altı haneyi kim tek tek giriyor artık?"),
        ("Could not pay with my phone, so I bought it elsewhere.",
         "Telefonumla ödeyemedim, başka yerden aldım."),
        ("Pay later is missing.", "Sonra öde seçeneği yok.")),
    ("wallet", 0): (
        ("Took me a while to find a way to pay.", "Ödeyecek bir yol bulmam biraz sürdü."),
        ("Works, but please add mobile payment.", "Çalışıyor ama lütfen mobil ödeme ekleyin."),
        ("Had to borrow my mother's card.", "Annemin kartını kullanmam gerekti.")),
    ("wallet", 1): (
        ("Went quickly this time.", "Bu sefer hızlı oldu."),
        ("All good, and I like the look of it.", "Sorun yok, tasarımını da beğendim."),
        ("Easier than I feared.", "Sandığımdan kolaymış.")),
    ("delivery", -1): (
        ("The box was crushed.", "Kutu ezilmişti."),
        ("The courier did not ring, just left a note.", "Kurye zili çalmadı, not bırakıp gitmiş."),
        ("One of the items was missing from the parcel.", "Paketten bir ürün eksik çıktı."),
        ("Parcel left in the rain in front of the door.", "Paket yağmurda kapının önüne bırakılmış."),
        ("Nobody told me when it would come.", "Ne zaman geleceğini kimse haber vermedi.")),
    ("delivery", 0): (
        ("Arrived, that's all.", "Geldi, o kadar."),
        ("On time, but too much packaging.", "Zamanında geldi ama ambalaj fazla."),
        ("Delivered to the neighbour.", "Komşuya teslim edilmiş."),
        ("A narrower time window would be nice.", "Saat aralığı daha dar olsa iyi olur.")),
    ("delivery", 1): (
        ("Came a day early!", "Bir gün erken geldi!"),
        ("The courier was very kind.", "Kurye çok nazikti."),
        ("Well packed, everything in one piece.", "Özenle paketlenmiş, her şey sapasağlam."),
        ("Quick delivery, thank you.", "Hızlı teslimat, teşekkürler."),
        ("I could follow the parcel all the way.", "Paketi baştan sona takip edebildim.")),
    ("delivery_late", -1): (
        ("Came {days} days late and nobody said a word.", "{days} gün geç geldi, kimse haber bile vermedi."),
        ("{days} days late. It was a birthday present.", "{days} gün gecikti. Doğum günü hediyesiydi."),
        ("Delivery promised, took the day off, nothing came. {days} days too late in the end.",
         "Söz verilen gün izin aldım, gelen olmadı. Sonuçta {days} gün gecikti."),
        ("Tracking said \"out for delivery\" for days. I will not order here again.",
         "Takipte günlerce \"dağıtımda\" yazdı. Bir daha sipariş vermem."),
        ("Always late lately.", "Son zamanlarda hep gecikiyor.")),
    ("delivery_late", 0): (
        ("{days} days late, but the product is fine.", "{days} gün geç geldi ama ürün iyi."),
        ("Late, at least they apologised.", "Geç geldi, en azından özür dilediler."),
        ("Delayed, I was not in a hurry luckily.", "Gecikti, neyse ki acelem yoktu.")),
    ("delivery_late", 1): (
        ("A little late, but worth the wait.", "Biraz gecikti ama beklediğime değdi."),
        ("They told me about the delay in time, so all is well.", "Gecikeceğini önceden haber verdiler, sorun yok."),
        ("Later than promised, still very happy with it.", "Söylenenden geç geldi, yine de çok memnunum.")),
    ("pickup", -1): (
        ("They could not find my parcel at first.", "Paketimi önce bulamadılar."),
        ("The pick-up desk was closed although the shop was open.", "Mağaza açıktı ama teslim noktası kapalıydı."),
        ("Wrong colour in the bag.", "Torbadan yanlış renk çıktı.")),
    ("pickup", 0): (
        ("Fine, parking was difficult.", "İyiydi, park yeri bulmak zordu."),
        ("Had to ask where the desk was.", "Teslim noktasını sormam gerekti."),
        ("Worked as described.", "Anlatıldığı gibi oldu.")),
    ("pickup", 1): (
        ("In and out in two minutes, brilliant.", "İki dakikada alıp çıktım, harika."),
        ("Ready the next morning, and no shipping costs.", "Ertesi sabah hazırdı, kargo ücreti de yok."),
        ("I tried it on right there and could exchange it at once.",
         "Orada denedim, hemen değiştirebildim."),
        ("So much better than waiting for the courier.", "Kurye beklemekten çok daha iyi."),
        ("The staff already had it in their hand when I came in.", "İçeri girdiğimde paketim hazırdı, elime verdiler."),
        ("Super convenient on my way home from work.", "İş çıkışı yolumun üstünde, çok pratik.")),
    ("chat", -1): (
        ("Only canned answers.", "Hep hazır cevaplar."),
        ("They sent me from one person to the next.", "Birinden ötekine aktarıp durdular."),
        ("The chat broke off and I had to start again.", "Sohbet koptu, baştan başlamak zorunda kaldım."),
        ("Did not solve anything.", "Hiçbir şeyi çözmedi.")),
    ("chat", 0): (
        ("Polite, but I still had to call.", "Kibardılar ama yine de aramam gerekti."),
        ("Took a while, then it was fine.", "Biraz sürdü, sonra oldu."),
        ("Half of my question was answered.", "Sorumun yarısı yanıtlandı.")),
    ("chat", 1): (
        ("Quick and friendly, problem solved.", "Hızlı ve güler yüzlü, sorunum çözüldü."),
        ("Answered within a minute.", "Bir dakikada yanıt verdiler."),
        ("She understood at once what I meant.", "Ne demek istediğimi hemen anladı."),
        ("Didn't have to explain anything twice.", "Hiçbir şeyi iki kez anlatmam gerekmedi.")),
    ("chat_wait", -1): (
        ("Waited {minutes} minutes for somebody to write.", "Birinin yazması için {minutes} dakika bekledim."),
        ("{minutes} minutes in the queue, and then the app logged me out.",
         "{minutes} dakika sırada bekledim, sonra uygulama beni attı."),
        ("You are number 14 in the queue. Seriously?", "Sırada 14. sıradasınız. Gerçekten mi?"),
        ("The app queue never moves. On the computer it is quick.",
         "Uygulamadaki sıra hiç ilerlemiyor. Bilgisayardan hemen bağlanıyor."),
        ("Much too much trouble for a simple question.", "Basit bir soru için fazlasıyla zahmetli.")),
    ("chat_wait", 0): (
        ("{minutes} minutes of waiting, good answer in the end.",
         "{minutes} dakika bekledim, sonunda iyi bir yanıt aldım."),
        ("Long queue.", "Sıra uzundu."),
        ("Helpful, but please get more people.", "Yardımcı oldular ama lütfen daha çok kişi çalıştırın.")),
    ("chat_wait", 1): (
        ("Had to wait, but the advice was excellent.", "Bekledim ama verilen bilgi çok iyiydi."),
        ("It took time, the agent was lovely though.", "Zaman aldı ama temsilci çok ilgiliydi."),
        ("Worth the wait.", "Beklediğime değdi.")),
    ("call", -1): (
        ("Had to tell my story three times.", "Derdimi üç kez anlatmak zorunda kaldım."),
        ("The agent did not know the return rules.", "Temsilci iade kurallarını bilmiyordu."),
        ("They promised to call back, nobody did.", "Geri arayacaklarını söylediler, arayan olmadı."),
        ("Unfriendly on the phone.", "Telefonda çok ilgisizdiler."),
        ("Endless menu before I could talk to a person.", "Biriyle konuşana kadar bitmeyen bir menü.")),
    ("call", 0): (
        ("The agent was polite but could not decide anything.", "Temsilci kibardı ama yetkisi yoktu."),
        ("Solved on the second call.", "İkinci aramada çözüldü."),
        ("Bad line, okay answer.", "Hat kötüydü, cevap fena değildi.")),
    ("call", 1): (
        ("Solved in one call.", "Tek görüşmede çözüldü."),
        ("The agent really listened and knew what to do.", "Temsilci gerçekten dinledi ve ne yapacağını biliyordu."),
        ("Very competent, thank you!", "Çok bilgiliydi, teşekkürler!"),
        ("Friendly, patient, done in five minutes.", "Güler yüzlü, sabırlı; beş dakikada bitti.")),
    ("mail", -1): (
        ("Three days for an automatic answer.", "Otomatik bir yanıt için üç gün."),
        ("The reply had nothing to do with my question.", "Gelen yanıtın sorumla ilgisi yoktu."),
        ("Still waiting.", "Hâlâ bekliyorum.")),
    ("mail", 0): (
        ("Answer came the next day.", "Yanıt ertesi gün geldi."),
        ("A bit stiff, but correct.", "Biraz resmi ama doğruydu."),
        ("Needed two more e-mails.", "İki e-posta daha yazmam gerekti.")),
    ("mail", 1): (
        ("Clear answer with pictures, great.", "Resimli, açık bir yanıt geldi, çok iyi."),
        ("Quick reply even on Sunday.", "Pazar günü bile hızlı yanıt verdiler."),
        ("Friendly and to the point.", "Kibar ve net.")),
    ("return", -1): (
        ("I had to print the label myself.", "Etiketi kendim yazdırmam gerekti."),
        ("Sending it back is complicated.", "Geri göndermek çok karmaşık."),
        ("The shop would not take it back.", "Mağaza geri almadı.")),
    ("return", 0): (
        ("Sent it back, let's see.", "Geri gönderdim, bakalım."),
        ("Standard.", "Bilindik işlem."),
        ("The form asks too many questions.", "Form çok soru soruyor.")),
    ("return", 1): (
        ("Returned it in the shop without any discussion.", "Mağazada hiç sorun çıkarmadan geri aldılar."),
        ("Label in the box, dropped it off, done.", "Etiket kutudaydı, bıraktım, bitti."),
        ("Fair return policy.", "İade koşulları adil.")),
    ("refund", -1): (
        ("They deducted the shipping.", "Kargo ücretini kestiler."),
        ("Got a voucher instead of my money.", "Param yerine hediye çeki verdiler."),
        ("The amount was wrong.", "Tutar yanlıştı.")),
    ("refund", 0): (
        ("Took about a week.", "Bir hafta kadar sürdü."),
        ("Money is back.", "Param geri geldi."),
        ("No message, but it is on my account.", "Haber vermediler ama hesabıma geçmiş.")),
    ("refund", 1): (
        ("Money back within three days, fair.", "Üç günde param iade edildi, teşekkürler."),
        ("No questions asked.", "Hiç soru sormadan iade ettiler."),
        ("Quicker than elsewhere.", "Başka yerlerden hızlı.")),
    ("refund_slow", -1): (
        ("Three weeks for my own money. Never again.", "Kendi param için üç hafta bekledim. Bir daha asla."),
        ("I loved the shop until I wanted my money back.", "Paramı geri isteyene kadar bu mağazayı çok seviyordum."),
        ("Had to ask four times where my refund was.", "Para iadem nerede diye dört kez sormak zorunda kaldım."),
        ("Nice website, beautiful products, and then this. A pity.",
         "Site güzel, ürünler güzel, sonu böyle. Yazık."),
        ("My last order here.", "Buradan son siparişim.")),
    ("refund_slow", 0): (
        ("It came at last.", "Sonunda geldi."),
        ("Much too slow, but complete.", "Çok yavaş ama eksiksiz."),
        ("Please speed up refunds.", "Lütfen para iadelerini hızlandırın.")),
    ("refund_slow", 1): (
        ("Slow, but the lady on the phone was kind.", "Yavaştı ama telefondaki hanım çok nazikti."),
        ("Got it back, fine by me.", "Geri aldım, benim için sorun değil."),
        ("Better late than never.", "Geç olsun güç olmasın.")),
    ("loyalty", -1): (
        ("My points expired without a word.", "Puanlarım haber verilmeden silindi."),
        ("The rewards are hardly worth it.", "Ödüller pek bir şeye değmiyor."),
        ("Points from my last order are missing.", "Son siparişimin puanları eksik.")),
    ("loyalty", 0): (
        ("Nice, I don't use it much.", "Güzel ama pek kullanmıyorum."),
        ("Hard to see how many points I have.", "Kaç puanım olduğunu görmek zor."),
        ("Could be more generous.", "Daha cömert olabilir.")),
    ("loyalty", 1): (
        ("Love the birthday surprise!", "Doğum günü sürprizine bayıldım!"),
        ("Collecting points is easy and it pays.", "Puan toplamak kolay, üstelik işe yarıyor."),
        ("Early access to the sale is great.", "İndirime erken girebilmek harika."),
        ("Feels good to be a regular here.", "Buranın müdavimi olmak güzel.")),
    ("advocacy", -1): (
        ("My review was not published.", "Yorumum yayınlanmadı."),
        ("My friend never got the voucher.", "Arkadaşıma hediye çeki hiç gelmedi."),
        ("The form lost my text.", "Form yazdığımı sildi.")),
    ("advocacy", 0): (
        ("Left a short review.", "Kısa bir yorum bıraktım."),
        ("Did it for the voucher, honestly.", "Açıkçası hediye çeki için yaptım."),
        ("We will see what my friend says.", "Bakalım arkadaşım ne diyecek.")),
    ("advocacy", 1): (
        ("I tell everybody about this shop.", "Bu mağazayı herkese anlatıyorum."),
        ("My sister is a customer now too.", "Ablam da artık müşteriniz."),
        ("Happy to recommend it.", "Gönül rahatlığıyla tavsiye ederim."),
        ("Five stars, well deserved.", "Beş yıldız, sonuna kadar hak ettiniz.")),
}

TAILS: dict[int, tuple[tuple[str, str], ...]] = {
    -1: (("Very disappointed.", "Hayal kırıklığına uğradım."), ("This has to get better.", "Bunun düzelmesi lazım."),
         ("Not what I expect from you.", "Sizden beklediğim bu değildi."), ("Not again.", "Bir daha olmaz.")),
    0: (("Average.", "Ortalama."), ("Could be better.", "Daha iyi olabilir."), ("Okay.", "İdare eder.")),
    1: (("Thank you!", "Teşekkürler!"), ("Keep it up.", "Böyle devam edin."), ("Very happy.", "Çok memnun kaldım."),
        ("Well done.", "Elinize sağlık.")),
}

TICKETS: dict[str, tuple[tuple[str, str], ...]] = {
    "late": (
        ("Where is my order? It should have come the day before yesterday.",
         "Siparişim nerede? Evvelsi gün gelmeliydi."),
        ("Delivery date has passed, tracking does not move.", "Teslim tarihi geçti, takip ilerlemiyor."),
        ("Third call about the same parcel.", "Aynı paket için üçüncü arayışım."),
        ("Customer wants to cancel because of the delay.", "Müşteri gecikme nedeniyle iptal etmek istiyor."),
        ("Parcel is stuck in the regional depot.", "Paket bölge deposunda takılmış.")),
    "refund": (
        ("Goods returned weeks ago, no money yet.", "Ürünü haftalar önce gönderdim, para hâlâ yok."),
        ("Asks when the refund will be paid.", "Para iadesinin ne zaman yapılacağını soruyor."),
        ("Refund promised twice, nothing on the account.", "İki kez söz verildi, hesaba geçen bir şey yok."),
        ("Threatens to leave because of the slow refund.", "İade geciktiği için bizden vazgeçeceğini söylüyor.")),
    "product": (
        ("Is the jacket waterproof?", "Mont su geçirmez mi?"),
        ("Which size at 178 cm?", "178 cm boy için hangi beden?"),
        ("When will the blue one be back in stock?", "Mavisi ne zaman stoğa girecek?"),
        ("Needs washing instructions.", "Yıkama talimatını istiyor.")),
    "payment": (
        ("Card charged twice.", "Karttan iki kez çekim yapılmış."),
        ("Payment failed but the money is gone.", "Ödeme başarısız ama para çekilmiş."),
        ("Asks for payment in instalments.", "Taksitle ödeme soruyor.")),
    "damaged": (
        ("The zip was broken on arrival.", "Fermuar kırık geldi."),
        ("Box crushed, cup inside broken.", "Kutu ezilmiş, içindeki fincan kırık."),
        ("Stain on a new shirt.", "Yeni gömlekte leke var.")),
    "account": (
        ("Forgot the password, no e-mail arrives.", "Şifresini unutmuş, e-posta gelmiyor."),
        ("Wants to change the address.", "Adresini değiştirmek istiyor."),
        ("Two accounts, please merge.", "İki hesabı var, birleştirilsin.")),
    "invoice": (
        ("Needs an invoice for the company.", "Şirket adına fatura istiyor."),
        ("Invoice shows the wrong tax number.", "Faturada vergi numarası yanlış."),
        ("Please send the invoice again.", "Fatura yeniden gönderilsin.")),
}


def comment(theme: str, mood: int, wording: float, language: str, *, days: int = 0, minutes: int = 0) -> str:
    """What a customer wrote; `wording` in [0, 1) picks the sentence and whether another follows."""
    column = LANGUAGES.index(language)
    bank = COMMENTS[theme, mood]
    scaled = wording * len(bank)
    said = bank[int(scaled)][column].format(days=days, minutes=minutes)
    rest = scaled % 1
    if rest >= .4:
        return said
    tail = TAILS[mood]
    return f"{said} {tail[int(rest / .4 * len(tail))][column]}"


def ticket(topic: str, wording: float, language: str) -> str:
    """What stands in a ticket."""
    bank = TICKETS[topic]
    return bank[int(wording * len(bank))][LANGUAGES.index(language)]
