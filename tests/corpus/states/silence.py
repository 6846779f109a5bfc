"""Files that are silent, to their end or throughout, heard and not heard; and files that are only quiet."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tests.corpus.labels import OK, Build, State, World, broken
from tests.corpus.wavs import (
    HEADER_BYTES,
    WHOLE,
    chunk,
    container,
    extensible,
    format_chunk,
    long_form,
    sound,
    wav,
)
from tests.corpus.world import FINISHED, PREFIX, Case, touched

TO_THE_END = "19: digital silence from some point to the end"
THROUGHOUT = "19: or throughout"
NOT_CHECKED = "19: deep check only: says what share; 'not checked' otherwise"
BEGINNING = "19: a quiet beginning is not silence"
ENDING = "19: digital silence; a fade ends in a few zeros, within a second or the tolerated length"
DIGITAL = "19: digital silence: the faintest sound is none"
ANOTHER = "19 speaks of the file as it is: what was heard of another one tells nothing"
SILENT = broken("file.silent", confidence="certain")
HALF = HEADER_BYTES + 12_000
HALF_SILENT = WHOLE[:HALF] + bytes(12_000)
EXACT = World("no_tolerance", (("LIMITS", {"duration_tolerance_percent": 0.0}),))


def _heard(content: bytes, **row: object) -> Build:
    """A session whose file was listened to before the last pass."""

    def build(case: Case) -> None:
        case.session(content=content, **row)  # type: ignore[arg-type]  # columns of the row
        case.listened_to()

    return build


def _heard_earlier(case: Case) -> Iterator[None]:
    """An earlier pass knew it as playing; then it was listened to, and neither row nor file changed."""
    case.session(content=HALF_SILENT)
    yield
    case.listened_to()


def _cut_and_made_longer(case: Case) -> None:
    case.session()
    os.truncate(case.file, HALF)
    os.truncate(case.file, len(WHOLE))
    touched(case.file, FINISHED + 5)
    case.listened_to()


def _shared(case: Case) -> None:
    case.session(content=HALF_SILENT)
    case.other().session(path=PREFIX + case.name, at=None)
    case.listened_to()


def _made_anew(case: Case) -> Iterator[None]:
    """A silent file was heard; then it was replaced by one that sounds, and nobody has listened to that."""
    case.session(content=HALF_SILENT)
    case.listened_to()
    yield
    case.write("{name}")


def _gone_silent(case: Case) -> Iterator[None]:
    """The other way round: what was heard is no longer there, and silence is not guessed."""
    case.session()
    case.listened_to()
    yield
    case.write("{name}", HALF_SILENT)


def _cut_after_it_was_heard(case: Case) -> Iterator[None]:
    case.session(content=HALF_SILENT)
    case.listened_to()
    yield
    case.write("{name}", HALF_SILENT[:-400])


def _deleted_after_it_was_heard(case: Case) -> Iterator[None]:
    case.session(content=HALF_SILENT)
    case.listened_to()
    yield
    case.file.unlink()


def _silent(data: bytes, *, tag: int = 1, channels: int = 1, bits: int = 16) -> bytes:
    return container(format_chunk(tag=tag, channels=channels, bits=bits), chunk(b"data", data))


STATES: tuple[State, ...] = (
    State("silent_half", _heard(HALF_SILENT), SILENT, TO_THE_END),
    State("silent_half_heard_later", _heard_earlier, SILENT, TO_THE_END),
    State("silent_throughout", _heard(WHOLE[:HEADER_BYTES] + bytes(24_000)), SILENT, THROUGHOUT),
    State("silent_hole", _cut_and_made_longer, SILENT, TO_THE_END),
    State("silent_last_two_seconds", _heard(WHOLE[:-800] + bytes(800)), SILENT, TO_THE_END),
    State("silent_8_bit", _heard(_silent(sound(6_000) + b"\x80" * 6_000, bits=8)), SILENT, TO_THE_END),
    State("silent_float_minus_zero", _heard(_silent(b"\0\0\0\x80" * 12_000, tag=3, bits=32)), SILENT, THROUGHOUT),
    State("silent_a_law", _heard(_silent(sound(6_000) + b"\xd5" * 6_000, tag=6, bits=8)), SILENT, TO_THE_END),
    State("silent_extensible", _heard(extensible()[:-12_000] + bytes(12_000)), SILENT, TO_THE_END),
    State("silent_rf64", _heard(long_form()[:-12_000] + bytes(12_000)), SILENT, TO_THE_END),
    State(
        "silent_stereo",
        _heard(_silent(b"\1\0\0\0" * 6_000 + bytes(24_000), channels=2)),
        SILENT,
        TO_THE_END,
    ),
    State(
        "silent_with_another_size",
        _heard(HALF_SILENT, final_file_size=7),
        broken("file.size_mismatch", "file.silent"),
        "order is precedence: 17 before 19",
    ),
    State(
        "silent_with_bytes_behind",
        _heard(HALF_SILENT + b"garbage!"),
        broken("file.silent", "file.trailing_bytes"),
        "19, 47: bytes behind the last chunk",
    ),
    State(
        "silent_and_half_as_long",
        _heard(wav(30)[:-4_000] + bytes(4_000)),
        broken("file.wrong_duration", "file.silent"),
        "order is precedence: 18 before 19",
    ),
    State(
        "silent_under_a_bare_name",
        _heard(HALF_SILENT, path="{name}"),
        SILENT,
        "35: completed sessions whose file is in order",
    ),
    State(
        "silent_with_an_old_error",
        _heard(HALF_SILENT, error_message="boom"),
        broken("file.silent", "record.stale_error"),
        "42: completed and whole, but an old error message still stands",
    ),
    State("silent_without_any_tolerance", _heard(WHOLE[:-600] + bytes(600)), SILENT, TO_THE_END, EXACT),
    State("silent_half_not_heard", lambda case: case.session(content=HALF_SILENT), OK, NOT_CHECKED),
    State(
        "silent_throughout_not_heard", lambda case: case.session(content=WHOLE[:44] + bytes(24_000)), OK, NOT_CHECKED
    ),
    State("silent_then_made_anew", _made_anew, OK, ANOTHER),
    State("sounding_then_gone_silent", _gone_silent, OK, ANOTHER),
    State("silent_then_cut", _cut_after_it_was_heard, broken("file.truncated"), ANOTHER),
    State("silent_then_deleted", _deleted_after_it_was_heard, broken("file.deleted"), ANOTHER),
    State("sounding_and_heard", _heard(WHOLE), OK, "completed, and the file is there, whole, and as the row says"),
    State("quiet_beginning_heard", _heard(WHOLE[:HEADER_BYTES] + bytes(12_000) + WHOLE[HALF:]), OK, BEGINNING),
    State(
        "quiet_but_for_its_last_sample",
        _heard(WHOLE[:HEADER_BYTES] + bytes(23_998) + b"\1\0"),
        OK,
        BEGINNING,
    ),
    State("pause_in_the_middle", _heard(WHOLE[:4_000] + bytes(16_000) + WHOLE[20_000:]), OK, TO_THE_END),
    State("faint_throughout", _heard(_silent(b"\1\0\xff\xff" * 6_000)), OK, DIGITAL),
    State("a_fade_of_a_third_of_a_second", _heard(WHOLE[:-120] + bytes(120)), OK, ENDING),
    State("an_ending_within_the_tolerance", _heard(WHOLE[:-480] + bytes(480)), OK, ENDING),
    State("an_ending_of_a_second_without_tolerance", _heard(WHOLE[:-400] + bytes(400)), OK, ENDING, EXACT),
    State(
        "silent_and_shared",
        _shared,
        SILENT,
        "15: the one whose id its name bears owns it",
    ),
)
