"""The settings as a start meets them: the shipped example, bad values in every way of starting."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config import settings
from config.env import BASE_DIR

ONLY_MAKE_RUN = {"DEMO_ROOT", "DEMO_PORT", "DEMO_AVAILABILITY", "DEMO_PICKUP"}
STARTS = (
    [sys.executable, "-c", "import config.settings"],
    [sys.executable, "manage.py", "check"],
    [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0"],
)


def start(command: list[str], **values: str) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": os.environ["PATH"], "ENV_FILE": "/dev/null"}
    return subprocess.run(
        command, cwd=BASE_DIR, env={**clean, **values}, capture_output=True, text=True, check=False, timeout=60
    )


def example() -> dict[str, str]:
    """The names in .env.example, each with the comment above it."""
    text = (BASE_DIR / ".env.example").read_text()
    found = re.findall(r"((?:^# .*\n)+)^# ([A-Z_]+)=", text, flags=re.MULTILINE)
    return {name: comment for comment, name in found}


def test_the_example_holds_every_setting_and_no_other() -> None:
    assert set(example()) == {asked.name for asked in settings.env.asked} | ONLY_MAKE_RUN


def test_the_example_tells_every_default() -> None:
    for asked in settings.env.asked:
        comment = example()[asked.name]
        if asked.default is None or asked.name in ("ALLOWED_HOSTS", "SECRET_KEY"):
            assert "needed" in comment, asked.name
        elif asked.kind == "on or off":
            assert "default o" in comment, asked.name
        elif asked.kind in ("whole number", "number") and asked.default != "":
            assert f"default {asked.default:g}" in comment, asked.name
        else:
            assert "default" in comment, asked.name


def test_only_the_key_is_needed_with_debug() -> None:
    assert start(STARTS[0], SECRET_KEY="x" * 50, DEBUG="on").returncode == 0


def test_the_hosts_are_needed_without_debug() -> None:
    refused = start(STARTS[0], SECRET_KEY="x" * 50)
    assert refused.returncode == 1
    assert "ALLOWED_HOSTS: is needed" in refused.stderr


@pytest.mark.parametrize("command", STARTS)
def test_a_bad_value_stops_every_way_of_starting_in_readable_lines(command: list[str]) -> None:
    refused = start(command, HOST_TIME_ZONE="Mars/Olympus", PORT="many")
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "HOST_TIME_ZONE", "PORT"):
        assert f"  {name}: " in refused.stderr


def test_a_write_connection_without_a_host_is_refused() -> None:
    refused = start(STARTS[0], SECRET_KEY="x", DEBUG="on", HOST_WRITE_DATABASE_URL="sqlite:////srv/host.sqlite3")
    assert "HOST_WRITE_DATABASE_URL: is of no use without HOST_DATABASE_URL" in refused.stderr


def test_audio_without_a_host_database_is_fine() -> None:
    told = start(
        [sys.executable, "-c", "from config import settings; print(settings.QUARANTINE_ROOT)"],
        SECRET_KEY="x", DEBUG="on", AUDIO_ROOT="/srv/audio/",
    )  # fmt: skip
    assert told.stdout.strip() == "/srv/audio/.quarantine"


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = start(STARTS[0], SECRET_KEY="x", DEBUG="on", DATABASE_URL=f"sqlite:///{tmp_path}/file/own.sqlite3")
    assert refused.returncode == 1
    assert refused.stderr.startswith("DATABASE_URL: the folder")
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("pickup", "named"),
    [
        ({"HOST_PICKUP": "mail"}, ["HOST_PICKUP: 'mail' is not known; use poll or webhook or celery."]),
        ({"HOST_PICKUP": "webhook"}, ["HOST_WEBHOOK_URL: is needed with", "HOST_WEBHOOK_SECRET: is needed with"]),
        ({"HOST_PICKUP": "webhook", "HOST_WEBHOOK_SECRET": "short"}, ["HOST_WEBHOOK_SECRET: it has 5 characters"]),
        ({"HOST_PICKUP": "celery"}, ["HOST_CELERY_TASK: is needed with", "HOST_BROKER_URL: is needed with"]),
    ],
)
def test_what_a_way_of_telling_the_host_needs_is_named(pickup: dict[str, str], named: list[str]) -> None:
    refused = start(STARTS[0], SECRET_KEY="x" * 50, DEBUG="on", **pickup)
    assert refused.returncode != 0
    assert [text for text in named if text not in refused.stderr] == []
