"""Take the pictures of the README and the guides from the real application with the sample data.

    python docs/take_pictures.py            (after `python3 run.py test`, which installs the browser driver)
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import cx
from cx import sample
from tests.browser import driver

PICTURES = ROOT / "docs" / "pictures"
SHOTS = {"overview": ("/", 1350), "funnel": ("/funnel", 1500), "emotions": ("/emotions", 1400),
         "touchpoints": ("/touchpoints", 1200), "customer": ("/customer?id=C10043", 900),
         "trends": ("/trends?kpi=csat", 1000)}
LOCALES = {"en": "en-GB", "tr": "tr-TR"}


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    for code, locale in LOCALES.items():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            store = cx.open_store(folder / "cx.duckdb")
            sample.load(store, code)
            store.close()
            with driver.serve(folder) as server, driver.browse() as browser:
                page = browser.new_page(locale=locale, viewport={"width": 1280, "height": 900})
                driver.count_runs(page)
                for shot, (path, height) in SHOTS.items():
                    page.set_viewport_size({"width": 1280, "height": height})
                    driver.visit(page, server, path)
                    page.wait_for_timeout(1200)
                    page.screenshot(path=PICTURES / f"{shot}-{code}.png")
                page.set_viewport_size({"width": 1280, "height": 1150})
                driver.visit(page, server, "/upload")
                chooser = page.locator("input[type=file]")
                driver.act(page, lambda code=code, chooser=chooser: chooser.set_input_files(sample.files(code)[1]))
                page.wait_for_timeout(1200)
                page.screenshot(path=PICTURES / f"upload-{code}.png")


if __name__ == "__main__":
    main()
