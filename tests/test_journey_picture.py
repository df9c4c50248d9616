"""The journey as one picture: losses between the bars, feelings above, what hurts and delights marked; any journey."""

import pandas as pd
import pytest

from cx.charts.journey import journey, journey_rows
from cx.language import language

EN = language("en")
STAGES = ["a", "b", "c", "d"]


def funnel(*reached):
    before = [None, *reached][:len(reached)]
    return pd.DataFrame({
        "step": STAGES[:len(reached)], "position": range(1, len(reached) + 1), "reached": reached,
        "from_previous": [1.0 if last is None else n / last if last else None
                          for n, last in zip(reached, before, strict=True)],
        "from_first": [n / reached[0] if reached[0] else None for n in reached]})


def felt(**stages):
    """stage=(net, lower, upper), None = nobody was asked."""
    return pd.DataFrame([(key, *(found or (None, None, None)), 40 if found else 0) for key, found in stages.items()],
                        columns=["key", "net", "lower", "upper", "n"])


def rows(chart, part="stage"):
    return chart.data[chart.data["part"] == part].reset_index(drop=True)


@pytest.mark.parametrize("draw", [journey, journey_rows])
def test_bars_losses_and_marks(draw):
    chart = draw(funnel(100, 80, 20, 15), felt(a=(60, 50, 70), b=(5, -5, 15), c=(-30, -40, -20), d=None), EN, str)
    stages = rows(chart)
    assert stages["share"].tolist() == [1.0, 0.8, 0.2, 0.15]
    assert stages["lost"].tolist() == ["", "−20%", "−75%", "−25%"]
    assert stages["worst"].tolist() == [False, False, True, False]
    assert stages["tag"].tolist() == ["▲ delights", "", "▼ hurts", ""]
    assert stages["mood"].tolist()[:3] == ["up", "even", "down"]
    assert pd.isna(stages["mood"][3])
    assert rows(chart, "gap")["lost"].tolist() == ["−20%", "−75%", "−25%"]
    assert chart.alt == ("a: 100, net emotion +60 delights; b: 80, net emotion +5; c: 20, net emotion −30 hurts; "
                         "d: 15, net emotion —")


def test_nothing_delights_where_no_stage_is_surely_better_than_the_worst():
    chart = journey(funnel(10, 5), felt(a=(60, 20, 90), b=(40, 10, 70)), EN, str)
    assert rows(chart)["tag"].tolist() == ["", ""]
    alone = journey(funnel(10), felt(a=(60, 20, 90)), EN, str)
    assert rows(alone)["tag"].tolist() == [""]


@pytest.mark.parametrize("draw", [journey, journey_rows])
@pytest.mark.parametrize("reached", [(), (0, 0), (7,), (5, 0, 0), (3, 3, 3, 3)])
def test_any_journey_can_be_drawn_without_feelings(draw, reached):
    chart = draw(funnel(*reached) if reached else funnel(1).head(0), pd.DataFrame(), EN, str)
    assert len(rows(chart)) == len(reached)
    assert rows(chart)["net"].isna().all()


def test_the_other_side_is_a_ghost_on_the_same_scale():
    other = pd.DataFrame({"step": ["a", "b"], "position": [1, 2], "from_first": [1.0, 0.9]})
    chart = journey(funnel(100, 80, 20), felt(a=(60, 50, 70)), EN, str, other, felt(a=(10, 0, 20)), "before")
    stages = rows(chart)
    assert stages["other_share"].tolist()[:2] == [1.0, 0.9]
    assert pd.isna(stages["other_share"][2])
    assert stages["other_net"].tolist()[0] == 10
    assert stages["other_text"].tolist()[1] == "90.0% · —"
    assert (stages["other_top"] - stages["top"]).round(1).tolist()[1] == 17.8  # a tenth of the first bar's 178
