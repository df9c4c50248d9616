"""Statements that complain are turned round, and said to be; others are left alone."""

import pytest

from cx import intake, open_store
from cx.intake.wording import complains
from tests.intake.files import text_file

COMPLAINTS = ["I had to repeat myself", "Q4. I had to wait too long.", "It took too long to get an answer", "The staff was rude",
              "I felt ignored", "The form is too complicated", "I experienced problems with my order", "We had to call again",
              "Çok bekledim", "Kendimi tekrarlamak zorunda kaldım", "Personel kabaydı", "Süreç karmaşıktı", "Sorun yaşadım",
              "Siparişim gecikti", "Teslimat çok uzun sürdü", "ÜRÜN HASARLIYDI"]
NO_COMPLAINTS = ["I did not have to repeat myself", "The staff was friendly", "I never had to wait too long", "Waiting time",
                 "How difficult was it?", "Satisfaction with late deliveries", "It was easy", "The staff was not rude",
                 "Çok beklemedim", "Personel ilgiliydi", "Sorun yaşamadım", "Zorunda kalmadım", "Bekleme süresi",
                 "Personel kaba değildi", "Hiç zorlanmadım", "Ürün sağlamdı", "Gecikme", "Şikayet", "Complaint handling",
                 "Issue resolved", "Kolaydı", ""]


@pytest.mark.parametrize("header", COMPLAINTS)
def test_a_statement_that_complains_is_known(header):
    assert complains(header)


@pytest.mark.parametrize("header", NO_COMPLAINTS)
def test_other_headers_are_no_complaints(header):
    assert not complains(header)


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
