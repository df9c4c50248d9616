"""Telling every open dashboard that the data changed, or only something beside it (an alert's message was read): a
stream of server-sent events each, silent while none comes."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from types import FrameType

from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

HEARTBEAT = 30.0  # seconds of silence after which a comment keeps proxies from closing the stream


class Bus:
    """The newest data version, how often something beside the data changed, and who waits to hear of it. `tell` and
    `note` may be called from any thread."""

    def __init__(self) -> None:
        self.version, self.notes = 0, 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: set[asyncio.Event] = set()
        self._stopped = False

    def begin(self) -> None:
        """Call in the server's event loop, before anything is told."""
        self._loop, self._stopped = asyncio.get_running_loop(), False

    def tell(self, version: int) -> None:
        """The data has this version now."""
        self.version = version
        self._wake()

    def note(self) -> None:
        """Something that no answer depends on changed."""
        self.notes += 1
        self._wake()

    def stop(self) -> None:
        """End all streams, so that the server can end."""
        self._stopped = True
        self._wake()

    async def listen(self) -> AsyncIterator[bytes]:
        """Events "version notes": now, then after each change; several in a row may be told as one."""
        event = asyncio.Event()
        self._listeners.add(event)
        try:
            told = (-1, -1)
            while not self._stopped:
                if (self.version, self.notes) != told:
                    told = self.version, self.notes
                    yield f"data: {self.version} {self.notes}\n\n".encode()
                try:
                    await asyncio.wait_for(event.wait(), HEARTBEAT)
                except TimeoutError:
                    yield b": still here\n\n"
                event.clear()
        finally:
            self._listeners.discard(event)

    def _wake(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake_all)

    def _wake_all(self) -> None:
        for event in self._listeners:
            event.set()


bus = Bus()


async def stream(_: Request) -> StreamingResponse:
    """The data version as server-sent events."""
    return StreamingResponse(bus.listen(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def end_with_the_server() -> None:
    """End the streams on the signals that end the server; it would wait for them otherwise."""
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)

        def stopping(received: int, frame: FrameType | None, before: object = before) -> None:
            bus.stop()
            if callable(before):
                before(received, frame)

        with suppress(ValueError):  # not in the main thread: whoever runs this ends it otherwise
            signal.signal(number, stopping)


routes = [Route("/api/live", stream)]
