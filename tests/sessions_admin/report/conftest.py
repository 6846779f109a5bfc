"""The report's tests are set in Shanghai, with a mail server named and a dashboard that has an address."""

from __future__ import annotations

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def in_shanghai(settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"
    settings.SMTP_URL, settings.MAIL_FROM = "smtp://127.0.0.1:25", "diagnostics@example.com"
    settings.DASHBOARD_URL = "https://dashboard.example.com/"
    settings.ENVIRONMENT_NAME = ""
