"""Rows are held against settings and rules, too: where those change, what was concluded by them is concluded again."""

from __future__ import annotations

from datetime import datetime

import pytest
from pytest_django import Settings

from diagnostics import ledger
from diagnostics.domain.facts import AudioFacts
from diagnostics.models import Ending
from diagnostics.probes import local_store
from diagnostics.reconcile import basis
from tests.reconcile.scene import Scene

pytestmark = pytest.mark.django_db


def test_a_corrected_time_zone_ends_what_the_wrong_one_said(scene: Scene, settings: Settings) -> None:
    settings.HOST_TIME_ZONE = "America/Los_Angeles"
    scene.session(1)
    scene.run()
    assert scene.codes(1) == {"record.time_disorder", "file.predates_session"} & scene.codes(1) | {
        "record.time_disorder"
    }
    settings.HOST_TIME_ZONE = "UTC"
    row = scene.run()
    assert (scene.codes(1), row.changed) == (set(), 1)
    assert scene.run().changed == 0


def test_a_corrected_url_prefix_finds_the_files(scene: Scene, settings: Settings) -> None:
    settings.AUDIO_URL_PREFIX = "/wrong/"
    scene.session(1)
    scene.run()
    assert scene.entry(1).verdict == "broken"
    settings.AUDIO_URL_PREFIX = "/static/generated_music/long_sequences/"
    scene.run()
    assert scene.entry(1).verdict == "playable"


def test_a_new_reader_of_headers_reads_each_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.session(1)
    scene.run()
    read: list[str] = []
    real = local_store.look_at

    def look_at(root: str, path: str, now: datetime, *, with_header: bool = True) -> AudioFacts:
        read.append(path)
        return real(root, path, now, with_header=with_header)

    monkeypatch.setattr(local_store, "look_at", look_at)
    scene.run(everything=True, sink=lambda _: None)
    assert read == []
    monkeypatch.setattr(ledger, "header_stamp", lambda: "another version")
    scene.run(everything=True, sink=lambda _: None)
    assert read == [scene.name(1)]


def test_new_rules_look_at_every_session_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.session(1)
    scene.run()
    assert scene.run().changed == 0
    monkeypatch.setattr(basis, "_rules", lambda: b"another version")
    assert scene.run().changed == 1


def test_an_index_of_a_version_without_endings_gets_them_then(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.session(1)
    scene.failed(2)
    scene.run()
    Ending.objects.all().delete()
    monkeypatch.setattr(basis, "_rules", lambda: b"another version")
    scene.run()
    kept = Ending.objects.order_by("session__key").values_list("session__key", "kind", "is_playable")
    assert list(kept) == [("1", "completed", True), ("2", "failed", False)]
