"""Whether a comment is positive, negative or neutral, in English and Turkish, offline (decision 0008)."""

from cx.sentiment.judge import LEAST_CONFIDENCE, VERSION, Judgement, judge, judge_all

__all__ = ["LEAST_CONFIDENCE", "VERSION", "Judgement", "judge", "judge_all"]
