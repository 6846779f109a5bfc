"""The panel of the host's parts on the page of resources: every state in both languages, nothing watched, nothing secret."""

from __future__ import annotations

import ast
import re
import shlex
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from diagnostics import part_days, parts, sampling
from diagnostics.domain.wording.parts import PROBLEMS
from diagnostics.models import PartSample
from diagnostics.probes.parts import told
from diagnostics.snapshot import make_snapshot
from tests.diagnostics.views.pages import text_of

pytestmark = pytest.mark.django_db
TOKEN = "tok_5f1e9c7ab2d84e"
CHINESE = {"Accept-Language": "zh-hans"}


@pytest.fixture
def address() -> str:
    return reverse("diagnostics:resources")


@pytest.fixture
def watched(settings: Settings) -> None:
    settings.ENGINE_COMMAND, settings.HOST_CACHE_URL, settings.HOST_BROKER_URL = "true", "redis://c", "redis://b"


def keep(part: str, state: str, problem: str = "", **more: Any) -> None:
    now = timezone.now()
    row = {"since": now - timedelta(hours=2, minutes=5), **more}
    kept = PartSample.objects.create(part=part, at=now, state=state, problem=problem, **row)
    part_days.keep_for_page([kept], now)


def panel(client: Client, address: str, **headers: str) -> str:
    """The panel's words, tags and pictures taken away."""
    page = text_of(client, address, **headers)
    (found,) = re.findall(r'<section class="panel" id="parts".*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]*>", " ", found, flags=re.DOTALL).split())


@pytest.mark.parametrize(
    ("state", "problem", "english", "chinese"),
    [
        ("up", "", "Task queue Works", "任务队列 正常"),
        (
            "impaired",
            "no_consumers",
            "Impaired Tasks wait, and nobody takes them.",
            "有异常 有任务在等待，但没有进程领取。",
        ),
        ("down", "refused", "Down It refuses connections", "不可用 拒绝连接"),
        ("unknown", "timeout", "Unknown It did not answer in time.", "未知 没有在限定时间内响应。"),
        ("down", "of another version", "Down It does not work.", "不可用 无法工作。"),
    ],
)
@pytest.mark.usefixtures("watched")
def test_it_shows_each_state_with_its_sentence(
    eve: Client, address: str, state: str, problem: str, english: str, chinese: str
) -> None:
    keep("broker", state, problem)
    assert english in panel(eve, address)
    assert chinese in panel(eve, address, **CHINESE)


@pytest.mark.usefixtures("watched")
def test_it_shows_the_last_change_and_when_it_worked_last(eve: Client, address: str) -> None:
    keep("cache", "down", "refused", well_at=timezone.now() - timedelta(hours=2, minutes=6))
    assert "last change 2 h 5 min ago worked last 2 h 6 min ago" in panel(eve, address)
    keep("cache", "down", "refused")
    assert "never seen working" in panel(eve, address)
    keep("cache", "up")
    assert "worked last" not in panel(eve, address)
    assert "never seen working" not in panel(eve, address)


@pytest.mark.usefixtures("watched")
def test_it_shows_what_was_measured_in_its_unit(eve: Client, address: str) -> None:
    values = {
        "queue_length": 1284, "queues": "celery: 1280, long: 4", "consumers": 0, "oldest_seconds": 5700.0,
        "failed_jobs": 12, "head": "a91f", "lock_waits": 0, "took_seconds": 0.0123, "used_memory_bytes": 183_000_000,
        "evicted_keys": None, "of another version": 7,
    }  # fmt: skip
    keep("broker", "up", values=values)
    shown = panel(eve, address)
    for expected in ("waiting 1,284", "by queue celery: 1280, long: 4", "consumers 0", "oldest waits 1 h 35 min",
                     "failed jobs 12", "took 12 ms", "memory used 183 MB"):  # fmt: skip
        assert expected in shown
    for absent in ("a91f", "lock waits", "evicted", "of another version"):
        assert absent not in shown


@pytest.mark.usefixtures("watched")
def test_the_day_is_a_strip_with_a_table_as_its_twin(eve: Client, address: str) -> None:
    now = timezone.now()
    for minutes, state in ((50, "down"), (200, "unknown"), (300, "impaired")):
        at = now - timedelta(minutes=minutes)
        PartSample.objects.create(part="engine", at=at, since=at, state=state)
    keep("engine", "up")
    page = text_of(eve, address)
    (strip,) = re.findall(r'<svg class="strip".*?</svg>', page, re.DOTALL)
    bars = re.findall(r'class="bar bar-([a-z]+)"', strip)
    assert len(bars) == part_days.CELLS
    assert (bars[-1], bars[-2], bars.count("unknown"), bars.count("warning")) == ("playable", "broken", 1, 1)
    assert 'aria-label="Audio engine: the last 24 hours"' in strip
    assert re.search(r"<title>\d\d:\d\d–\d\d:\d\d: Down</title>", strip)
    shown = panel(eve, address)
    assert [shown.split("Hour from")[1].count(word) for word in ("Down", "Unknown", "Impaired")] == [1, 1, 1]
    assert "style=" not in page


def test_where_nothing_is_watched_it_says_how_to_switch_it_on(eve: Client, address: str) -> None:
    english, chinese = panel(eve, address), panel(eve, address, **CHINESE)
    assert "No part of the host is watched." in english
    assert "没有监看主系统的任何部件。" in chinese
    for name in ("ENGINE_COMMAND", "WATCH_HOST_DATABASE", "HOST_CACHE_URL", "HOST_BROKER_URL", "WATCH_AUDIO_MOUNT"):
        assert name in english


@pytest.mark.usefixtures("watched")
def test_what_was_not_asked_yet_is_said(eve: Client, address: str) -> None:
    assert "Not asked yet: Audio engine · Cache · Task queue" in panel(eve, address)
    keep("cache", "up")
    assert "Not asked yet: Audio engine · Task queue" in panel(eve, address)


@pytest.mark.usefixtures("watched")
def test_a_part_that_was_switched_off_is_gone_at_once(eve: Client, address: str, settings: Settings) -> None:
    keep("cache", "down", "refused")
    settings.HOST_CACHE_URL = ""
    shown = panel(eve, address)
    assert "Cache" not in shown
    assert "Down" not in shown


@pytest.mark.usefixtures("watched")
def test_a_new_round_answers_the_poll(eve: Client) -> None:
    url = reverse("diagnostics:resource_panels")
    keep("cache", "up")
    first = eve.get(url, headers={"HX-Request": "true"})
    again = {"HX-Request": "true", "If-None-Match": first["ETag"]}
    assert eve.get(url, headers=again).status_code == 204
    keep("cache", "down", "refused")
    answer = eve.get(url, headers=again)
    assert (answer.status_code, "Down" in answer.content.decode()) == (200, True)


def test_the_request_itself_asks_nothing(eve: Client, address: str, settings: Settings, tmp_path: Any) -> None:
    settings.ENGINE_COMMAND = shlex.join(["touch", str(tmp_path / "asked")])
    text_of(eve, address)
    assert not (tmp_path / "asked").exists()
    parts.take_part_samples(timezone.now())
    assert (tmp_path / "asked").exists()


def test_secrets_of_an_engine_are_on_no_page(eve: Client, address: str, settings: Settings) -> None:
    script = f"import sys; sys.exit('no licence: api_key={TOKEN} https://u:{TOKEN}@host/x?token={TOKEN}')"
    settings.ENGINE_COMMAND = shlex.join([sys.executable, "-c", script])
    parts.take_part_samples(timezone.now())
    shown = text_of(eve, address)
    assert "no licence" in shown
    assert TOKEN not in shown


@pytest.mark.usefixtures("watched")
def test_the_overview_names_what_is_down_or_impaired_and_nothing_else(eve: Client, settings: Settings) -> None:
    now = timezone.now()
    sampling.take_sample(now)
    rows = [_row("engine", now, "down"), _row("cache", now, "impaired"), _row("broker", now, "unknown")]
    part_days.keep_for_page(rows, now)
    make_snapshot(now)
    page = text_of(eve, reverse("diagnostics:overview"))
    assert re.search(r"Down</span> Audio engine", page)
    assert re.search(r"Impaired</span> Cache", page)
    assert "Task queue" not in page
    assert "不可用</span> 合成引擎" in text_of(eve, reverse("diagnostics:overview"), **CHINESE)
    settings.ENGINE_COMMAND = settings.HOST_CACHE_URL = ""
    make_snapshot(now + timedelta(seconds=5))
    assert "Audio engine" not in text_of(eve, reverse("diagnostics:overview"))


def _row(part: str, at: datetime, state: str) -> PartSample:
    return PartSample(part=part, at=at, state=state, since=at)


def _problems() -> Iterator[str]:
    """The problems that the probes' own code names where it says how a part stands."""
    for path in Path(told.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            place = {"PartTold": 1, "NoAnswer": 0}.get(name)
            if place is not None and isinstance(node, ast.Call) and len(node.args) > place:
                problem = node.args[place]
                if isinstance(problem, ast.Constant) and problem.value:
                    yield str(problem.value)


def test_every_problem_that_the_probes_name_has_a_sentence() -> None:
    named = set(_problems())
    assert {"refused", "exit_code", "not_mounted", "locked"} <= named
    known = {code.rpartition(".")[2] for code in PROBLEMS}
    assert named - known - set(parts.NOT_ASKED) == set()
