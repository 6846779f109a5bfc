"""Bytes that are no UTF-8, in names, paths, texts and ids."""

from __future__ import annotations

import json
import os

import pytest

from diagnostics.examine import examine
from diagnostics.models import LedgerFile
from tests.host_database import TABLE
from tests.reconcile.scene import PREFIX, Scene, wav_bytes

pytestmark = pytest.mark.django_db
NAME = b"long_sequence_5_\xff\xfe_20261101.wav"


def as_text(raw: bytes) -> str:
    return f"CAST(x'{raw.hex()}' AS TEXT)"


@pytest.fixture
def odd(scene: Scene) -> Scene:
    """A session whose file's name is no UTF-8, as its row says it; the file is there."""
    scene.session(1)
    scene.row(5)
    scene.host.run(f"UPDATE {TABLE} SET final_file_path = {as_text(PREFIX.encode() + NAME)} WHERE session_id = 5")
    path = os.fsencode(scene.root) + b"/" + NAME
    with open(path, "wb") as file:
        file.write(wav_bytes())
    stamp = scene.now.timestamp() - 7200
    os.utime(path, (stamp, stamp))
    return scene


def test_a_file_is_found_by_its_bytes(odd: Scene) -> None:
    odd.run()
    assert (odd.entry(5).verdict, odd.codes(5)) == ("playable", {"path.bad_name"})
    assert LedgerFile.objects.filter(shown_path="long_sequence_5_\\xff\\xfe_20261101.wav").exists()
    found = examine("5")
    assert found.diagnosis is not None
    assert found.diagnosis.verdict == "playable"


def test_a_file_that_goes_is_named_so_that_anything_can_hold_it(odd: Scene) -> None:
    odd.run()
    os.unlink(os.fsencode(odd.root) + b"/" + NAME)
    told: list[dict[str, object]] = []
    odd.run(sink=told.append)
    assert odd.cause(5) == "file.deleted"
    text = json.dumps(told, ensure_ascii=False)
    assert "\\\\xff" in text
    text.encode()  # no lone surrogates: every consumer can read it


def test_texts_and_keys_that_are_no_utf8_are_shown_with_escapes(scene: Scene) -> None:
    columns = "session_id, status, user_id, error_message, final_file_path, created_at, updated_at"
    values = ", ".join(as_text(raw) for raw in (b"\xe4\xb8", b"failed\xff", b"u\xff", b"Error \xff\xfe", b"\xff/\xfe"))
    scene.host.run(f"DROP TABLE {TABLE}")
    scene.host.run(f"CREATE TABLE {TABLE} ({columns.replace('session_id', 'session_id TEXT PRIMARY KEY', 1)})")
    scene.host.run(f"INSERT INTO {TABLE} ({columns}) VALUES ({values}, NULL, NULL)")
    told: list[dict[str, object]] = []
    row = scene.run(sink=told.append)
    assert (row.outcome, [line["session_id"] for line in told]) == ("complete", ["\\xe4\\xb8"])
    assert scene.cause("\\xe4\\xb8") == "record.unknown_status"
    json.dumps(told, ensure_ascii=False).encode()
    assert scene.run().changed == 0
    assert examine("\\xe4\\xb8").diagnosis is not None


def test_names_of_every_kind_are_listed(scene: Scene) -> None:
    names = [b"new\nline.wav", b"<script>.wav", b"=cmd().wav", b"\xff", b" ", b"a" * 255, "é.wav".encode(), b"%2e%2e"]
    for name in names:
        with open(os.fsencode(scene.root) + b"/" + name, "wb") as file:
            file.write(b"x")
    scene.session(1)
    row = scene.run()
    assert (row.outcome, row.files, row.foreign_files) == ("complete", len(names) + 1, len(names))
    assert {bytes(path) for path in LedgerFile.objects.values_list("path", flat=True)} >= set(names)
