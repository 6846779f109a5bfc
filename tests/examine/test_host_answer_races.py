"""Rows that change while the host's API is asked, and APIs that lag behind: none of that is a disagreement."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from tests.api_host import ApiHost, Reply, as_json, told
from tests.examine.asked import CODE, check, finding, quickly, replies, row, told_of
from tests.host_database import TABLE
from tests.reconcile.scene import PREFIX, Scene

pytestmark = pytest.mark.django_db


def test_an_api_that_lags_behind_for_a_moment_is_no_disagreement(asked: Scene, api: ApiHost) -> None:
    replies(api, row(asked, status="generating"), row(asked))
    found = quickly()
    assert (finding(found), check(found).result, found.problems) == (None, "ok", ())
    assert len(api.asked) == 2


def test_a_row_that_changes_while_the_api_is_asked_is_no_disagreement(asked: Scene, api: ApiHost) -> None:
    """The row is read, the worker finishes, the API answers: both were right."""

    def finish(_path: str) -> Reply:
        asked.host.update(2, status="completed", final_file_path=f"{PREFIX}x.wav")
        return told(status="completed", final_file_path=f"{PREFIX}x.wav")

    api.reply = finish
    found = quickly("2")
    assert found.evidence is not None
    assert (found.evidence.record.status, finding(found)) == ("generating", None)
    assert (check(found).result, check(found).why, found.problems) == ("not_checked", "row_changed", ())


def test_a_row_that_changes_at_the_second_question_is_no_disagreement(asked: Scene, api: ApiHost) -> None:
    """The first answer came out of a cache, the second is the new row's."""
    left = [told(status="pending")]

    def answer(_path: str) -> Reply:
        if left:
            return left.pop()
        asked.host.update(2, status="failed")
        return told(status="failed")

    api.reply = answer
    found = quickly("2")
    assert (finding(found), check(found).why, len(api.asked)) == (None, "row_changed", 2)


def test_a_row_that_goes_while_the_api_is_asked_is_no_disagreement(asked: Scene, api: ApiHost) -> None:
    def delete(_path: str) -> Reply:
        asked.host.run(f"DELETE FROM {TABLE} WHERE session_id = ?", 1)
        return as_json({"success": False}, 404)

    api.reply = delete
    assert (finding(found := quickly()), check(found).why) == (None, "row_changed")


def test_a_row_that_cannot_be_read_once_more_is_no_disagreement(asked: Scene, api: ApiHost) -> None:
    def drop(_path: str) -> Reply:
        asked.host.run(f"DROP TABLE IF EXISTS {TABLE}")
        return told(status="generating")

    api.reply = drop
    assert (finding(found := quickly()), check(found).why) == (None, "row_changed")


def test_progress_made_meanwhile_hides_no_disagreement(asked: Scene, api: ApiHost) -> None:
    def work(_path: str) -> Reply:
        asked.host.update(2, progress_percentage=11, updated_at=asked.text())
        return told(status="failed")

    api.reply = work
    assert finding(quickly("2")) is not None


@pytest.mark.databases
def test_the_row_is_read_anew_on_each_engine(scene_on_each_engine: Scene, api: ApiHost, settings: Settings) -> None:
    scene, settings.HOST_API_URL = scene_on_each_engine, api.url
    scene.now = timezone.now().replace(microsecond=0)
    scene.pending(2, ago=timedelta(minutes=2), status="generating", progress=10)
    replies(api, told(status="completed"))
    assert finding(quickly("2")) is not None

    def finish(_path: str) -> Reply:
        scene.host.update(2, status="completed")
        return told(status="completed")

    api.reply = finish
    assert (finding(found := quickly("2")), check(found).why) == (None, "row_changed")


def test_a_second_question_that_is_not_answered_leaves_the_first(asked: Scene, api: ApiHost) -> None:
    replies(api, row(asked, status="generating"), Reply(b"", 503))
    found = quickly()
    assert (told_of(found), found.problems) == (("broken", CODE), ())
