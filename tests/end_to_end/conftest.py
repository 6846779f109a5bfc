"""The demo host that the tests of a file share; each of them leaves it mended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.end_to_end.demo_host import DemoHost, set_up

SESSIONS = 60


@pytest.fixture(scope="module")
def demo_host() -> Iterator[DemoHost]:
    with set_up(SESSIONS) as host:
        yield host


@pytest.fixture
def host(demo_host: DemoHost, settings: Settings) -> Iterator[DemoHost]:
    """The demo host, with the dashboard pointed at it; whatever the test broke is mended behind it."""
    demo_host.connect_dashboard(settings)
    yield demo_host
    demo_host.mend()
