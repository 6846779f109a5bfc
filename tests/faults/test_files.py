"""Files and rows that are really broken, each in more than one way, and beside each what only looks like it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from diagnostics.examine import examine
from tests.corpus.wavs import chunk, wav
from tests.faults.deeds import (
    WHOLE,
    Deed,
    both,
    composed,
    copied,
    cut,
    dated,
    grown_just_now,
    hard_linked,
    instead,
    link,
    linked_inside,
    move,
    not_utf8,
    outside,
    overwritten,
    remove,
    replace,
    rewrite,
    second_row,
    sock,
    unfinished,
    update,
)
from tests.reconcile.scene import PREFIX, Scene, wav_bytes

pytestmark = pytest.mark.django_db
NAME = "long_sequence_1_20261101_101500.wav"


@dataclass(frozen=True, slots=True)
class Way:
    """What is done to a well session 1 and its file after a pass has seen both, and what it is called then."""

    name: str
    do: Deed
    codes: frozenset[str]
    settles: bool = True  # whether enough time goes by for a fresh change to be judged


def broken(name: str, do: Deed, *codes: str) -> Way:
    return Way(name, do, frozenset(codes))


def well(name: str, do: Deed, *codes: str, settles: bool = True) -> Way:
    return Way(name, do, frozenset(codes), settles)


HTML = b"<html><body>502 Bad Gateway</body></html>"
LIST_FIRST = wav(before=chunk(b"LIST", b"INFO" + bytes(40)))
HALF = wav_bytes(30)
NEVER_FINISHED = WHOLE[:40] + bytes(4) + WHOLE[44:]

WAYS = (
    broken(
        "climbs_out",
        both(remove, update(final_file_path=f"{PREFIX}../../../secret.wav")),
        "path.unsafe",
        "path.bad_name",
    ),
    broken(
        "climbs_out_and_its_file_is_here",
        update(final_file_path=f"{PREFIX}../../../secret.wav"),
        "file.misplaced",
        "path.bad_name",
    ),
    broken("link_leads_out", outside, "path.unsafe"),
    well("climbs_and_comes_back", update(final_file_path=f"{PREFIX}sub/../{NAME}")),
    well("link_stays_inside", linked_inside),
    broken("path_null_and_no_file", both(remove, update(final_file_path=None)), "path.missing"),
    broken("path_blank_and_no_file", both(remove, update(final_file_path="  ")), "path.missing"),
    broken("moved_to_a_folder", move(f"2026-11/{NAME}"), "file.misplaced"),
    broken("renamed_to_nfd", composed, "file.misplaced", "path.bad_name"),
    broken("path_lost_and_file_there", update(final_file_path=None), "file.misplaced"),
    well("a_copy_beside_it", copied),
    broken("unlinked", remove, "file.deleted"),
    broken("renamed_beyond_recognition", move("x.bin"), "file.deleted"),
    broken("renamed_to_no_utf8", not_utf8, "file.deleted"),
    well("replaced_by_its_like", replace(WHOLE)),
    broken("named_a_file_that_never_was", update(final_file_path=f"{PREFIX}long_sequence_1_20261102_101500.wav"),
           "file.misplaced"),
    broken("a_folder_instead", instead(Path.mkdir), "file.not_a_file"),
    broken("a_pipe_instead", instead(os.mkfifo), "file.not_a_file"),
    broken("a_socket_instead", instead(sock), "file.not_a_file"),
    broken("a_dangling_link", link("nowhere.wav"), "file.not_a_file"),
    broken("a_link_to_itself", link(NAME), "file.not_a_file"),
    broken("emptied", cut(0), "file.empty"),
    broken("created_again_and_never_written", instead(Path.touch), "file.empty"),
    broken("an_error_page", rewrite(HTML), "file.corrupt"),
    broken("an_error_page_by_rename", replace(HTML), "file.corrupt"),
    broken("spoiled_in_place", overwritten(0, b"<htm"), "file.corrupt"),
    well("list_before_data", both(rewrite(LIST_FIRST), update(final_file_size=len(LIST_FIRST)))),
    well("samples_changed_in_place", overwritten(2000, b"\x01\x00" * 100)),
    broken("cut_in_half", cut(len(WHOLE) // 2), "file.truncated"),
    broken("written_up_to_a_full_disk", replace(WHOLE[:9000]), "file.truncated"),
    broken("header_never_finished", rewrite(NEVER_FINISHED), "file.truncated"),
    well("still_being_written", grown_just_now, settles=False),
    broken("row_tells_another_size", update(final_file_size=len(WHOLE) + 2), "file.size_mismatch"),
    broken("whole_but_longer_than_told", rewrite(wav_bytes(60.5)), "file.size_mismatch"),
    well("row_tells_no_size", update(final_file_size=None)),
    broken("row_asks_for_more", update(total_duration_minutes=2), "file.wrong_duration"),
    broken("half_a_piece_and_whole", both(rewrite(HALF), update(final_file_size=len(HALF))),
           "file.wrong_duration"),
    well("as_long_within_the_tolerance",
         both(rewrite(wav_bytes(59)), update(final_file_size=len(wav_bytes(59))))),
    broken("failed_with_its_whole_file", update(status="failed", error_message="locked"), "record.half_committed",
           "generation.unrecognised"),
    broken("failed_without_a_word", update(status="failed"), "record.half_committed", "generation.unexplained"),
    broken("failed_with_a_piece_of_it", both(cut(5000), update(status="failed", error_message="MemoryError")),
           "generation.out_of_memory"),
    broken("generating_though_finished", unfinished("generating"), "record.status_lagging"),
    broken("pending_though_finished", unfinished("pending"), "record.status_lagging", "worker.not_picked_up"),
    broken("status_in_capitals", update(status="COMPLETED"), "record.unknown_status"),
    broken("status_null", update(status=None), "record.unknown_status"),
    broken("an_old_error_stands", update(error_message="MemoryError"), "record.stale_error"),
    well("a_blank_error_stands", update(error_message="  ")),
    broken("updated_before_created", dated(updated_at=540),
           "record.time_disorder"),
    broken("created_on_no_day", update(created_at="2026-02-31 10:00:00"), "record.time_disorder"),
    broken("progress_of_97", update(progress_percentage=97), "record.progress_odd"),
    broken("progress_below_nothing", update(progress_percentage=-1), "record.progress_odd"),
    broken("garbage_behind", both(rewrite(WHOLE + b"\xf7" * 90), update(final_file_size=len(WHOLE) + 90)),
           "file.trailing_bytes"),
    broken("another_piece_glued_on", both(rewrite(WHOLE + HALF), update(final_file_size=len(WHOLE + HALF))),
           "file.trailing_bytes"),
    broken("older_than_its_session", dated(modified=1_700_000_000, updated_at=120), "file.predates_session"),
    broken("its_id_was_used_again", dated(created_at=30, updated_at=20, completed_at=20), "file.predates_session"),
)  # fmt: skip
COLLISIONS = (
    broken("the_same_path", second_row(f"{PREFIX}{NAME}"), "file.name_collision"),
    broken("the_same_file_escaped", second_row(f"{PREFIX}{NAME.replace('_', '%5F')}"), "file.name_collision"),
    well("a_hard_link_of_its_own", hard_linked),
)


@pytest.fixture
def peopled(scene: Scene) -> Scene:
    """Two well sessions that a pass has seen."""
    for key in (1, 2):
        scene.session(key, user_id=key)
    scene.run()
    return scene


@pytest.mark.parametrize("way", [pytest.param(way, id=way.name) for way in WAYS])
def test_pass_and_page_call_it_what_it_is(peopled: Scene, way: Way) -> None:
    way.do(peopled, peopled.root / NAME)
    assert judged(peopled, 1, way) == way.codes
    assert peopled.codes(2) == set()


@pytest.mark.parametrize("way", [pytest.param(way, id=way.name) for way in COLLISIONS])
def test_who_claims_another_s_file_is_told(peopled: Scene, way: Way) -> None:
    way.do(peopled, peopled.root / NAME)
    assert judged(peopled, 2, way) == way.codes
    assert peopled.codes(1) == set()


def test_a_row_whose_file_was_never_there_is_told_from_one_that_is_ten_seconds_old(peopled: Scene) -> None:
    peopled.row(3)
    fresh = peopled.text(ago=timedelta(seconds=10))
    peopled.row(4, created_at=fresh, updated_at=fresh, completed_at=fresh)
    peopled.row(5, final_file_path=f"{PREFIX}{NAME}/below.wav")  # a file stands where a folder should be: ENOTDIR
    peopled.run()
    assert (peopled.codes(3), peopled.codes(4), peopled.entry(4).state) == ({"file.never_written"}, set(), "settling")
    assert peopled.codes(5) == {"file.never_written", "path.bad_name"}


def judged(scene: Scene, key: int, way: Way) -> frozenset[str]:
    """Return what the next pass finds; the page has to find the same."""
    if way.settles:
        scene.later(minutes=5)
    scene.run()
    found = examine(str(key), clock=lambda: scene.now).diagnosis
    assert found is not None
    live = frozenset(finding.code for finding in found.findings)
    assert (live, found.cause or "") == (frozenset(scene.codes(key)), scene.cause(key))
    return live
