"""A receiver of webhooks, and a sender that begins each test with nothing under way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.servers.hook_receiver import Receiver, hook_receiver
from tests.sessions_admin.alerting.desk import nothing_left_under_way


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with hook_receiver() as receiver:
        yield receiver


@pytest.fixture(autouse=True)
def afresh(settings: Settings) -> Iterator[None]:
    settings.DASHBOARD_URL = "https://desk.example.com"
    with nothing_left_under_way():
        yield
