"""Run as a script by moods.py: judges comments. Of cx it imports the sentiment only, which needs nothing else.

    python -I moods_child.py

Reads lines of JSON, each a list of comments; writes for each a line with the list of their moods (-1, 0, 1, null).
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType


def main() -> None:
    package = ModuleType("cx")  # the package itself would open the whole application
    package.__path__ = [str(Path(__file__).resolve().parents[1])]
    sys.modules["cx"] = package
    judge_all = import_module("cx.sentiment").judge_all
    for line in sys.stdin.buffer:
        sys.stdout.write(json.dumps(judge_all(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
