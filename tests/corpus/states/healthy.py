"""Healthy look-alikes: files that readers stumble over and nothing is wrong with, and notices that break nothing."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corpus.labels import OK, State, noticed
from tests.corpus.wavs import WHOLE, chunk, container, extensible, format_chunk, long_form, sound, wav
from tests.corpus.world import DAY, PREFIX, Case, local

WHOLE_FORMS = (
    "lessons: LIST and JUNK may stand before data, id3 behind it; EXTENSIBLE, float32, 8 bit, RF64, BW64 are healthy"
)
RIFF_SIZE = "lessons: a wrong RIFF size alone is a notice"
BEHIND = "47: bytes behind the last chunk: another file glued on, or garbage"
NOTICE = "worth mending, nothing broken: verdict as found without them"
INFO = b"INFOISFT\x0e\0\0\0Lavf58.29.100\0"
ODD = sound(60 * 200 - 1)


def _odd(*, pad: bool) -> bytes:
    """60 seconds less one sample, 8 bit: an odd number of bytes."""
    return container(format_chunk(bits=8), chunk(b"data", ODD, pad=pad))


def _owned(case: Case) -> None:
    """Two rows name the file; it bears this session's id."""
    case.session()
    case.other().session(at=None, path=PREFIX + case.name)


def _further_file(case: Case) -> None:
    case.session()
    case.write("long_sequence_{key}_20250824_090000.wav", WHOLE, 30 * DAY)


def _link_inside(case: Case) -> None:
    case.write("shelf/{key}.bin", WHOLE, DAY)
    case.file.symlink_to(f"shelf/{case.key}.bin")
    case.session(at=None, created_at=local(2 * DAY))


def _was_whole_before(case: Case) -> Iterator[None]:
    case.session()
    yield


def _row_changed_hands(case: Case) -> Iterator[None]:
    """A fault that an earlier pass saw, and that somebody mended."""
    case.session(at=None)
    yield
    case.write("{name}")


STATES: tuple[State, ...] = (
    State(
        "list_chunk_before_data", lambda case: case.session(content=wav(before=chunk(b"LIST", INFO))), OK, WHOLE_FORMS
    ),
    State(
        "junk_chunk_before_data",
        lambda case: case.session(content=wav(before=chunk(b"JUNK", bytes(28)))),
        OK,
        WHOLE_FORMS,
    ),
    State(
        "bext_of_5000_bytes_before",
        lambda case: case.session(content=wav(before=chunk(b"bext", bytes(5_000)))),
        OK,
        WHOLE_FORMS,
    ),
    State(
        "fact_and_peak_before",
        lambda case: case.session(content=wav(before=chunk(b"fact", bytes(4)) + chunk(b"PEAK", bytes(16)))),
        OK,
        WHOLE_FORMS,
    ),
    State(
        "odd_list_chunk_before",
        lambda case: case.session(content=wav(before=chunk(b"LIST", INFO + b"x"))),
        OK,
        WHOLE_FORMS,
    ),
    State("odd_data_with_pad_byte", lambda case: case.session(content=_odd(pad=True)), OK, "lessons: odd sizes"),
    State("odd_data_without_pad_byte", lambda case: case.session(content=_odd(pad=False)), OK, "lessons: odd sizes"),
    State("extensible", lambda case: case.session(content=extensible()), OK, WHOLE_FORMS),
    State("float32", lambda case: case.session(content=wav(tag=3, bits=32)), OK, WHOLE_FORMS),
    State("eight_bit", lambda case: case.session(content=wav(bits=8)), OK, WHOLE_FORMS),
    State("twenty_four_bit_stereo", lambda case: case.session(content=wav(bits=24, channels=2)), OK, WHOLE_FORMS),
    State(
        "rate_of_8000",
        lambda case: case.session(content=wav(rate=8_000, bits=8)),
        OK,
        "derive the length from the header",
    ),
    State("rf64", lambda case: case.session(content=long_form(b"RF64")), OK, WHOLE_FORMS),
    State("bw64", lambda case: case.session(content=long_form(b"BW64")), OK, WHOLE_FORMS),
    State("riff_size_8_short", lambda case: case.session(content=wav(riff_size=len(WHOLE) - 16)), OK, RIFF_SIZE),
    State("riff_size_zero", lambda case: case.session(content=wav(riff_size=0)), OK, RIFF_SIZE),
    State("riff_size_unknown", lambda case: case.session(content=wav(riff_size=0xFFFFFFFF)), OK, RIFF_SIZE),
    State("riff_size_too_large", lambda case: case.session(content=wav(riff_size=len(WHOLE) + 900)), OK, RIFF_SIZE),
    State("id3_behind_data", lambda case: case.session(content=wav(after=chunk(b"id3 ", bytes(300)))), OK, WHOLE_FORMS),
    State("list_behind_data", lambda case: case.session(content=wav(after=chunk(b"LIST", INFO))), OK, WHOLE_FORMS),
    State(
        "cue_and_list_behind",
        lambda case: case.session(content=wav(after=chunk(b"cue ", bytes(28)) + chunk(b"LIST", INFO))),
        OK,
        WHOLE_FORMS,
    ),
    State(
        "a_third_of_quiet_at_its_beginning",
        lambda case: case.session(content=container(format_chunk(), chunk(b"data", bytes(8_000) + sound(16_000)))),
        OK,
        "19: a quiet beginning is not silence",
    ),
    State(
        "in_a_folder_with_a_chinese_name",
        lambda case: case.session(path=PREFIX + "睡眠/{name}", at="睡眠/{name}"),
        OK,
        "paths: percent-escapes decoded once, for the file and for the URL alike",
    ),
    State(
        "in_such_a_folder_and_escaped",
        lambda case: case.session(path=PREFIX + "%E6%B7%B1%E5%BA%A6/{name}", at="深度/{name}"),
        OK,
        "paths: percent-escapes decoded once",
    ),
    State(
        "garbage_behind",
        lambda case: case.session(content=WHOLE + b"\x07garbage" * 40),
        noticed("file.trailing_bytes"),
        BEHIND,
    ),
    State(
        "second_wav_behind", lambda case: case.session(content=WHOLE + wav(5)), noticed("file.trailing_bytes"), BEHIND
    ),
    State(
        "html_behind",
        lambda case: case.session(content=WHOLE + b"<html>502 Bad Gateway</html>"),
        noticed("file.trailing_bytes"),
        BEHIND,
    ),
    State(
        "one_percent_short",
        lambda case: case.session(content=wav(59.4)),
        OK,
        "18: differs by more than the tolerance (2 %)",
    ),
    State(
        "one_percent_long",
        lambda case: case.session(content=wav(60.6)),
        OK,
        "18: differs by more than the tolerance (2 %)",
    ),
    State("owner_of_a_shared_file", _owned, OK, "15: the one whose id its name bears owns it"),
    State("a_further_whole_file", _further_file, OK, "a further whole file of a session that has another is neither"),
    State("link_inside_the_root", _link_inside, OK, "4: a symlink that leads out (this one does not)"),
    State("seen_whole_before", _was_whole_before, OK, "ok"),
    State("mended_since", _row_changed_hands, OK, "ok: the file is there, whole, and as the row says"),
    State(
        "stale_error",
        lambda case: case.session(error_message="MemoryError"),
        noticed("record.stale_error"),
        "42: " + NOTICE,
    ),
    State(
        "progress_99",
        lambda case: case.session(progress_percentage=99),
        noticed("record.progress_odd"),
        "46: completed below 100",
    ),
    State(
        "progress_minus_1",
        lambda case: case.session(progress_percentage=-1),
        noticed("record.progress_odd"),
        "46: below 0",
    ),
    State(
        "progress_101",
        lambda case: case.session(progress_percentage=101),
        noticed("record.progress_odd"),
        "46: above 100",
    ),
    State("progress_as_text", lambda case: case.session(progress_percentage="100"), OK, "46: completed below 100"),
    State(
        "free_name",
        lambda case: case.session(path=PREFIX + "free_{key}.wav", at="free_{key}.wav"),
        noticed("path.bad_name"),
        "45: does not follow the convention",
    ),
    State(
        "chinese_name",
        lambda case: case.session(path=PREFIX + "睡眠音乐_{key}.wav", at="睡眠音乐_{key}.wav"),
        noticed("path.bad_name"),
        "45: does not follow the convention",
    ),
    State(
        "name_of_february_31",
        lambda case: case.session(
            path=PREFIX + "long_sequence_{key}_20250231_120316.wav", at="long_sequence_{key}_20250231_120316.wav"
        ),
        noticed("path.bad_name"),
        "45: or its date is impossible",
    ),
    State(
        "name_of_25_o_clock",
        lambda case: case.session(
            path=PREFIX + "long_sequence_{key}_20250825_250000.wav", at="long_sequence_{key}_20250825_250000.wav"
        ),
        noticed("path.bad_name"),
        "45: or its date is impossible",
    ),
    State(
        "name_of_another_day",
        lambda case: case.session(
            path=PREFIX + "long_sequence_{key}_20250824_235959.wav", at="long_sequence_{key}_20250824_235959.wav"
        ),
        OK,
        "45: the convention is kept; nothing is said of which day it is",
    ),
    State(
        "file_of_yesterday",
        lambda case: case.session(modified=DAY),
        noticed("file.predates_session"),
        "48: the file is older than its session (an id used again)",
    ),
    State(
        "three_notices",
        lambda case: case.session(progress_percentage=7, error_message="超时", content=WHOLE + b"more bytes"),
        noticed("record.stale_error", "record.progress_odd", "file.trailing_bytes"),
        NOTICE,
    ),
)
