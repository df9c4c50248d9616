"""Long work on an uploaded file that goes on when nobody looks: the page that began it may be left, closed, or opened
in another window, and finds it again by its name.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cx.language import Text

_MOST = 50
_jobs: dict[str, Job] = {}
_lock = threading.Lock()


class Job:
    """Work in a thread of its own, begun at once.

    began    time.monotonic()
    at       (done, of how many or None, what it is doing): as told to a cx.intake.progress.Progress
    share    of the work, 0–1, never falling
    result   what it gave, once it is done and nothing went wrong; else `error`
    """

    def __init__(self, work: Callable[[Callable[..., None]], Any]) -> None:
        self.began = time.monotonic()
        self.at: tuple[int, int | None, Text | None] = (0, None, None)
        self.share = 0.0
        self.result: Any = None
        self.error: Exception | None = None
        self._work = work
        self._ended = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def done(self) -> bool:
        return self._ended.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait so long at most; → whether it is done."""
        return self._ended.wait(seconds)

    def outcome(self) -> Any:
        """What it gave; raises what went wrong."""
        if self.error is not None:
            raise self.error
        return self.result

    def _run(self) -> None:
        try:
            self.result = self._work(self._tell)
        except Exception as error:  # whoever asks for the outcome gets it
            self.error = error
        finally:
            self._ended.set()

    def _tell(self, done: int, total: int | None, doing: Text | None = None, /) -> None:
        self.at = (done, total, doing)
        if total:
            self.share = min(1.0, max(self.share, done / total))


def begin(name: str, work: Callable[[Callable[..., None]], Any]) -> Job:
    """The job of that name: the one that was begun already, else a new one. `work` is given a
    cx.intake.progress.Progress."""
    with _lock:
        if name not in _jobs:
            for old in [each for each, job in _jobs.items() if job.done][:max(0, len(_jobs) - _MOST)]:
                del _jobs[old]
            _jobs[name] = Job(work)
        return _jobs[name]


def known(name: str) -> Job | None:
    """The job of that name, running or done; None = there is none."""
    return _jobs.get(name)


def running(start: str) -> int:
    """How many jobs whose names begin so are not done."""
    with _lock:
        return sum(name.startswith(start) and not job.done for name, job in _jobs.items())


def forget(name: str) -> None:
    """Let go of a job that is done."""
    with _lock:
        if name in _jobs and _jobs[name].done:
            del _jobs[name]
