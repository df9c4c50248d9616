"""The stream of data versions."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from server.live import Bus


def run(asked: Coroutine[Any, Any, Any]) -> Any:
    """Run it in a thread of its own: a browser of other tests may keep a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asked).result()


def test_a_listener_hears_the_version_now_each_later_one_and_each_note_from_any_thread():
    async def listen() -> list[bytes]:
        bus = Bus()
        bus.begin()
        bus.tell(7)
        stream = bus.listen()
        heard = [await anext(stream)]
        threading.Thread(target=bus.tell, args=[8]).start()
        heard.append(await asyncio.wait_for(anext(stream), 5))
        threading.Thread(target=bus.note).start()
        heard.append(await asyncio.wait_for(anext(stream), 5))
        await stream.aclose()
        return heard

    assert run(listen()) == [b"data: 7 0\n\n", b"data: 8 0\n\n", b"data: 8 1\n\n"]


def test_versions_told_while_nobody_reads_come_as_the_newest():
    async def listen() -> bytes:
        bus = Bus()
        bus.begin()
        stream = bus.listen()
        await anext(stream)
        for version in (1, 2, 3):
            bus.tell(version)
        return await asyncio.wait_for(anext(stream), 5)

    assert run(listen()) == b"data: 3 0\n\n"


def test_stopping_ends_every_stream_and_before_a_loop_runs_nothing_is_lost():
    async def listen(bus: Bus) -> list[bytes]:
        bus.begin()
        streams = [bus.listen() for _ in range(3)]
        heard = [await anext(stream) for stream in streams]
        bus.stop()
        for stream in streams:
            heard += [event async for event in stream]
        return heard

    bus = Bus()
    bus.tell(5)  # the workspace is opened before the first visitor
    assert run(listen(bus)) == [b"data: 5 0\n\n"] * 3


def test_silence_is_broken_by_a_comment_only(monkeypatch):
    monkeypatch.setattr("server.live.HEARTBEAT", 0.01)

    async def listen() -> list[bytes]:
        bus = Bus()
        bus.begin()
        stream = bus.listen()
        return [await anext(stream), await anext(stream)]

    assert run(listen()) == [b"data: 0 0\n\n", b": still here\n\n"]
