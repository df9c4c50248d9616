"""The computation runs without Streamlit, and the pages hold no SQL."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(".".join(path.relative_to(ROOT).with_suffix("").parts) for path in (ROOT / "cx").rglob("*.py")
                 if path.name not in ("__init__.py", "__main__.py"))


def test_no_module_of_cx_brings_streamlit_along():
    program = ("import importlib, sys\n"
               f"for name in {MODULES!r}: importlib.import_module(name)\n"
               "sys.exit('streamlit' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("page", sorted((ROOT / "pages").glob("*.py")), ids=lambda path: path.name)
def test_a_page_is_thin(page):
    lines = page.read_text("utf-8").splitlines()
    assert len(lines) <= 110
    assert not re.search(r"\b(SELECT|GROUP BY|unsafe_allow_html)\b", page.read_text("utf-8")) or page.name == "main.py"


def test_nothing_is_left_unfinished():
    written = {path.relative_to(ROOT): path.read_text("utf-8") for folder in ("cx", "pages", "server")
               for path in (ROOT / folder).rglob("*.py")}
    assert len(written) > 300
    assert not [path for path, text in written.items()
                if re.search(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError", text)]
