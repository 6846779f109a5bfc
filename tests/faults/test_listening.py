"""The worker listens to what is new, within its budget, the newest first, and is held up by nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from diagnostics.domain.sound import SoundFacts
from diagnostics.models import Condition, Sound
from diagnostics.probes import hearing
from tests.corpus.wavs import WHOLE
from tests.faults.silences import check, examined, heard, path_of
from tests.reconcile.scene import Scene

pytestmark = pytest.mark.django_db


def test_each_is_heard_once(peopled: Scene) -> None:
    peopled.run()
    assert (heard(peopled), heard(peopled)) == (2, 0)


def test_a_round_keeps_to_its_budget_and_takes_the_newest_first(
    peopled: Scene, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    peopled.file(peopled.name(2), WHOLE, ago=timedelta(hours=1))
    peopled.row(3)
    peopled.file(peopled.name(3), WHOLE, ago=timedelta(days=30))
    peopled.run()
    settings.LISTEN_MEGABYTES = 0
    assert heard(peopled) == 0
    settings.LISTEN_MEGABYTES = 1
    told: list[str] = []

    def hear(_root: str, path: str, *_: object, **__: object) -> hearing.Heard:
        told.append(path)
        return hearing.Heard(SoundFacts(bytes_read=10**6), (1, 1, 1))

    with monkeypatch.context() as patched:
        patched.setattr(hearing, "hear", hear)  # a real file of a megabyte would tell no more
        heard(peopled)
    assert told == [peopled.name(2)]
    Sound.objects.all().delete()
    settings.LISTEN_MEGABYTES = 256
    assert heard(peopled) == 2  # one of a month ago is none of the recent


def test_only_what_plays_is_listened_to(peopled: Scene) -> None:
    peopled.host.update(1, final_file_size=5)
    peopled.failed(3)
    peopled.file(peopled.name(3), WHOLE)
    peopled.file("long_sequence_9_20261101_101500.wav", WHOLE)
    (peopled.root / peopled.name(2)).write_bytes(WHOLE[:-9])
    peopled.run()
    assert heard(peopled) == 0
    assert Sound.objects.count() == 0


def test_an_unavailable_store_is_left_alone(peopled: Scene) -> None:
    peopled.run()
    now = peopled.now
    Condition.objects.create(code="storage.unavailable", opened_at=now, seen_at=now)
    assert heard(peopled) == 0


def test_what_goes_or_changes_before_it_is_heard_is_no_fault(peopled: Scene) -> None:
    peopled.run()
    path_of(peopled, 1).unlink()
    path_of(peopled, 2).write_bytes(WHOLE[:-9])
    assert heard(peopled) == 0
    peopled.run()
    assert (peopled.cause(1), peopled.cause(2)) == ("file.deleted", "file.truncated")


def test_one_that_gets_no_answer_ends_the_round_and_holds_up_no_other(
    peopled: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    peopled.file(peopled.name(2), WHOLE, ago=timedelta(hours=1))
    peopled.run()
    real = hearing.hear

    def hanging(root: str, path: str, *rest: object, **options: object) -> hearing.Heard:
        if path == peopled.name(2):
            return hearing.Heard(SoundFacts(problem="no_answer"))
        return real(root, path, *rest, **options)  # type: ignore[arg-type]  # as it was called

    with monkeypatch.context() as patched:
        patched.setattr(hearing, "hear", hanging)
        assert (heard(peopled), heard(peopled), heard(peopled)) == (0, 1, 0)
    found = check(examined(2))
    assert (found.result, found.why) == ("not_checked", "not_heard_in_time")
    peopled.later(hours=2)
    assert heard(peopled) == 1  # tried again
