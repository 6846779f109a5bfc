"""A scene whose audio another user reads: what the pass, the live examination and the kernel say of that user's rights."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytest_django import Settings

from diagnostics.domain.chain import Check, chain
from diagnostics.examine import examine
from diagnostics.models import Finding
from tests.another_user import open_folder, succeeds, told_by
from tests.host_database import made_on
from tests.reconcile.scene import PREFIX, Scene

NOBODY = pwd.getpwnam("nobody")


@contextmanager
def readers_scene(settings: Settings) -> Iterator[Scene]:
    """A host whose audio every user may reach: session 1 in the root, 2 and 3 in day/hour, 4 beside them in day."""
    settings.READING_USER = "nobody"
    with open_folder() as folder, made_on("sqlite", folder) as database:
        database.create_table()
        root = folder / "audio"
        root.mkdir()
        settings.HOST_DATABASE_URL, settings.AUDIO_ROOT = database.url, str(root)
        found = Scene(database, root)
        found.session(1)
        for key, where in ((2, "day/hour"), (3, "day/hour"), (4, "day")):
            found.row(key, final_file_path=f"{PREFIX}{where}/{found.name(key)}")
            found.file(found.name(key), folder=where)
        found.run()
        yield found


def path_of(scene: Scene, key: int) -> Path:
    return scene.root / {1: "", 2: "day/hour", 3: "day/hour", 4: "day"}[key] / scene.name(key)


def causes(scene: Scene) -> dict[int, str]:
    """What the pass says of each session; the live examination must say the same."""
    found = {key: scene.cause(key) for key in range(1, 5)}
    for key, cause in found.items():
        diagnosis = examine(str(key), clock=lambda: scene.now).diagnosis
        assert diagnosis is not None
        assert (diagnosis.cause or "") == cause, key
        assert {finding.code for finding in diagnosis.findings} == scene.codes(key)
    return found


def assert_the_kernel_agrees(scene: Scene, told: dict[int, str]) -> None:
    if os.geteuid() != 0:
        return
    groups = os.getgrouplist("nobody", NOBODY.pw_gid)
    paths = [str(path_of(scene, key)) for key in told]
    reads = told_by(NOBODY.pw_uid, NOBODY.pw_gid, groups, lambda: [succeeds("read", path) for path in paths])
    assert reads == [cause != "file.unreadable" for cause in told.values()]


def evidence_of(key: int) -> dict[str, str]:
    finding = Finding.objects.get(session__key=str(key), resolved_at=None, code="file.unreadable")
    return {line["fact"]: line["value"] for line in finding.evidence}


def check(scene: Scene, key: int, name: str) -> Check:
    found = examine(str(key), clock=lambda: scene.now)
    assert found.evidence is not None
    assert found.diagnosis is not None
    steps = chain(found.evidence, found.diagnosis)
    return next(check for step in steps for check in step.checks if check.name == name)
