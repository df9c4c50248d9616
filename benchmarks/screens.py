"""How quick the screens are, beside an empty Streamlit page in the same run, in a real browser on the real server.

    python benchmarks/journeys.py --folder /tmp/journeys --sizes 1000000          # makes the workspace, once
    python benchmarks/screens.py /tmp/journeys/1000000                            # everything; about fifteen minutes
    python benchmarks/screens.py /tmp/journeys/1000000 /tmp/journeys/10000000 --parts clicks --rounds 1  # growth

`start`: from starting the program until it is healthy. `first`: from a cold browser's address until the Overview is
painted, the server warm. `clicks`: from a click on a period until all charts, tiles and tables of the page are
painted; each click asks for a selection nobody has asked for (*new*), then the same again (*known*); nothing is worked
out ahead. `shipped`: a walk through the pages as the program is shipped, where the server works out what is one click
away while the reader looks at a page for five seconds: how many clicks were found known, and what that costs.
`server`: the server's processor time alone, over the application's own websocket. `sessions`: 50 readers over it, each
changing a filter every five seconds. `idle`: what 50 open dashboards cost a server when nobody does anything.
Milliseconds by the clock, medians unless said; CPU milliseconds are what to compare on a busy machine. Results:
benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # instead of this folder, whose coverage.py is none of pip's

from playwright.sync_api import Browser, CDPSession, Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from benchmarks.journeys_data import PERSONAS
from tests.browser import driver

PARTS = ("start", "first", "clicks", "shipped", "server", "sessions", "idle")
PAGES = ("overview", "funnel", "emotions", "touchpoints", "trends", "retention")
PERIODS = ("Last 30 days", "Last 90 days", "Last 365 days", "This year", "Last full quarter", "All data")
SESSIONS, EVERY = 50, 5.0  # readers, seconds between two changes of one of them
GROWTH = 1.5  # times what it takes on the first workspace that is given, on larger ones
LOOKS = 5  # seconds that a reader looks at a page before the next click, where answers are worked out ahead
WARM = 900  # seconds that the first visit of a large workspace may take
EMPTY = """import streamlit as st
st.title("Empty")
st.write(st.radio("Period", range(6), key="period"))
"""

WATCH = """() => {
  const seen = window.cxSeen = {click: 0, charts: 0, last: 0}
  const parts = '[data-testid$="Chart"], [data-testid="stMetric"], [data-testid="stDataFrame"], .cx-spark'
  document.addEventListener('click', () => { seen.click ||= performance.now() }, {capture: true, once: true})
  const note = () => { const after = new MessageChannel(); const {charts} = note
    note.charts = false
    after.port1.onmessage = () => { seen.last = performance.now(); if (charts) seen.charts = seen.last }
    after.port2.postMessage(0) }
  window.cxWatch?.disconnect()
  window.cxWatch = new MutationObserver((changes) => {
    const seen = changes.map(({target}) => target.nodeType === 1 ? target : target.parentElement)
      .filter((element) => element && !element.closest('canvas'))
    note.charts ||= seen.some((element) => element.closest(parts))
    if (seen.some((element) => element.closest('[data-testid="stMain"]'))) requestAnimationFrame(note)
  })
  window.cxInked = ({canvas}) => { // tables are drawn; what stands in their canvas, 0.2 s later, is for screen readers
    if (!note.charts && canvas.isConnected) { note.charts = true; requestAnimationFrame(note) } }
  if (!window.cxInk) {
    const ink = window.cxInk = CanvasRenderingContext2D.prototype.fillText
    CanvasRenderingContext2D.prototype.fillText = function (...text) {
      window.cxInked(this)
      return ink.apply(this, text) }
  }
  window.cxWatch.observe(document.body, {childList: true, subtree: true, characterData: true, attributes: true,
    attributeFilter: ['d', 'transform', 'x', 'y', 'width', 'height', 'points']})
}"""
PAGE_READY = """() => document.querySelector('[data-testid="stMainBlockContainer"] h1')
  && document.querySelector('[data-testid="stApp"]').dataset.testScriptState === 'notRunning'"""
PAINTED = """() => { const seen = window.cxSeen
  return seen?.last && performance.now() - seen.last > 600 && !document.querySelector('.cx-waiting')
    && document.querySelector('[data-testid="stApp"]').dataset.testScriptState === 'notRunning' }"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("workspaces", nargs="+", type=Path, help="folders of cx.duckdb")
    asked.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    asked.add_argument("--pages", nargs="+", default=list(PAGES))
    asked.add_argument("--rounds", type=int, default=3, help="of clicks on each page, with another persona each")
    asked.add_argument("--seconds", type=int, default=60, help="of sessions, and of idling")
    options = asked.parse_args()
    print(f"{time.strftime('%d %B %Y %H:%M')}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}", flush=True)
    grown: dict[str, dict[str, float]] = {}
    for folder in options.workspaces:
        print(f"\n## {folder.name}", flush=True)
        if "start" in options.parts:
            start(folder)
        with empty_server() as empty, driver.serve(folder) as server:
            if {"first", "clicks"} & set(options.parts):
                with driver.browse() as browser:
                    if "first" in options.parts:
                        first(browser, empty, server)
                    if "clicks" in options.parts:
                        clicks(browser, empty, server, options.pages, options.rounds, grown)
        if "shipped" in options.parts:
            os.environ["CX_AHEAD"] = "1"
            with driver.serve(folder) as server, driver.browse() as browser:
                shipped(browser, server, options.pages)
            del os.environ["CX_AHEAD"]
        if "server" in options.parts:
            with driver.serve(folder) as server:
                alone(server, options.pages, options.rounds)
        if "sessions" in options.parts:
            with driver.serve(folder) as server:
                sessions(server, options.seconds)
        if "idle" in options.parts:
            with driver.serve(folder) as server:
                idle(server, options.seconds)


class Empty(driver.Server):
    """A Streamlit page with one widget and one line, under the same settings."""

    script = str(Path(tempfile.gettempdir()) / "cx_empty_page.py")
    health = "/_stcore/health"


@contextlib.contextmanager
def empty_server() -> Iterator[driver.Server]:
    Path(Empty.script).write_text(EMPTY)
    with tempfile.TemporaryDirectory() as folder:
        server = Empty(Path(folder) / "cx.duckdb", Path(folder) / "server.log")
        try:
            yield server
        finally:
            server.stop()
            Path(Empty.script).unlink()


def cpu(pid: int) -> float:
    """Processor time that a process has used, in milliseconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> float:
    """Resident memory of a process in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def start(folder: Path, times: int = 5) -> None:
    took: dict[str, list[float]] = {"cx": [], "cx CPU": [], "empty": [], "empty CPU": []}
    for _ in range(times):
        for name, opening in (("cx", lambda: driver.serve(folder)), ("empty", empty_server)):
            begin = time.perf_counter()
            with opening() as server:
                took[name].append(1000 * (time.perf_counter() - begin))
                took[f"{name} CPU"].append(cpu(server.process.pid))
    found = {name: statistics.median(each) for name, each in took.items()}
    print(f"start to healthy: {found['cx']:.0f} ms, CPU {found['cx CPU']:.0f}; empty Streamlit {found['empty']:.0f} "
          f"ms, CPU {found['empty CPU']:.0f}; ratio {found['cx'] / found['empty']:.2f} (target: 2,000 ms)", flush=True)


def first(browser: Browser, empty: driver.Server, server: driver.Server, times: int = 5) -> None:
    took: dict[str, list[float]] = {"empty": [], "overview": [], "overview, first answer": []}
    _painted_first(browser, server.url)  # warms the server
    for _ in range(times):
        took["empty"].append(_painted_first(browser, empty.url)[1])
        charts, everything = _painted_first(browser, server.url)
        took["overview, first answer"].append(charts)
        took["overview"].append(everything)
    found = {name: statistics.median(each) for name, each in took.items()}
    print(f"cold browser to painted Overview: {found['overview, first answer']:.0f} ms (problems and wins "
          f"{found['overview']:.0f}); empty page {found['empty']:.0f} ms; ratio "
          f"{found['overview, first answer'] / found['empty']:.2f} (target: 3,000 ms)", flush=True)


def _painted_first(browser: Browser, url: str) -> tuple[float, float]:
    """→ milliseconds from the address until charts and tiles, and everything, are painted."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    try:
        page = context.new_page()
        page.add_init_script(f"addEventListener('DOMContentLoaded', {WATCH})")
        page.goto(url, wait_until="commit")
        page.wait_for_function(PAINTED, timeout=1000 * WARM)
        charts, last = page.evaluate("[cxSeen.charts, cxSeen.last]")
        return charts or last, last
    finally:
        context.close()


def clicks(browser: Browser, empty: driver.Server, server: driver.Server, pages: list[str], rounds: int,
           grown: dict[str, dict[str, float]]) -> None:
    """grown: page → medians of the first workspace, filled by it and compared with by the others."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.on("page", driver.count_runs)
    plain, page = context.new_page(), context.new_page()
    plain.goto(empty.url)
    plain.get_by_role("radiogroup").wait_for()
    print("| page | new, ms | known, ms | empty, ms | 2 x empty + 200 | server CPU: new, known, empty | "
          "browser CPU: new, known, empty |\n|---|---|---|---|---|---|---|", flush=True)
    for name in pages:
        took: dict[str, list[tuple[float, float, float]]] = {"new": [], "known": [], "empty": []}
        for number in range(rounds):
            persona = PERSONAS[number % len(PERSONAS)].lower()
            _open_periods(page, server, name, f"persona={persona}" + (
                "&touchpoint=order" if number >= len(PERSONAS) else ""))
            for kind in ("new", "known"):
                for place, period in enumerate(PERIODS):
                    took["empty"].append(_click(plain, empty, str((place + 1) % 6)))
                    took[kind].append(_click(page, server, period))
        (waited, served, busy) = ([f"{statistics.median(each):.0f}" for each in kinds] for kinds in zip(
            *(zip(*each, strict=True) for each in took.values()), strict=True))
        budget = 2 * statistics.median(ms for ms, *_ in took["empty"]) + 200
        print(f"| {name} | {' | '.join(waited)} | {budget:.0f} | {', '.join(served)} | {', '.join(busy)} |", flush=True)
        found = {kind: statistics.median(ms for ms, *_ in each) for kind, each in took.items()}
        first_found = grown.setdefault(name, found)
        if first_found is not found:
            times = {kind: found[kind] / first_found[kind] for kind in ("new", "known")}
            print(f"  {name}, times the first workspace (target {GROWTH}): new {times['new']:.2f}, known "
                  f"{times['known']:.2f}", flush=True)
    context.close()


def _open_periods(page: Page, server: driver.Server, name: str, query: str) -> None:
    """The page with the menu of periods open."""
    page.goto(f"{server.url}/{'' if name == 'overview' else name}?{query}", timeout=1000 * WARM)
    page.wait_for_function(PAGE_READY, timeout=1000 * WARM)
    driver.settled(page)
    page.get_by_role("button", name="Period: ").click()
    page.get_by_test_id("stPopoverBody").get_by_role("radiogroup").first.wait_for()


def shipped(browser: Browser, server: driver.Server, pages: list[str]) -> None:
    """What a reader clicks who looks at each page for a while, as the program is shipped: from page to page by the
    menu, on each two periods, a persona, and all data again. The walk is repeated: then all of it is known, and a click
    that takes the server no more in the first walk was found known there."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.on("page", driver.count_runs)
    page = context.new_page()
    driver.visit(page, server, "/definitions")
    walks: list[list[tuple[str, float, float]]] = []
    before = cpu(server.process.pid)
    spent: list[float] = []
    for _ in range(2):
        walks.append([(kind, *_timed(page, server, action)) for kind, action in _walk(page, pages)])
        spent.append((cpu(server.process.pid) - before) / len(walks[-1]))
        before = cpu(server.process.pid)
    first, again = walks
    found = [now <= 1.3 * then + 20 for (_, _, now), (_, _, then) in zip(first, again, strict=True)]
    for kind in dict.fromkeys(kind for kind, *_ in first):
        at = [place for place, each in enumerate(first) if each[0] == kind]
        print(f"as shipped, {kind}: {statistics.median(first[place][1] for place in at):.0f} ms, again "
              f"{statistics.median(again[place][1] for place in at):.0f}; found known "
              f"{sum(found[place] for place in at)} of {len(at)}", flush=True)
    print(f"as shipped, all {len(first)} clicks: median {statistics.median(ms for _, ms, _ in first):.0f} ms, again "
          f"{statistics.median(ms for _, ms, _ in again):.0f}; found known {sum(found) / len(found):.0%}; CPU of the "
          f"server for each click, what was worked out ahead included, {spent[0]:.0f} ms, again {spent[1]:.0f}",
          flush=True)
    context.close()


def _walk(page: Page, pages: list[str]) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is clicked, each after a look, and how."""
    def period(words: str) -> Callable[[], object]:
        page.get_by_role("button", name="Period: ").click()
        found = page.locator('[data-testid="stRadio"] label', has_text=words).first
        found.wait_for()
        return found.click

    def look() -> None:
        page.keyboard.press("Escape")
        time.sleep(LOOKS)

    for number, name in enumerate(pages):
        look()
        link = page.locator(f'.cx-menu a[data-page="{name}"]')
        yield "a page of the menu", link.click
        for words in (PERIODS[number % 5], PERIODS[(number + 2) % 5]):
            look()
            yield "a period", period(words)
        look()
        page.get_by_role("button", name="Persona").first.click()
        box = page.get_by_test_id("stPopoverBody").get_by_role("combobox").first
        box.click()
        option = page.get_by_role("option").first
        option.wait_for()
        yield "a persona", option.click
        look()
        yield "no filter", page.get_by_role("button", name="Reset").click


def alone(server: driver.Server, pages: list[str], rounds: int) -> None:
    """Processor milliseconds of the server for a change of selection, means over `4 x rounds` selections, problems and
    wins included."""
    with _open(server, 1) as (socket,):
        for name in pages:
            page, chosen = "" if name == "overview" else name, random.Random(name)
            _run(socket, server, page, "")
            _run(socket, server, page, f"persona={PERSONAS[0].lower()}&period=2025-02-01..2025-11-11")
            queries = [f"persona={PERSONAS[number % 5].lower()}&period=2025-{chosen.randint(1, 9):02}-"
                       f"{chosen.randint(1, 28):02}..2025-12-{chosen.randint(1, 28):02}"
                       for number in range(4 * rounds)]
            new, known = ([_run(socket, server, page, query) for query in queries] for _ in range(2))
            print(f"{name}: server CPU new {statistics.mean(new):.0f} ms, known {statistics.mean(known):.0f} ms",
                  flush=True)


def _run(socket: ClientConnection, server: driver.Server, page: str, query: str) -> float:
    """Ask for a page and wait until it is drawn and the server has come to rest. → its processor milliseconds."""
    asked, before = BackMsg(), cpu(server.process.pid)
    asked.rerun_script.page_name, asked.rerun_script.query_string = page, query
    socket.send(asked.SerializeToString())
    done = False
    with contextlib.suppress(TimeoutError):
        while True:
            read = ForwardMsg.FromString(socket.recv(timeout=1.0 if done else WARM))
            done |= (read.WhichOneof("type") == "script_finished"
                     and read.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY)
    spent = cpu(server.process.pid)
    while True:
        time.sleep(0.3)
        now = cpu(server.process.pid)
        if now - spent <= 20:
            return now - before
        spent = now


def _click(page: Page, server: driver.Server, label: str) -> tuple[float, float, float]:
    """Click on a radio button. → milliseconds until charts are painted; CPU milliseconds of the server, of the page."""
    busy = _busy(page)
    found = page.locator('[data-testid="stRadio"] label', has_text=label).first
    waited, spent = _timed(page, server, found.click)
    return waited, spent, _busy(page) - busy


def _timed(page: Page, server: driver.Server, action: Callable[[], object]) -> tuple[float, float]:
    """Do what makes the page run. → milliseconds until charts are painted; CPU milliseconds of the server."""
    page.bring_to_front()
    page.evaluate(WATCH)
    before = cpu(server.process.pid)
    driver.act(page, action, timeout=120)
    page.wait_for_function(PAINTED, timeout=1000 * WARM)
    click, charts, last = page.evaluate("[cxSeen.click, cxSeen.charts, cxSeen.last]")
    return (charts or last) - click, cpu(server.process.pid) - before


def _busy(page: Page) -> float:
    """Processor time that the page's main thread has used, in milliseconds."""
    if page not in _sessions:
        _sessions[page] = page.context.new_cdp_session(page)
        _sessions[page].send("Performance.enable", {"timeDomain": "threadTicks"})
    metrics = _sessions[page].send("Performance.getMetrics")["metrics"]
    return 1000 * next(each["value"] for each in metrics if each["name"] == "TaskDuration")


_sessions: dict[Page, CDPSession] = {}


def sessions(server: driver.Server, seconds: int) -> None:
    for name, pick in (("among 30 selections", _common), ("each never asked before", _never)):
        took: list[float] = []
        with _open(server, SESSIONS) as sockets:
            spent = cpu(server.process.pid)
            threads = [threading.Thread(target=_reader, args=(socket, number, seconds, pick, took))
                       for number, socket in enumerate(sockets)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            spent = cpu(server.process.pid) - spent
            took.sort()
            print(f"{SESSIONS} sessions, a filter each {EVERY:.0f} s, {name}: {len(took)} changes, median "
                  f"{statistics.median(took):.0f} ms, p95 {took[int(0.95 * len(took))]:.0f} ms (target 500), CPU "
                  f"{spent / len(took):.0f} ms each", flush=True)
            if pick is _common:
                _memory(server)


def _memory(server: driver.Server) -> None:
    """What as many sessions more take, where all that they share is there already; each changes three filters."""
    shared = resident(server.process.pid)
    with _open(server, SESSIONS) as more:
        for turn in range(3):
            for number, socket in enumerate(more):
                _ask(socket, _common(number, turn))
        time.sleep(5)
        print(f"memory: {shared:.0f} MB, {(resident(server.process.pid) - shared) / SESSIONS:.1f} MB a session of "
              f"{SESSIONS} more (target 2)", flush=True)


def _common(number: int, turn: int) -> str:
    chosen = random.Random(number * 1000 + turn)
    period = chosen.choice(("2025-01-01..2025-03-31", "2025-04-01..2025-06-30", "2025-07-01..2025-09-30",
                            "2025-10-01..2025-12-31", "2025-01-01..2025-12-31", "2024-01-01..2024-12-31"))
    return f"persona={chosen.choice(PERSONAS).lower()}&period={period}"


def _never(number: int, turn: int) -> str:
    start, end = f"2025-{1 + turn % 9:02}-{1 + number % 28:02}", f"2025-12-{1 + number // 2:02}"
    return f"persona={PERSONAS[number % 5].lower()}&period={start}..{end}"


def _reader(socket: ClientConnection, number: int, seconds: int, pick: Callable[[int, int], str],
            took: list[float]) -> None:
    end = time.monotonic() + seconds
    time.sleep(EVERY * number / SESSIONS)
    turn = 0
    while time.monotonic() < end:
        begin = time.monotonic()
        took.append(_ask(socket, pick(number, turn)))
        turn += 1
        with contextlib.suppress(TimeoutError):  # as a browser does, read what comes meanwhile
            while (left := begin + EVERY - time.monotonic()) > 0:
                socket.recv(timeout=left)


def _ask(socket: ClientConnection, query: str) -> float:
    """Ask for the Overview with that query, and read until it is drawn but for problems and wins, which it does not
    wait for; what is left of the run is read with the next. → milliseconds."""
    asked, begin = BackMsg(), time.monotonic()
    asked.rerun_script.query_string = query
    socket.send(asked.SerializeToString())
    started = False
    while True:
        read = ForwardMsg.FromString(socket.recv(timeout=WARM))
        started |= read.WhichOneof("type") == "new_session"
        if started and read.delta.new_element.button.label == "All KPIs over time":
            return 1000 * (time.monotonic() - begin)


@contextlib.contextmanager
def _open(server: driver.Server, count: int) -> Iterator[list[ClientConnection]]:
    """That many sessions which show the Overview."""
    with contextlib.ExitStack() as opened:
        address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
        sockets = [opened.enter_context(connect(address, subprotocols=["streamlit"], max_size=None, ping_interval=None,
                                               close_timeout=0.5))
                   for _ in range(count)]
        for socket in sockets:
            _ask(socket, "")
        yield sockets


def idle(server: driver.Server, seconds: int) -> None:
    spent = {}
    for count in (0, SESSIONS):
        with _open(server, count), contextlib.ExitStack() as streams:
            for _ in range(count):
                streams.enter_context(urllib.request.urlopen(f"{server.url}/api/live"))
            time.sleep(3)
            before = cpu(server.process.pid)
            time.sleep(seconds)
            spent[count] = (cpu(server.process.pid) - before) / seconds
    print(f"idle, CPU milliseconds a second: no dashboard {spent[0]:.1f}, {SESSIONS} open {spent[SESSIONS]:.1f}",
          flush=True)


if __name__ == "__main__":
    main()
