"""What is new since the last visit: counted from then on, remembered by the browser, and nothing made of a forged memory."""

import datetime as dt

import pandas as pd
import pytest

import cx
from cx import findings
from cx.intake import load_frame, undo
from cx.language import language
from cx.metrics import visit
from cx.metrics.kpi import kpis
from cx.metrics.kpi_registry import KPIS
from cx.metrics.visit import Seen

EN, TR = language("en"), language("tr")
NOON = dt.datetime(2026, 3, 1, 12)


def answers(*given: int, name: str) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": [f"{name}{n}" for n in range(len(given))], "occurred_at": "2026-01-05",
                         "touchpoint": "Chat", "nps": list(given)})


def test_files_loaded_and_taken_back_since_then_and_the_kpis_they_moved():
    store = cx.open_store(":memory:")
    first = load_frame(store, answers(10, 0, name="a"), name="a.csv")
    before = visit.seen_now(store, kpis(store, only=["nps", "csat"]), dt.datetime.now() - dt.timedelta(hours=1))
    assert before.values == {"nps": (0.0, 2)}  # satisfaction is undefined: not remembered as nothing
    with store.write(quietly=True) as cursor:
        cursor.execute("UPDATE uploads SET loaded_at = ?", [before.at - dt.timedelta(hours=1)])
    nothing = visit.news(store, before, kpis(store, only=["nps"]))
    assert (nothing.loaded, nothing.undone, nothing.alerts, len(nothing.moved)) == (0, 0, 0, 0)
    assert findings.visit.news(nothing, KPIS, EN)[0].endswith("nothing new.")
    load_frame(store, answers(10, 9, name="b"), name="b.csv")
    found = visit.news(store, before, kpis(store, only=["nps"]))
    assert (found.loaded, found.rows, found.undone) == (1, 2, 0)
    # by hand: one promoter and one detractor; then three promoters and one detractor of four
    assert findings.visit.news(found, KPIS, EN)[1] == "Over all data: NPS 0.0 → 50.0 (n = 2 → 4)."
    assert "1 dosya yüklendi (2 satır)" in findings.visit.news(found, KPIS, TR)[0]
    undo(store, first.upload_id)
    assert visit.news(store, before, kpis(store, only=["nps"])).undone == 1
    store.close()


@pytest.mark.parametrize(("minutes", "since"), [(31, "last"), (30, "before"), (0, "before")])
def test_who_comes_back_soon_is_still_on_the_same_visit(minutes, since):
    kept = {"before": Seen(NOON - dt.timedelta(days=2), 3, {"nps": (14.8, 90)}), "last": Seen(NOON, 5, {})}
    given = visit.memory(kept["before"], kept["last"])
    assert visit.remembered(given, NOON + dt.timedelta(minutes=minutes), 5) == (kept[since], kept["last"])


AT = '"at":"2026-01-01T00:00:00"'


@pytest.mark.parametrize("given", [
    "", "{}", "[]", "null", "7", "{", '{"last":{}}', '{"last":{"at":"x","version":1,"values":{}}}',
    '{"last":{"at":7,"version":1,"values":{}}}', '{"last":{"at":"2026-01-01T00:00:00Z","version":1,"values":{}}}',
    f'{{"last":{{{AT},"version":1,"values":{{"nps":[NaN,1]}}}}}}', f'{{"last":{{{AT},"version":1,"values":[1]}}}}',
    f'{{"last":{{{AT},"version":99,"values":{{}}}}}}', f'{{"last":{{{AT},"version":1e400,"values":{{}}}}}}',
    '{"last":{"at":"2026-12-01T00:00:00","version":1,"values":{}}}'])
def test_what_is_no_memory_of_this_workspace_is_forgotten(given):
    assert visit.remembered(given, NOON, 5) == (None, None)


def test_a_kpi_that_is_not_known_is_not_told():
    moved = pd.DataFrame([{"kpi": "<b>", "value_before": 1.0, "n_before": 1, "value": 2.0, "n": 1}])
    assert len(findings.visit.news(visit.News(NOON, 0, 0, 0, 0, moved), KPIS, EN)) == 1
