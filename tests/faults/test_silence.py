"""Silence, made in more ways than one and found by listening; beside it what is quiet and nothing is wrong with."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from diagnostics import listening, sounds
from diagnostics.domain.sound import SoundFacts
from diagnostics.models import Finding, Pass, Sound
from diagnostics.probes import hearing
from diagnostics.reconcile import run_pass
from tests.corpus.wavs import HEADER_BYTES, WHOLE, chunk, container, format_chunk, wav
from tests.faults.silences import (
    check,
    composed_until,
    examined,
    heard,
    live_causes,
    lost_and_made_longer,
    overwritten_with_zeros,
    path_of,
)
from tests.reconcile.scene import Scene

pytestmark = pytest.mark.django_db
HALF = HEADER_BYTES + 12_000


MECHANISMS: dict[str, Callable[[Path], None]] = {
    "the_engine_stopped": composed_until(0.5),
    "the_engine_never_sounded": composed_until(0.0),
    "cut_and_made_longer": lost_and_made_longer(HALF),
    "all_of_it_lost": lost_and_made_longer(HEADER_BYTES),
    "overwritten_with_zeros": overwritten_with_zeros(HALF),
}


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_it_is_found_whatever_made_it_silent(mechanism: str, peopled: Scene) -> None:
    MECHANISMS[mechanism](path_of(peopled))
    peopled.run()
    assert (peopled.cause(1), live_causes()) == ("", [])
    assert heard(peopled) == 2
    assert live_causes() == ["file.silent"]
    peopled.run()
    assert (peopled.codes(1), peopled.codes(2)) == ({"file.silent"}, set())
    assert (peopled.entry(1).verdict, peopled.entry(1).confidence) == ("broken", "certain")
    assert check(examined()).result == "bad"


QUIET: dict[str, bytes] = {
    "as_it_should_be": WHOLE,
    "a_quiet_beginning": WHOLE[:HEADER_BYTES] + bytes(12_000) + WHOLE[HALF:],
    "a_pause_in_the_middle": WHOLE[: HEADER_BYTES + 4_000] + bytes(12_000) + WHOLE[HEADER_BYTES + 16_000 :],
    "one_step_from_silence": container(format_chunk(), chunk(b"data", struct.pack("<2h", 1, -1) * 6_000)),
    "a_fade_with_a_third_of_a_second": WHOLE[: -2 * 60] + bytes(2 * 60),
    "eight_bit": wav(bits=8),
    "float": wav(tag=3, bits=32),
}


@pytest.mark.parametrize("kind", QUIET)
def test_what_is_quiet_is_in_order(kind: str, peopled: Scene) -> None:
    peopled.host.update(1, final_file_size=len(QUIET[kind]))
    peopled.file(peopled.name(1), QUIET[kind])
    peopled.run()
    assert heard(peopled) == 2
    peopled.run()
    assert (peopled.codes(1), live_causes()) == (set(), [])
    assert check(examined()).result == "ok"


def test_it_is_not_checked_until_somebody_listened(peopled: Scene) -> None:
    composed_until(0.2)(path_of(peopled))
    peopled.run()
    found = check(examined())
    assert (found.result, found.why) == ("not_checked", "deep_only")
    assert Sound.objects.count() == 0


def test_on_demand_it_is_heard_at_once_and_judged_by_the_next_pass(peopled: Scene) -> None:
    composed_until(0.25)(path_of(peopled))
    peopled.run()
    found = examined(listen=True)
    assert found.evidence is not None
    assert found.diagnosis is not None
    assert [finding.code for finding in found.diagnosis.findings] == ["file.silent"]
    assert found.diagnosis.findings[0].values["silent_from_seconds"] == 15.0
    assert found.diagnosis.findings[0].values["silent_percent"] == 75.0
    assert found.evidence.sound is not None
    assert len(found.evidence.sound.peaks) == 400
    assert found.evidence.sound.peaks[100:] == bytes(300)
    peopled.run()
    assert peopled.cause(1) == "file.silent"


def test_it_ends_when_the_file_is_another_one_and_that_is_heard_again(peopled: Scene) -> None:
    composed_until(0.5)(path_of(peopled))
    peopled.run()
    heard(peopled)
    peopled.run()
    peopled.file(peopled.name(1), WHOLE)
    assert live_causes() == []
    assert check(examined()).why == "deep_only"
    peopled.run()
    assert Finding.objects.get(code="file.silent").resolved_at is not None
    assert heard(peopled) == 1
    assert check(examined()).result == "ok"


def test_even_with_its_old_time_another_file_is_another_one(peopled: Scene) -> None:
    """Size and mtime are the same; ctime cannot be put back."""
    composed_until(0.5)(path_of(peopled))
    peopled.run()
    heard(peopled)
    peopled.file(peopled.name(1), WHOLE)
    assert live_causes() == []
    peopled.run()
    assert peopled.codes(1) == set()


def test_what_was_heard_while_a_pass_ran_is_judged_by_the_next(peopled: Scene) -> None:
    composed_until(0.5)(path_of(peopled))
    peopled.run()
    phases: list[str] = []

    def listening_meanwhile(row: Pass) -> None:
        phases.append(row.phase)
        if row.phase == "strays":
            heard(peopled)

    peopled.host.update(2, progress_percentage=99)  # so that there is something to do
    peopled.run(progress=listening_meanwhile)
    assert "strays" in phases
    assert peopled.cause(1) == ""
    peopled.run()
    assert peopled.cause(1) == "file.silent"


def test_a_pass_that_begins_while_it_is_written_down_leaves_it_to_the_next(
    peopled: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = iter((7, 8))
    monkeypatch.setattr(Pass, "newest", lambda: next(begun))
    sounds.keep(peopled.name(1), SoundFacts(), (1, 2, 3), peopled.now)
    assert Sound.objects.get().heard_pass == 8


def test_a_pass_after_it_was_judged_writes_nothing(peopled: Scene) -> None:
    composed_until(0.5)(path_of(peopled))
    peopled.run()
    heard(peopled)
    peopled.run()
    assert peopled.writes_of(peopled.run) == []


def test_a_store_that_hangs_costs_a_moment_and_says_so(peopled: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, "HELPER", ("/bin/sh", "-c", "sleep 9"))
    monkeypatch.setattr(hearing, "STARTING_SECONDS", 0.1)
    monkeypatch.setattr(listening, "ON_DEMAND", hearing.Effort(1, 0.2))
    found = examined(listen=True)
    assert found.seconds < 2
    assert (check(found).result, check(found).why) == ("not_checked", "not_heard_in_time")
    assert found.diagnosis is not None
    assert found.diagnosis.cause is None


def test_a_format_that_cannot_be_heard_is_not_checked(peopled: Scene) -> None:
    content = container(format_chunk(tag=0x11, bits=4, align=256), chunk(b"data", bytes(25_600)))
    peopled.host.update(1, final_file_size=len(content), total_duration_minutes=None)
    peopled.file(peopled.name(1), content)
    peopled.run()
    heard(peopled)
    assert (check(examined()).result, check(examined()).why) == ("not_checked", "unhearable")
    assert heard(peopled) == 0
    peopled.run()
    assert peopled.codes(1) == set()


def test_heard_in_part_it_is_likely(peopled: Scene) -> None:
    composed_until(0.5)(path_of(peopled))
    found = path_of(peopled).stat()
    partly = SoundFacts(60.0, 50.0, 10.0, 16.67, is_complete=False)
    stamp = (found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    sounds.keep(peopled.name(1), partly, stamp, peopled.now)
    diagnosis = examined().diagnosis
    assert diagnosis is not None
    assert (diagnosis.cause, diagnosis.confidence) == ("file.silent", "likely")


def test_a_silent_file_under_a_wrong_address_is_silent_first_and_alone(peopled: Scene) -> None:
    """35 speaks of completed sessions whose file is in order."""
    composed_until(0.5)(path_of(peopled))
    peopled.host.update(1, final_file_path=peopled.name(1))
    peopled.run()
    assert peopled.codes(1) == {"delivery.wrong_url"}
    examined(listen=True)
    peopled.run()
    assert peopled.codes(1) == {"file.silent"}


@pytest.mark.databases
def test_it_is_kept_and_found_on_each_engine(scene_on_each_engine: Scene) -> None:
    scene = scene_on_each_engine
    scene.now = timezone.now().replace(microsecond=0)
    scene.row(1, final_file_size=len(WHOLE))
    scene.file(scene.name(1), WHOLE)
    composed_until(0.5)(path_of(scene))
    scene.run()
    heard(scene)
    scene.run()
    assert scene.codes(1) == {"file.silent"}


def test_times_beyond_the_calendar_can_be_kept(peopled: Scene) -> None:
    path = path_of(peopled)
    os.utime(path, ns=(2**63 - 1, 2**63 - 1))
    run_pass(wait_seconds=5)
    examined(listen=True)
    assert check(examined()).result == "ok"
