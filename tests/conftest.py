"""What holds for every test."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from tests.browser.driver import browse
from tests.spark.cluster import Cluster, Missing, running

# how long an example takes says more of the machine; the same examples in every run, new ones where more are asked for
settings.register_profile("any machine", deadline=None, suppress_health_check=list(HealthCheck),
                          derandomize="CX_EXAMPLES" not in os.environ)
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests of a worker: a second one cannot be started beside it."""
    with browse() as browser:
        yield browser


# --- Apache Spark, for those tests that ask for a cluster ---

_WITHOUT_SPARK = "no Spark cluster: "


def pytest_itemcollected(item: pytest.Item) -> None:
    """All tests on the cluster run in one worker, which starts it once."""
    if "cluster" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.xdist_group("spark"))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A master, two workers and a Connect server on loopback."""
    try:
        with running(tmp_path_factory.mktemp("spark")) as cluster:
            yield cluster
    except Missing as reason:
        pytest.skip(_WITHOUT_SPARK + str(reason))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [each for each in terminalreporter.stats.get("skipped", ()) if _WITHOUT_SPARK in str(each.longrepr)]
    if skipped:
        terminalreporter.section("NOT TESTED: Apache Spark", sep="!", red=True, bold=True)
        reason = str(skipped[0].longrepr[2]).partition(_WITHOUT_SPARK)[2]
        terminalreporter.line(f"{len(skipped)} tests of the second engine did not run. {reason}")
