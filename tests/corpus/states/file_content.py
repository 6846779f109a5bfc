"""A file stands at the path and is not what the row says: empty, corrupt, cut, another's, of another size or length."""

from __future__ import annotations

from tests.corpus.labels import OK, State, World, broken
from tests.corpus.wavs import HEADER_BYTES, UNKNOWN, WHOLE, chunk, container, format_chunk, long_form, sound, wav
from tests.corpus.world import COLUMNS, PREFIX, Case

EMPTY = "12: zero bytes"
NO_WAVE = "13: not a RIFF, RF64 or BW64 WAVE with a usable format and a data chunk"
UNUSABLE = "13: a usable format (rate, channels, block align above 0)"
PROMISED = "14: the header promises more bytes than the file has"
UNFINISHED = "14: or was never finalised (data size 0 or 0xFFFFFFFF with bytes behind it), and the file no longer grows"
SHARED = "15: two or more sessions claim the same file: the one whose id its name bears owns it, the others are broken"
OTHERS = "16: only this session claims it, but its name bears another session's id"
SIZE = "17: a whole WAV, but its size is not final_file_size"
LENGTH = "18: a whole WAV, but its length differs from the row's duration by more than the tolerance"
CORRUPT, TRUNCATED = broken("file.corrupt"), broken("file.truncated")
DATA = chunk(b"data", sound(24_000))
SECONDS = World("duration_in_seconds", columns=COLUMNS + ", duration_seconds REAL")


def _corrupt(name: str, content: bytes, words: str = NO_WAVE) -> State:
    return State(f"corrupt_{name}", lambda case: case.session(content=content), CORRUPT, words)


def _cut(name: str, content: bytes, words: str = PROMISED) -> State:
    return State(
        f"truncated_{name}", lambda case: case.session(content=content, final_file_size=len(WHOLE)), TRUNCATED, words
    )


def _not_the_owner(case: Case) -> None:
    """The file bears the other's id."""
    owner = case.other()
    owner.session()
    case.session(at=None, path=PREFIX + owner.name)


def _differently_written(case: Case) -> None:
    owner = case.other()
    owner.session()
    case.session(at=None, path=owner.name)


def _no_owner(case: Case) -> None:
    name = f"shared_{case.key}.wav"
    case.session(path=PREFIX + name, at=name)
    case.other().session(path=PREFIX + name, at=None)


def _differently_escaped(case: Case) -> None:
    name = f"both_{case.key}.wav"
    case.session(path=PREFIX + name, at=name)
    case.other().session(path=PREFIX + name.replace("_", "%5F"), at=None)


def _of_a_third(case: Case) -> None:
    """Two rows name the file of a session that names another."""
    name = f"long_sequence_{case.key}777_20250825_120316.wav"
    case.session(path=PREFIX + name, at=name)
    case.other().session(path=PREFIX + name, at=None)


def _owner_among_three(case: Case) -> None:
    case.session()
    case.other(1).session(path=PREFIX + case.name + "?token=1", at=None)
    case.other(2).session(path="{root}/" + case.name, at=None)


def _of_a_session_that_has_its_own(case: Case) -> None:
    other = case.other()
    other.session()
    name = f"long_sequence_{other.key}_20250824_101010.wav"
    case.session(path=PREFIX + name, at=name)


STATES: tuple[State, ...] = (
    State("empty", lambda case: case.session(content=b"", final_file_size=len(WHOLE)), broken("file.empty"), EMPTY),
    State("empty_as_claimed", lambda case: case.session(content=b""), broken("file.empty"), EMPTY),
    _corrupt("html", b"<!DOCTYPE html><html><body><h1>404 Not Found</h1></body></html>", NO_WAVE + " (the classic)"),
    _corrupt("json", b'{"success": false, "message": "token expired"}'),
    _corrupt("mp3", b"ID3\x04\x00" + bytes(3_000) + b"\xff\xfb\x90\x64" * 500),
    _corrupt("ogg", b"OggS\0\x02" + bytes(2_000)),
    _corrupt("gzip", b"\x1f\x8b\x08" + bytes(2_000)),
    _corrupt("nuls", bytes(24_044)),
    _corrupt("one_byte", b"R"),
    _corrupt("eleven_bytes", b"RIFF\0\0\0\0WAV"),
    _corrupt("twelve_bytes", b"RIFF\x04\0\0\0WAVE"),
    _corrupt("avi", container(format_chunk(), DATA, kind=b"AVI ")),
    _corrupt("rifx", container(format_chunk(), DATA, form=b"RIFX")),
    _corrupt("lower_case_riff", container(format_chunk(), DATA, form=b"riff")),
    _corrupt("no_format", container(DATA)),
    _corrupt("format_after_data", container(DATA, format_chunk())),
    _corrupt("no_data", container(format_chunk(), chunk(b"LIST", bytes(40)))),
    _corrupt("format_only", container(format_chunk())),
    _corrupt("format_of_8_bytes", container(chunk(b"fmt ", bytes(8)), DATA)),
    _corrupt("rate_zero", container(format_chunk(rate=0), DATA), UNUSABLE),
    _corrupt("no_channels", container(format_chunk(channels=0, align=2), DATA), UNUSABLE),
    _corrupt("block_align_zero", container(format_chunk(align=0), DATA), UNUSABLE),
    _cut("in_half", WHOLE[: len(WHOLE) // 2]),
    _cut("by_one_byte", WHOLE[:-1]),
    _cut("to_its_header", WHOLE[:HEADER_BYTES]),
    _cut("never_finalised_zero", wav(40, data_size=0, riff_size=0), UNFINISHED),
    _cut("never_finalised_data_zero", wav(40, data_size=0), UNFINISHED),
    _cut("never_finalised_unknown", wav(40, data_size=UNKNOWN, riff_size=UNKNOWN), UNFINISHED),
    _cut("rf64", long_form(b"RF64", 20, declared=24_000)),
    _cut("bw64", long_form(b"BW64", 20, declared=24_000)),
    _cut("behind_a_list", wav(before=chunk(b"LIST", bytes(80)))[:9_000]),
    State(
        "truncated_as_claimed",
        lambda case: case.session(content=WHOLE[:-400]),
        TRUNCATED,
        "14 looks at the header, not at final_file_size",
    ),
    State("no_sound_at_all", lambda case: case.session(content=wav(0)), broken("file.wrong_duration"), LENGTH),
    State("collision_not_the_owner", _not_the_owner, broken("file.name_collision"), SHARED),
    State("collision_differently_written", _differently_written, broken("file.name_collision"), SHARED),
    State("collision_no_owner", _no_owner, broken("file.name_collision", "path.bad_name"), SHARED),
    State(
        "collision_differently_escaped", _differently_escaped, broken("file.name_collision", "path.bad_name"), SHARED
    ),
    State(
        "collision_over_a_third_s_file", _of_a_third, broken("file.name_collision"), "16: only this session claims it"
    ),
    State("collision_owner_among_three", _owner_among_three, OK, SHARED),
    State(
        "names_other_session",
        lambda case: case.session(
            path=PREFIX + f"long_sequence_{case.other().key}_20250825_120316.wav",
            at=f"long_sequence_{case.other().key}_20250825_120316.wav",
        ),
        broken("path.names_other_session"),
        OTHERS,
    ),
    State(
        "names_a_session_with_its_own_file", _of_a_session_that_has_its_own, broken("path.names_other_session"), OTHERS
    ),
    State(
        "size_one_more", lambda case: case.session(final_file_size=len(WHOLE) + 1), broken("file.size_mismatch"), SIZE
    ),
    State("size_zero_claimed", lambda case: case.session(final_file_size=0), broken("file.size_mismatch"), SIZE),
    State(
        "size_of_the_sound_alone", lambda case: case.session(final_file_size=24_000), broken("file.size_mismatch"), SIZE
    ),
    State("twice_as_long", lambda case: case.session(content=wav(120)), broken("file.wrong_duration"), LENGTH),
    State("half_as_long", lambda case: case.session(content=wav(30)), broken("file.wrong_duration"), LENGTH),
    State("three_percent_short", lambda case: case.session(content=wav(58.2)), broken("file.wrong_duration"), LENGTH),
    State(
        "another_size_and_length",
        lambda case: case.session(content=wav(20), final_file_size=len(WHOLE)),
        broken("file.size_mismatch", "file.wrong_duration"),
        "order is precedence: 17 before 18",
    ),
    State(
        "wrong_size_with_bytes_behind",
        lambda case: case.session(content=WHOLE + b"garbage!", final_file_size=len(WHOLE)),
        broken("file.size_mismatch", "file.trailing_bytes"),
        "17; 47: bytes behind the last chunk",
    ),
    State(
        "seconds_as_they_are",
        lambda case: case.session(total_duration_minutes=None, duration_seconds=60),
        OK,
        "host_app: older rows may have duration_seconds",
        SECONDS,
    ),
    State(
        "seconds_of_another_piece",
        lambda case: case.session(total_duration_minutes=None, duration_seconds=90.5),
        broken("file.wrong_duration"),
        LENGTH,
        SECONDS,
    ),
)
