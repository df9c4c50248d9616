#!/usr/bin/env python3
"""One command to start the dashboard, one to test it, on any machine with Python 3.11 or newer.

    python3 run.py            set up (first time) and start the dashboard
    python3 run.py test       set up and run every check and test, the browser tests included

Everything is installed into .venv in this folder. Further words after `start` go to Streamlit, after `test` to pytest:
    python3 run.py start --server.port 8600
    python3 run.py test tests/metrics
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - the reason to say so is an older Python
    sys.exit(f"CX Journey needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
UV = "uv>=0.5"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def main() -> int:
    words = sys.argv[1:]
    task = words.pop(0) if words and not words[0].startswith("-") else "start"
    if task not in ("start", "test") or "-h" in words or "--help" in words:
        print(__doc__)
        return 2 if task not in ("start", "test") else 0
    os.chdir(ROOT)
    lake = os.environ.get("CX_ENGINE", "").startswith("sc://")
    install("requirements-dev.txt" if task == "test" else "requirements-spark.txt" if lake else "requirements.txt")
    return start(words) if task == "start" else test(words)


def install(requirements: str) -> None:
    """Bring .venv to what the requirements say; quick when nothing changed."""
    wanted = hashlib.sha256(b"".join(each.read_bytes() for each in sorted(ROOT.glob("requirements*.txt")))).hexdigest()
    mark = VENV / f".installed-{requirements}"
    if PYTHON.exists() and mark.exists() and mark.read_text() == wanted:
        return
    if not PYTHON.exists():
        print("Making the virtual environment .venv …", flush=True)
        try:
            venv.create(VENV, with_pip=True)
        except subprocess.CalledProcessError:
            shutil.rmtree(VENV, ignore_errors=True)
            sys.exit("Python cannot make a virtual environment here. On Debian and Ubuntu: "
                     "sudo apt install python3-venv")
    print(f"Installing {requirements} (up to a minute or two, the first time) …", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    uv = [str(PYTHON), "-m", "uv", "pip", "install", "--quiet", "--python", str(PYTHON), "-r", requirements]
    installed = not (subprocess.run([*pip, UV], check=False).returncode or subprocess.run(uv, check=False).returncode)
    # uv takes seconds where pip takes minutes, but does not know what pip is configured with
    if not installed and subprocess.run([*pip, "-r", requirements], check=False).returncode:
        sys.exit("The installation failed; the lines above say why. Is the network reachable?")
    print("Preparing the computation (half a minute, the first time) …", flush=True)
    subprocess.run([str(PYTHON), "-c", "from cx.metrics.funnel import warm_up; warm_up()"], check=True)
    mark.write_text(wanted)


def start(words: list[str]) -> int:
    """Run the dashboard until Ctrl+C."""
    print("Starting CX Journey; its address follows. Stop it with Ctrl+C.", flush=True)
    if "--server.headless" not in " ".join(words):
        words = ["--server.headless", "true" if os.environ.get("CI") or not sys.stdout.isatty() else "false", *words]
    try:
        return subprocess.run([str(PYTHON), "-m", "streamlit", "run", "app.py", *words], check=False).returncode
    except KeyboardInterrupt:
        return 0


def test(words: list[str]) -> int:
    """Lint, types, import boundaries, then the tests; a subset of the tests when words name one."""
    bin_folder = PYTHON.parent
    checks = [] if words else [
        ("Lint", [str(bin_folder / "ruff"), "check", "."]),
        ("Types", [str(PYTHON), "-m", "mypy"]),
        ("Import boundaries", [str(bin_folder / "lint-imports")]),
    ]
    failed = []
    at_once = [(name, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
               for name, command in checks]
    for name, check in at_once:
        print(f"== {name}", flush=True)
        sys.stdout.buffer.write(check.communicate()[0])
        if check.returncode:
            failed.append(name)
    print("== Tests", flush=True)
    workers = ["-n", "2", "--dist", "loadgroup"] if not words else []
    if subprocess.run([str(PYTHON), "-m", "pytest", *workers, *words], check=False).returncode:
        failed.append("Tests")
    if failed:
        print(f"FAILED: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
