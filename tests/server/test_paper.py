"""What a saved page says of very many interactions, of which a sample is judged."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.metrics.stores import store_of

ROOT = Path(__file__).parents[2]
_PAGES = """if True:
    import json
    from cx.metrics import sampling
    from server.paper import of_page
    sampling.MOST, sampling.SAMPLE, sampling.FEWEST = 1000, 600, 100
    print(json.dumps({page: [text for each in of_page(page, {"lang": ["en"]}).filled
                             for text in (each.note, *each.sentences)] for page in PAGES}))
"""


def test_whatever_is_saved_of_a_sample_says_that_it_is_one(tmp_path: Path):
    begun = dt.datetime(2025, 1, 1)
    store_of([{"customer": f"c{n % 800}", "occurred_at": begun + dt.timedelta(hours=n), "stage": "purchase",
               "touchpoint": ["Phone", "Web", "Store"][n % 3], "channel": "X", "nps": 2 if (n % 3 == 0) ^ (n % 5 == 0) else 9}
              for n in range(2400)], path=tmp_path / "cx.duckdb").close()
    made = subprocess.run(
        [sys.executable, "-c", _PAGES.replace("PAGES", "['overview', 'pain_points', 'opportunities']", 1)], cwd=ROOT,
        env={**os.environ, "CX_WORKSPACE": str(tmp_path / "cx.duckdb"), "CX_AHEAD": "0"}, capture_output=True, text=True,
        check=True, timeout=120)
    pages = json.loads(made.stdout.splitlines()[-1])
    for page, told in pages.items():
        assert any("random sample" in each and "one in 4" in each for each in told), page
    assert any("About 800 customers were there" in each for each in pages["pain_points"])
