"""Memory and time of the server over many reruns of the Overview, with and without a collection after each run.

    python benchmarks/reruns.py --reruns 2000 --gc off

A client asks over the application's own websocket, as the browser does, for the Overview in the other language again
and again; every rerun draws all tiles and charts. Prints resident memory in MB and the median time of a rerun per 100
reruns. The decision it led to: docs/decisions/0003-streamlit-settings.md.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cx
from cx import sample
from tests.browser import driver


def resident(pid: int) -> float:
    """Resident memory of a process in MB."""
    kilobytes = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True).stdout
    return int(kilobytes) / 1024


def rerun(socket: ClientConnection, language: str) -> int:
    """Ask for the Overview in a language and read until it is drawn. → bytes received."""
    asked = BackMsg()
    asked.rerun_script.query_string = f"lang={language}"
    socket.send(asked.SerializeToString())
    received = 0
    while True:
        message = socket.recv(timeout=120)
        received += len(message)
        read = ForwardMsg.FromString(message)
        if read.WhichOneof("type") == "script_finished" and read.script_finished == 0:
            return received


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--reruns", type=int, default=2000)
    asked.add_argument("--gc", choices=("on", "off"), default="off")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = cx.open_store(Path(folder) / "cx.duckdb")
        sample.load(store, "en")
        store.close()
        flags = ["--runner.postScriptGC", "true" if options.gc == "on" else "false"]
        with driver.serve(Path(folder), flags) as server, connect(
                f"ws://127.0.0.1:{server.port}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as socket:
            rerun(socket, "tr")
            size = rerun(socket, "en")
            print(f"gc {options.gc}: start {resident(server.process.pid):.0f} MB, {size} bytes a rerun", flush=True)
            times = []
            for number in range(1, options.reruns + 1):
                begin = time.perf_counter()
                rerun(socket, ("tr", "en")[(number - 1) % 2])
                times.append(time.perf_counter() - begin)
                if number % 100 == 0:
                    print(f"gc {options.gc}: {number} reruns, {resident(server.process.pid):.0f} MB, "
                          f"{1000 * statistics.median(times[-100:]):.0f} ms", flush=True)


if __name__ == "__main__":
    main()
