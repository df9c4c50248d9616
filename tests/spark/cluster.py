"""A real Spark cluster on loopback: a master, two workers and the Connect server, as processes of their own.

Spark comes from the `pyspark` package (Apache-2.0), in a folder of its own, since the light client that the project
uses is a package of the same name. It needs Java 17 or newer.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

VERSION = "4.2.0"
ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".cache" / f"spark-{VERSION}"
WORKERS = 2
_JAVA = 17
_QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # for processes that live for minutes: half the processor time
_COMPILED = {"spark.sql.codegen.wholeStage": "true", "spark.sql.codegen.factoryMode": "FALLBACK"}
_INTERPRETED = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}
# to compile an expression costs more than tables as small as those of tests take
_PATIENCE = 180  # seconds until a process that was started must answer


class Missing(Exception):
    """The cluster cannot be had on this machine; says why."""


class _Started(NamedTuple):
    process: subprocess.Popen[bytes]
    log: Path
    ready: str


@dataclass
class Cluster:
    """Running processes. `url` is where the Connect server listens (sc://127.0.0.1:port)."""

    url: str
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def kill_worker(self) -> None:
        """Kill a worker that lives, and the executor it runs, without warning, as when a machine dies."""
        name = next(name for name in self.processes if name.startswith("worker"))
        _kill_all(self.processes.pop(name), signal.SIGKILL)

    def add_worker(self) -> None:
        """Start a worker in the place of one that was killed."""
        number = next(each for each in range(1, 100) if not (self.folder / f"worker-{each}.log").exists())
        _until(_worker(self, number))

    def kill_server(self) -> None:
        """Kill the Connect server without warning; what it held of sessions is gone."""
        _kill_all(self.processes.pop("connect"), signal.SIGKILL)

    def start_server(self) -> None:
        """Start it again, at the same address."""
        _until(_server(self))

    def stop(self) -> None:
        for name in sorted(self.processes, key=_ending):
            _kill_all(self.processes[name], signal.SIGTERM)
        self.processes.clear()


def start(folder: Path) -> Cluster:
    """A cluster whose logs and scratch files are in the folder. Raises Missing, with the reason."""
    java()
    home()
    (folder / "conf").mkdir(parents=True)
    cluster = Cluster("", folder)
    try:
        port = _free_port()
        _until(_run(cluster, "master", ["spark-class", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1",
                                 "--port", str(port), "--webui-port", "0"], "Starting Spark master at"))
        (folder / "master").write_text(f"spark://127.0.0.1:{port}")
        waits = [_worker(cluster, number) for number in range(1, WORKERS + 1)]
        cluster.url = f"sc://127.0.0.1:{_free_port()}"
        waits.append(_server(cluster))
        for wait in waits:
            _until(wait)
    except BaseException:
        cluster.stop()
        raise
    return cluster


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """A cluster until the end of the block."""
    cluster = start(folder)
    try:
        yield cluster
    finally:
        cluster.stop()


@contextlib.contextmanager
def local(folder: Path, cores: int, memory: str, settings: Mapping[str, str]) -> Iterator[Cluster]:
    """One process that is master, worker and Connect server, as benchmarks use it: compiled, with so much memory."""
    java()
    home()
    (folder / "conf").mkdir(parents=True)
    cluster = Cluster(f"sc://127.0.0.1:{_free_port()}", folder)
    (folder / "master").write_text(f"local[{cores}]")
    try:
        _until(_server(cluster, {**settings, **_COMPILED}, {"SPARK_DAEMON_MEMORY": memory, "JDK_JAVA_OPTIONS": ""}))
        yield cluster
    finally:
        cluster.stop()


def java() -> None:
    """See that Java is there, or install Debian's. Raises Missing."""
    if _java_version() >= _JAVA:
        return
    tried = []
    for command in _debian():
        print(f"installing Java: {' '.join(command)}", flush=True)
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        if done.returncode:
            tried.append((done.stderr or done.stdout).strip()[-400:])
            break
    if _java_version() < _JAVA:
        raise Missing(f"Apache Spark needs Java {_JAVA} or newer; none was found, and none could be installed. "
                      "Install one (Debian: openjdk-17-jre-headless), or set JAVA_HOME. " + "\n".join(tried))


def home() -> Path:
    """The folder of Spark, filled at the first call (a download of 450 MB). Raises Missing.

    CX_TEST_SPARK names a folder that holds the package `pyspark` already.
    """
    given = Path(os.environ.get("CX_TEST_SPARK", HOME))
    if (given / "pyspark" / "bin" / "spark-class").exists():
        return given / "pyspark"
    print(f"installing Spark {VERSION} into {given} (450 MB, the first time)", flush=True)
    fresh = given.with_name(f"{given.name}.{os.getpid()}")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
               "--no-compile", "--target", str(fresh), f"pyspark=={VERSION}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
        if done.returncode:
            raise Missing(f"Apache Spark could not be installed ({' '.join(command)}): {done.stderr.strip()[-400:]}")
        with contextlib.suppress(OSError):  # another worker of the tests was quicker
            fresh.rename(given)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return given / "pyspark"


def _server(cluster: Cluster, more: Mapping[str, str] = {}, environment: Mapping[str, str] = {}) -> _Started:
    settings = {
        "spark.master": (cluster.folder / "master").read_text(), "spark.ui.enabled": "false",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": cluster.url.rpartition(":")[2],
        "spark.executor.memory": "700m", "spark.executor.cores": "1", "spark.cores.max": str(WORKERS),
        "spark.sql.shuffle.partitions": "2", "spark.sql.warehouse.dir": str(cluster.folder / "warehouse"),
        "spark.local.dir": str(cluster.folder / "scratch"), "spark.sql.catalogImplementation": "in-memory",
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
        **_INTERPRETED, **more}
    options = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    return _run(cluster, "connect", ["spark-submit", *options, "--class",
                                     "org.apache.spark.sql.connect.service.SparkConnectServer", "--name", "cx tests",
                                     "spark-internal"], "Spark Connect server started at", environment)


def _worker(cluster: Cluster, number: int) -> _Started:
    return _run(cluster, f"worker-{number}",
         ["spark-class", "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1",
          "--memory", "800m", "--webui-port", "0", "--work-dir", str(cluster.folder / f"work-{number}"),
          (cluster.folder / "master").read_text()], "Successfully registered with master")


def _run(cluster: Cluster, name: str, command: list[str], ready: str, more: Mapping[str, str] = {}) -> _Started:
    """Start a process of Spark's; `_until` waits for what its log says when it is ready."""
    spark = home()
    log = cluster.folder / f"{name}.log"
    environment = {**os.environ, "SPARK_HOME": str(spark), "SPARK_LOCAL_IP": "127.0.0.1",
                   "SPARK_DAEMON_MEMORY": "1g" if name == "connect" else "192m", "PYSPARK_PYTHON": sys.executable,
                   "SPARK_LOCAL_DIRS": str(cluster.folder / "scratch"), "SPARK_CONF_DIR": str(cluster.folder / "conf"),
                   "PYTHONPATH": str(spark.parent), "JDK_JAVA_OPTIONS": _QUICK,
                   **more}
    with log.open("wb") as out:
        process = subprocess.Popen([str(spark / "bin" / command[0]), *command[1:]], stdout=out, stderr=out,
                                   stdin=subprocess.DEVNULL, env=environment, cwd=cluster.folder,
                                   start_new_session=True, preexec_fn=_end_with_us)
    cluster.processes[name] = process
    return _Started(process, log, ready)


def _until(started: _Started) -> None:
    until = time.monotonic() + _PATIENCE
    while started.ready not in (said := started.log.read_text(errors="replace")):
        if started.process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"Spark's {started.log.stem} did not start: {said[-2000:]}")
        time.sleep(0.1)


def _end_with_us() -> None:
    """A child whose tests were killed ends too (on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _kill_all(process: subprocess.Popen[bytes], by: int) -> None:
    """End a process and what it started: executors are the children of their worker, in its session."""
    started = children(process.pid)
    for pid in (process.pid, *started):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, by)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=20)
    for pid in (process.pid, *started):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def children(pid: int) -> list[int]:
    """Processes that a process started, and theirs."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    direct = [int(each) for each in found.stdout.split()]
    return [*direct, *(deeper for each in direct for deeper in children(each))]


def _ending(name: str) -> int:
    return ("c", "w", "m").index(name[0])


def _java_version() -> int:
    place = os.environ.get("JAVA_HOME")
    program = str(Path(place) / "bin" / "java") if place else shutil.which("java")
    if not program:
        return 0
    try:
        said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    except OSError:  # JAVA_HOME names a folder without it
        return 0
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


def _debian() -> list[list[str]]:
    if not shutil.which("apt-get"):
        return []
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    return [[*root, "apt-get", "update", "-q"],
            [*root, "apt-get", "install", "-y", "-q", "--no-install-recommends", "openjdk-17-jre-headless"]]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
