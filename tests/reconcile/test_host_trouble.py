"""The host's database down, locked, slow, without its table or a column: said, and everything known is kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from diagnostics.models import Pass
from tests.host_database import TABLE
from tests.reconcile.scene import Scene, observed

pytestmark = pytest.mark.django_db
Trouble = Callable[[Scene, Settings], object]


@pytest.fixture
def peopled(scene: Scene, settings: Settings) -> Scene:
    settings.HOST_QUERY_SECONDS = 0.3
    for key in (1, 2, 3):
        scene.session(key)
    scene.failed(4)
    scene.run()
    return scene


@contextmanager
def gone(scene: Scene, _: Settings) -> Iterator[None]:
    path = Path(scene.host.url.removeprefix("sqlite:///"))
    path.rename(path.with_suffix(".away"))
    yield
    path.with_suffix(".away").rename(path)


@contextmanager
def locked(scene: Scene, _: Settings) -> Iterator[None]:
    connection = sqlite3.connect(scene.host.url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    yield
    connection.close()


@contextmanager
def unreachable(_: Scene, settings: Settings) -> Iterator[None]:
    url, settings.HOST_DATABASE_URL = settings.HOST_DATABASE_URL, "postgres://nobody@127.0.0.1:1/nothing"
    yield
    settings.HOST_DATABASE_URL = url


@contextmanager
def slow(scene: Scene, _: Settings) -> Iterator[None]:
    scene.host.run(f"ALTER TABLE {TABLE} RENAME TO kept")
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n"
    scene.host.run(f"CREATE VIEW {TABLE} AS SELECT * FROM kept WHERE session_id > ({endless})")
    yield
    scene.host.run(f"DROP VIEW {TABLE}")
    scene.host.run(f"ALTER TABLE kept RENAME TO {TABLE}")


@contextmanager
def damaged(scene: Scene, settings: Settings) -> Iterator[None]:
    url = settings.HOST_DATABASE_URL
    (scene.root.parent / "broken.sqlite3").write_bytes(b"this is no database at all" * 100)
    settings.HOST_DATABASE_URL = f"sqlite:///{scene.root.parent}/broken.sqlite3"
    yield
    settings.HOST_DATABASE_URL = url


@contextmanager
def without_its_table(scene: Scene, _: Settings) -> Iterator[None]:
    scene.host.run(f"ALTER TABLE {TABLE} RENAME TO elsewhere")
    yield
    scene.host.run(f"ALTER TABLE elsewhere RENAME TO {TABLE}")


@contextmanager
def without_a_needed_column(scene: Scene, _: Settings) -> Iterator[None]:
    scene.host.run(f"ALTER TABLE {TABLE} RENAME COLUMN status TO state")
    yield
    scene.host.run(f"ALTER TABLE {TABLE} RENAME COLUMN state TO status")


TROUBLES = [gone, locked, unreachable, slow, damaged]


@pytest.mark.parametrize(
    ("trouble", "condition"),
    [(trouble, "host.unavailable") for trouble in TROUBLES]
    + [(without_its_table, "host.schema"), (without_a_needed_column, "host.schema")],
)
def test_the_pass_says_what_it_could_not_read_and_keeps_what_is_known(
    peopled: Scene, settings: Settings, trouble: Trouble, condition: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = observed()
    with trouble(peopled, settings):  # type: ignore[attr-defined]
        with pytest.raises(SystemExit) as caught:
            call_command("reconcile", "--wait", "1")
        assert caught.value.code == 1
        row = Pass.objects.latest("id")
    assert (row.outcome, peopled.conditions(), bool(row.error)) == ("failed", {condition}, True)
    assert {**observed(), "conditions": []} == before
    assert "not complete" in capsys.readouterr().out
    peopled.host.update(1, final_file_size=3)
    row = peopled.run()
    assert (row.outcome, peopled.conditions(), peopled.cause(1)) == ("complete", set(), "file.size_mismatch")


def test_files_that_went_meanwhile_are_found_by_the_next_complete_pass(peopled: Scene, settings: Settings) -> None:
    (peopled.root / peopled.name(2)).unlink()
    with gone(peopled, settings):
        peopled.run()
        assert peopled.cause(2) == ""
    peopled.run()
    assert peopled.cause(2) == "file.deleted"


def test_a_missing_column_is_noted_and_one_of_the_two_durations_is_enough(peopled: Scene) -> None:
    assert Pass.objects.latest("id").notes == []
    peopled.host.run(f"ALTER TABLE {TABLE} DROP COLUMN scene_id")
    peopled.host.run(f"ALTER TABLE {TABLE} DROP COLUMN total_duration_minutes")
    row = peopled.run()
    assert [note.split(":")[0] for note in row.notes] == [
        "no column duration_seconds", "no column scene_id", "no column total_duration_minutes"
    ]  # fmt: skip
    assert row.outcome == "complete"
