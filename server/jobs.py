"""Long work that goes on when nobody looks: the page that began it may be left, closed, or opened in another window,
and finds it again by its name. It can be stopped.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cx.errors import CxError, Stopped
from cx.language import text

if TYPE_CHECKING:
    from cx.intake.progress import Progress
    from cx.language import Text

_MOST = 50  # jobs that are done and still known
_LOOK = 0.1  # seconds between two looks whether a job that waits for its turn is stopped
LOADS = threading.Lock()
"""Loads of files take turns, so that what changed while one was loaded is what it changed."""
_jobs: dict[str, Job] = {}
_lock = threading.Lock()


class Job:
    """Work in a thread of its own, begun at once.

    began     time.monotonic()
    at        (done, of how many or None, what it is doing): as told to a cx.intake.progress.Progress
    share     of the work, 0–1, never falling
    stopping  it was told to stop, and will as soon as it tells how far it is, unless all is stored by then
    result    what it gave, once it is done and nothing went wrong; else `error`, which holds nothing of the work
    """

    def __init__(self, work: Callable[[Progress], Any]) -> None:
        self.began = time.monotonic()
        self.at: tuple[int, int | None, Text | None] = (0, None, None)
        self.share = 0.0
        self.stopping = False
        self.result: Any = None
        self.error: Exception | None = None
        self._ended = threading.Event()
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

    @property
    def done(self) -> bool:
        return self._ended.is_set()

    def stop(self) -> None:
        """Have it end soon, with the error cx.errors.Stopped."""
        self.stopping = True

    def wait(self, seconds: float) -> bool:
        """Wait so long at most; → whether it is done."""
        return self._ended.wait(seconds)

    def outcome(self) -> Any:
        """What it gave; raises what went wrong."""
        if self.error is not None:
            raise self.error.with_traceback(None)
        return self.result

    def _run(self, work: Callable[[Progress], Any]) -> None:
        try:
            self.result = work(self._tell)
        except Exception as error:  # whoever asks for the outcome gets it
            if not isinstance(error, CxError):
                where = "".join(traceback.format_tb(error.__traceback__))  # what it says may hold what a file does
                logging.getLogger(__name__).error("A job failed: %s\n%s", type(error).__name__, where)
            traceback.clear_frames(error.__traceback__)  # with them goes what the work still held
            self.error = error.with_traceback(None)
            self.error.__context__ = self.error.__cause__ = None
        finally:
            self._ended.set()

    def _tell(self, done: int, total: int | None, doing: Text | None = None, /) -> None:
        if self.stopping:
            raise Stopped(text("Stopped. Nothing of it was stored."))
        self.at = (done, total, doing)
        if total:
            self.share = min(1.0, max(self.share, done / total))


@contextmanager
def in_turn(turn: threading.Lock | threading.Semaphore, progress: Progress) -> Iterator[None]:
    """Within, it is this job's turn; it can be stopped while it waits for it."""
    while not turn.acquire(timeout=_LOOK):
        progress(0, None)
    try:
        yield
    finally:
        turn.release()


def begin(name: str, work: Callable[[Progress], Any]) -> Job:
    """The job of that name: the one that was begun already, else a new one. `work` is given a
    cx.intake.progress.Progress. What it gives is kept: give little."""
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


def abandon(name: str) -> None:
    """Stop a job whose outcome nobody wants, and let go of it."""
    with _lock:
        job = _jobs.pop(name, None)
    if job is not None:
        job.stop()
