"""Statements that complain are turned round, and said to be; others are left alone."""

import pytest

from cx import intake, open_store
from cx.intake.wording import complains
from tests.intake.files import text_file

COMPLAINTS = ["I had to repeat myself", "Q4. I had to wait too long.", "It took too long to get an answer", "The staff was rude",
              "I felt ignored", "The form is too complicated", "I experienced problems with my order", "We had to call again",
              "Çok bekledim", "Kendimi tekrarlamak zorunda kaldım", "Personel kabaydı", "Süreç karmaşıktı", "Sorun yaşadım",
              "Siparişim gecikti", "Teslimat çok uzun sürdü", "ÜRÜN HASARLIYDI", "Soğuk zincir korunmadı", "The fault was not fixed", "Ürün kırık bulundu",
              "It took a lot of effort to get help", "I put in a lot of effort", "I had to put in effort", "A lot of effort was needed to return it",
              "Sorunumu çözmek için çok çaba harcadım", "Yardım almak için çok çaba göstermem gerekti", "You did not make any effort to help me"]
NO_COMPLAINTS = ["I did not have to repeat myself", "The staff was friendly", "I never had to wait too long", "Waiting time",
                 "How difficult was it?", "Satisfaction with late deliveries", "It was easy", "The staff was not rude",
                 "Çok beklemedim", "Personel ilgiliydi", "Sorun yaşamadım", "Zorunda kalmadım", "Bekleme süresi",
                 "Personel kaba değildi", "Hiç zorlanmadım", "Ürün sağlamdı", "Gecikme", "Şikayet", "Complaint handling",
                 "Issue resolved", "Kolaydı", "", "Soğuk zincir korunmuştu", "The cold chain was kept", "Kayıp eşyam bulundu",
                 "Hata kaydım kapatıldı", "It took little effort to get help", "It did not take much effort", "I didn't have to put in a lot of effort",
                 "The staff put a lot of effort into helping me", "They took a lot of effort to help me", "Personel çok çaba harcadı",
                 "Çok çaba harcamam gerekmedi", "Çok çaba harcamadım"]


@pytest.mark.parametrize("header", COMPLAINTS)
def test_a_statement_that_complains_is_known(header):
    assert complains(header)


@pytest.mark.parametrize("header", NO_COMPLAINTS)
def test_other_headers_are_no_complaints(header):
    assert not complains(header)


# Of surveys in both languages: written before they were tried (25 % known, now tuned on), and a set held back.
MORE_COMPLAINTS = [
    "It was hard to find what I was looking for", "I was kept on hold for too long",
    "The website crashed while I was ordering", "My order arrived late", "The product arrived damaged",
    "The staff did not listen to me", "Nobody answered my e-mail", "I could not reach anyone by phone",
    "I had to contact support more than once", "The checkout process is confusing",
    "The prices are too high", "The app is slow", "I felt rushed", "I was charged incorrectly",
    "I did not receive what I ordered", "The instructions were unclear", "The agent was impatient",
    "I was transferred from one department to another", "My problem was not solved",
    "The return process is complicated", "The queue was too long",
    "I am thinking of switching to another provider", "I would not buy from this company again",
    "It takes too much effort to get help", "The information on the website is misleading",
    "There were errors in my invoice", "The waiting room was dirty", "The food was cold",
    "I was dissatisfied with the delivery", "The salesperson pressured me to buy",
    "Telefonda çok bekletildim", "Sorunum çözülmedi", "Kimse benimle ilgilenmedi",
    "Siparişim geç teslim edildi", "Ürün hasarlı geldi", "Personel kabaydı", "Fiyatlar çok yüksek",
    "Aradığımı bulmakta zorlandım", "Aynı konuyu tekrar tekrar anlatmak zorunda kaldım",
    "Web sitesi çok yavaş", "İade süreci karmaşık", "Yanlış ürün gönderildi", "Faturamda hata vardı",
    "Müşteri hizmetlerine ulaşamadım", "Kendimi değersiz hissettim", "Mağaza kirliydi",
    "Yemek soğuktu", "Bu firmadan bir daha alışveriş yapmam", "Uygulama sık sık donuyor",
    "Söz verilen tarihte gelmedi", "Ödeme sırasında sorun yaşadım", "Kargo paketi açılmıştı",
    "Bilgilendirme yetersizdi", "Şikayetime dönüş yapılmadı", "Sıra çok uzundu",
    "Başka bir firmaya geçmeyi düşünüyorum"]
MORE_PRAISE = [
    "The staff were friendly", "I found what I was looking for", "My order arrived on time",
    "The checkout was easy", "I would recommend this company", "The product matched its description",
    "The agent understood my problem", "My problem was solved", "I did not have to wait long",
    "It was easy to reach support", "The prices are fair", "The app is fast", "I trust this brand",
    "I never had a problem with deliveries", "The return was simple", "I felt welcome",
    "There was no queue", "I did not have any difficulty", "Nothing was missing from my order",
    "The packaging was not damaged", "The waiting time was acceptable", "The store was clean",
    "I would buy from this company again", "Problems are handled quickly",
    "Complaints are taken seriously", "The late delivery was well explained",
    "The agent apologised for the delay", "It does not take long to get an answer",
    "The website works without errors", "The instructions were clear", "Personel güler yüzlüydü",
    "Aradığımı kolayca buldum", "Siparişim zamanında geldi", "Ürün açıklamasıyla uyumluydu",
    "Sorunum hızlıca çözüldü", "Çok beklemedim", "Fiyatlar uygun", "Bu markaya güveniyorum",
    "Hiç sorun yaşamadım", "İade işlemi kolaydı", "Mağaza temizdi", "Paket hasarsız geldi",
    "Tekrar alışveriş yaparım", "Müşteri hizmetlerine kolayca ulaştım", "Şikayetler ciddiye alınıyor",
    "Geç kalan teslimat için bilgilendirildim", "Uygulama hızlı", "Bilgilendirme yeterliydi",
    "Kendimi değerli hissettim", "Ödeme sorunsuzdu", "Sıra beklemedim", "Yanlış bir ürün gelmedi",
    "Tavsiye ederim", "Beklentilerimi karşıladı", "Temsilci beni dinledi",
    "Zor durumda bana yardımcı oldular"]
HELD_BACK_COMPLAINTS = [
    "I waited on the phone forever", "The room was noisy", "My luggage was lost",
    "The driver was rude", "I was given the wrong information", "The payment failed several times",
    "I regret buying this product", "The courier left my parcel outside",
    "I feel let down by this company", "The form asks for too much information",
    "I had difficulty logging in", "It is difficult to cancel my subscription",
    "The invoice was wrong", "My complaint was ignored", "The seats were uncomfortable",
    "Kargo geç kaldı", "Görevli beni dinlemedi", "Uçağım rötar yaptı", "Randevu almak zordu",
    "Param iade edilmedi", "Sipariş eksik geldi", "Hesabımdan fazla para çekildi",
    "Site sürekli hata veriyor", "Ürün kalitesi düşük", "Telefonlarıma cevap verilmedi",
    "Personel sayısı yetersiz", "Oda gürültülüydü", "Bu markadan soğudum", "Beklediğimden kötüydü",
    "Abonelikten çıkmak çok zor"]
HELD_BACK_PRAISE = [
    "The room was quiet", "I was kept informed about my order", "The driver was polite",
    "The payment was secure", "I am glad I bought this product", "The courier called before arriving",
    "The form was short", "I had no difficulty logging in", "It is easy to cancel my subscription",
    "The invoice was correct", "My questions were answered", "The seats were comfortable",
    "The company cares about its customers", "My expectations were met", "I feel valued as a customer",
    "Kargo erken geldi", "Görevli beni dinledi", "Uçağım zamanında kalktı", "Randevu almak kolaydı",
    "Param hemen iade edildi", "Sipariş eksiksiz geldi", "Hesap bilgilerim güvende",
    "Site hatasız çalışıyor", "Ürün kalitesi yüksek", "Telefonlarıma hemen cevap verildi",
    "Personel sayısı yeterli", "Oda sessizdi", "Bu markayı seviyorum", "Beklediğimden iyiydi",
    "Soğuk zincir korunmuştu"]


@pytest.mark.parametrize(("complaints", "praise", "fewest", "wrong"), [
    (MORE_COMPLAINTS, MORE_PRAISE, 0.9, 0), (HELD_BACK_COMPLAINTS, HELD_BACK_PRAISE, 0.85, 1)], ids=["known", "held back"])
def test_most_statements_that_complain_are_known_and_praise_is_hardly_ever_taken_for_one(complaints, praise, fewest, wrong):
    assert sum(map(complains, complaints)) >= fewest * len(complaints), [each for each in complaints if not complains(each)]
    assert len(taken := [each for each in praise if complains(each)]) <= wrong, taken


EN = ("Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree")
TR = ("Kesinlikle katılmıyorum", "Katılmıyorum", "Kararsızım", "Katılıyorum", "Kesinlikle katılıyorum")


def _survey(tmp_path, complaint, praise, answers):
    lines = [f"2025-01-{n + 1:02},{answers[n % 5]},{answers[n % 5]}" for n in range(20)]
    return text_file(tmp_path, f"Date,{complaint},{praise}\n" + "\n".join(lines) + "\n", "survey.csv")


@pytest.mark.parametrize(("complaint", "praise", "answers"), [
    ("I had to repeat myself", "The staff was friendly", EN), ("Çok bekledim", "Personel ilgiliydi", TR)])
def test_agreeing_with_a_complaint_is_bad_said_so_and_can_be_switched_off(tmp_path, complaint, praise, answers):
    path, store = _survey(tmp_path, complaint, praise, answers), open_store(":memory:")
    plan = intake.propose(path)
    assert {header: score.reversed for header, score in plan.scores.items()} == {complaint: True, praise: False}
    assert [problem.column for problem in plan.problems if problem.code == "turned"] == [complaint]
    shown = intake.preview(path, plan).groupby("touchpoint")["csat"].apply(list)
    assert shown[complaint][:5] == [5, 4, 3, 2, 1]
    plan.scores[complaint].reversed = False
    intake.reconsider(path, plan)
    assert not [problem for problem in plan.problems if problem.code == "turned"]
    assert intake.preview(path, plan).groupby("touchpoint")["csat"].apply(list)[complaint][:5] == [1, 2, 3, 4, 5]
    intake.load(store, path, plan)
    assert not intake.propose(path, store=store).scores[complaint].reversed  # remembered


def test_numbers_under_a_complaint_are_left_as_they_are_and_a_hint_is_given(tmp_path):
    path = _survey(tmp_path, "I had to repeat myself (1-5)", "The staff was friendly (1-5)", "12345")
    plan = intake.propose(path)
    assert not any(score.reversed for score in plan.scores.values())
    assert [problem.column for problem in plan.problems if problem.code == "complains"] == ["I had to repeat myself (1-5)"]


def test_satisfaction_in_words_is_never_turned(tmp_path):
    answers = ("Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied")
    plan = intake.propose(_survey(tmp_path, "I had to repeat myself", "Staff", answers))
    assert not any(score.reversed for score in plan.scores.values())


@pytest.mark.parametrize(("header", "kind", "turned"), [
    ("The company made it easy to solve my problem", "ces", False), ("İşlemi yapmak kolaydı", "ces", False), ("Returning was effortless", "ces", False),
    ("It took a lot of effort to get help", "csat", True), ("Sorunumu çözmek için çok çaba harcadım", "csat", True),
    ("The staff put a lot of effort into helping me", "csat", False), ("Personel çok çaba harcadı", "csat", False)])
def test_agreeing_is_an_ease_only_where_the_statement_is_one(tmp_path, header, kind, turned):
    answers = ["Strongly agree", "Agree", "Neutral", "Disagree", "Strongly disagree"]
    path = text_file(tmp_path, f"customer;date;{header}\n" + "".join(
        f"c{n};2026-01-{1 + n:02};{answers[n % 5]}\n" for n in range(20)))
    plan = intake.propose(path)
    assert (plan.scores[header].kind, plan.scores[header].reversed) == (kind, turned)
    assert ("turned" in [problem.code for problem in plan.problems]) is turned
