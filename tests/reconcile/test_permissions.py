"""What permissions hide from the pass: run by an unprivileged user, in a process of its own, since root sees all."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from pytest_django import Settings

from diagnostics.models import LedgerFile, Pass
from tests.another_user import NOBODY
from tests.reconcile.scene import PREFIX, Scene, observed, scene_for_everybody

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_scene(db: None, settings: Settings) -> Iterator[Scene]:
    """A scene that everybody may read: below a folder that is not root's own, as pytest's are."""
    with scene_for_everybody(settings) as scene:
        _people(scene)
        scene.run()
        yield scene


def _people(scene: Scene) -> None:
    scene.session(1)
    for key in (2, 3):
        scene.row(key, final_file_path=f"{PREFIX}sub/{scene.name(key)}")
        scene.file(scene.name(key), folder="sub")
    scene.file(scene.name(4), folder="sub")
    scene.row(4, final_file_path=f"{PREFIX}{scene.name(4)}")


def by_nobody(scene: Scene) -> dict[str, Any]:
    """Run a pass as nobody in a child; our database, which is in memory here, is a copy there. Return what it saw."""
    scene.later(minutes=2)
    reading, writing = os.pipe()
    ours = connections["default"]
    child = os.fork()
    if child == 0:
        connections["default"] = ours  # a browser's event loop in this process would hide it from the child
        told = _in_the_child(lambda: _pass(scene))
        os.write(writing, told.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        told = answer.read()
    os.waitpid(child, 0)
    found: dict[str, Any] = json.loads(told)
    assert "crash" not in found, found["crash"]
    return found


def _in_the_child(run: Callable[[], dict[str, object]]) -> str:
    try:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        return json.dumps(run(), default=str)
    except BaseException:
        return json.dumps({"crash": traceback.format_exc()})


def _pass(scene: Scene) -> dict[str, object]:
    row = scene.run()
    causes = {key: scene.cause(key) for key in range(1, 5)}
    gone = list(LedgerFile.objects.exclude(missed_at=None).values_list("shown_path", flat=True))
    return {
        "outcome": row.outcome,
        "conditions": row.conditions,
        "errors": row.listing_errors,
        "causes": causes,
        "codes": {key: sorted(scene.codes(key)) for key in range(1, 5)},
        "gone": gone,
        "evidence": _evidence(scene),
        "observed": observed(),
    }


def _evidence(scene: Scene) -> list[str]:
    from diagnostics.models import Finding

    found = Finding.objects.filter(code="file.unreadable", resolved_at=None)
    return [line["value"] for finding in found for line in finding.evidence]


def test_a_root_that_cannot_be_read_is_unavailable(open_scene: Scene) -> None:
    open_scene.root.chmod(0o700)
    found = by_nobody(open_scene)
    [condition] = found["conditions"]
    assert (found["outcome"], condition["code"], condition["detail"]["problem"]) == (
        "complete", "storage.unavailable", "unreadable"
    )  # fmt: skip
    assert set(found["causes"].values()) == {"storage.unavailable"}
    assert found["gone"] == []


def test_a_folder_that_cannot_be_entered_hides_its_files_and_loses_none(open_scene: Scene) -> None:
    (open_scene.root / "sub").chmod(0o700)
    found = by_nobody(open_scene)
    assert found["errors"] == [["sub", "EACCES"]]
    assert [condition["code"] for condition in found["conditions"]] == ["storage.listing_incomplete"]
    assert found["gone"] == []
    assert {key: found["causes"][key] for key in "123"} == {"1": "", "2": "file.unreadable", "3": "file.unreadable"}
    assert found["causes"]["4"] in ("file.misplaced", "file.never_written")
    assert "sub (owner root, mode drwx------)" in found["evidence"][0]


def test_a_folder_that_can_be_entered_but_not_listed_is_decided_normally(open_scene: Scene) -> None:
    (open_scene.root / "sub").chmod(0o711)
    (open_scene.root / "sub" / open_scene.name(3)).unlink()
    found = by_nobody(open_scene)
    assert [condition["code"] for condition in found["conditions"]] == ["storage.listing_incomplete"]
    assert (found["causes"]["2"], found["causes"]["3"]) == ("", "file.deleted")


def test_a_file_that_cannot_be_read_is_unreadable(open_scene: Scene) -> None:
    (open_scene.root / open_scene.name(1)).chmod(0o600)
    found = by_nobody(open_scene)
    assert (found["causes"]["1"], found["conditions"]) == ("file.unreadable", [])
    assert f"{open_scene.name(1)} (owner root, mode -rw-------)" in found["evidence"][0]


def test_what_was_hidden_is_as_before_once_it_can_be_seen(open_scene: Scene) -> None:
    before = observed()
    (open_scene.root / "sub").chmod(0o700)
    (open_scene.root / "sub").chmod(0o755)
    row = open_scene.run()
    assert (observed(), row.conditions, Pass.objects.count()) == (before, [], 2)
