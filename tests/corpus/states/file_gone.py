"""Nothing whole stands at the path: misplaced, deleted, never written, unreadable, or no file at all."""

from __future__ import annotations

import os
import socket
import unicodedata
from collections.abc import Iterator

from tests.corpus.labels import OK, State, World, broken
from tests.corpus.wavs import WHOLE
from tests.corpus.world import HOUR, PREFIX, Case

ELSEWHERE = "7: the same name in another folder or under another base"
ALMOST = "7: a name that differs only in Unicode form (NFC/NFD), case, escaping or extension"
NAMED = "7: or the convention's name with this id"
TWO = "7: two candidates are shown as such and nothing is chosen"
CLAIMED = "7: one file in the root is plainly this session's and no other row claims it"
DELETED = "8: seen by an earlier pass, gone now"
NEVER = "9: nothing at the path (a confirmed ENOENT or ENOTDIR), and nothing was ever seen there"
BEFORE_US = "9: where the session was finished before the first complete pass: possible"
KEPT_OUT = "10: it is there, but permissions (its own or a folder's below the root) keep out this process"
NOT_A_FILE = "11: a directory, FIFO, socket, device, dangling or looping symlink stands at the path"
MISPLACED = broken("file.misplaced")
NOBODY = World("unprivileged", is_unprivileged=True)


def _deleted(case: Case) -> Iterator[None]:
    case.session()
    yield
    case.file.unlink()


def _deleted_with_its_folder(case: Case) -> Iterator[None]:
    at = f"day{case.key}/{{name}}"
    case.session(path=PREFIX + at, at=at)
    yield
    (case.root / f"day{case.key}" / case.name).unlink()
    (case.root / f"day{case.key}").rmdir()


def _deleted_behind_a_file(case: Case) -> Iterator[None]:
    """Where its folder was, a file stands now: ENOTDIR."""
    yield from _deleted_with_its_folder(case)
    (case.root / f"day{case.key}").write_bytes(b"")


def _deleted_cut_file(case: Case) -> Iterator[None]:
    case.session(content=WHOLE[:900], final_file_size=len(WHOLE))
    yield
    case.file.unlink()


def _moved(case: Case) -> Iterator[None]:
    case.session()
    yield
    (case.root / f"moved{case.key}").mkdir()
    case.file.rename(case.root / f"moved{case.key}" / case.name)


def _row_renamed(case: Case) -> Iterator[None]:
    case.session()
    yield
    case.update(final_file_path=PREFIX + f"long_sequence_{case.key}_20250825_111111.wav")


def _before_and_after(case: Case) -> Iterator[None]:
    """The row came after the first pass, and so was it finished: nothing was ever there, under our eyes."""
    yield
    case.finished(HOUR / 2, at=None)


def _behind_a_file(case: Case) -> None:
    case.write("plain_{key}", b"")
    case.session(at=None, path=PREFIX + f"plain_{case.key}/" + case.name)


def _composed(case: Case) -> None:
    """The row writes é as one character, the disk as two."""
    name = f"caf\u00e9_{case.key}.wav"
    case.session(path=PREFIX + name, at=unicodedata.normalize("NFD", name))


def _decomposed(case: Case) -> None:
    name = f"na\u00efve_{case.key}.wav"
    case.session(path=PREFIX + unicodedata.normalize("NFD", name), at=name)


def _two_candidates(case: Case) -> None:
    case.session(at="one/{name}")
    case.write("two/{name}")


def _candidate_of_another(case: Case) -> None:
    """What bears its name in another folder is what another row claims."""
    case.session(at=None)
    case.other().session(path=PREFIX + f"taken{case.key}/" + case.name, at=f"taken{case.key}/" + case.name)


def _file_of_another_id(case: Case) -> None:
    """A file of session 10010 is no file of session 1001."""
    case.session(at=f"long_sequence_{case.key}0_20250825_120316.wav")


def _directory(case: Case) -> None:
    case.session(at=None)
    case.file.mkdir()


def _full_directory(case: Case) -> None:
    case.session(at="{name}/take.wav")


def _fifo(case: Case) -> None:
    case.session(at=None)
    os.mkfifo(case.file)


def _socket(case: Case) -> None:
    """Bound by a short relative name: the address of a socket is short."""
    case.session(at=None)
    before = os.getcwd()
    os.chdir(case.root)
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(case.name)
    finally:
        os.chdir(before)


def _dangling(case: Case) -> None:
    case.session(at=None)
    case.file.symlink_to("nothing_here.wav")


def _loop(case: Case) -> None:
    case.session(at=None)
    case.file.symlink_to(case.name)


def _longer_loop(case: Case) -> None:
    case.session(at=None)
    case.file.symlink_to(f"b{case.key}")
    (case.root / f"b{case.key}").symlink_to(case.name)


def _shut_file(case: Case) -> None:
    case.session()
    case.file.chmod(0)


def _shut_folder(case: Case) -> None:
    at = f"shut{case.key}/{{name}}"
    case.session(path=PREFIX + at, at=at)
    (case.root / f"shut{case.key}").chmod(0)


def _unlisted_folder(case: Case) -> None:
    at = f"unlisted{case.key}/{{name}}"
    case.session(path=PREFIX + at, at=at)
    (case.root / f"unlisted{case.key}").chmod(0o711)


def _unlisted_folder_nothing_in_it(case: Case) -> None:
    folder = case.root / f"unlisted{case.key}"
    folder.mkdir(mode=0o711)
    case.session(path=PREFIX + f"unlisted{case.key}/{{name}}", at=None)


def _shut_just_now(case: Case) -> None:
    case.finished(5)
    case.file.chmod(0)


STATES: tuple[State, ...] = (
    State("misplaced_in_a_folder", lambda case: case.session(at="archive/{name}"), MISPLACED, ELSEWHERE),
    State("misplaced_up_from_a_folder", lambda case: case.session(path=PREFIX + "day/{name}"), MISPLACED, ELSEWHERE),
    State(
        "misplaced_other_base", lambda case: case.session(path="/data/old/long_sequences/{name}"), MISPLACED, ELSEWHERE
    ),
    State("misplaced_case", lambda case: case.session(at=case.name.upper()), MISPLACED, ALMOST),
    State("misplaced_extension_case", lambda case: case.session(at=case.name[:-4] + ".WAV"), MISPLACED, ALMOST),
    State("misplaced_extension", lambda case: case.session(at=case.name[:-4] + ".wave"), MISPLACED, ALMOST),
    State("misplaced_composed", _composed, broken("file.misplaced", "path.bad_name"), ALMOST),
    State("misplaced_decomposed", _decomposed, broken("file.misplaced", "path.bad_name"), ALMOST),
    State(
        "misplaced_escaped_twice",
        lambda case: case.session(path=PREFIX + case.name.replace("_", "%255F")),
        broken("file.misplaced", "path.bad_name"),
        ALMOST,
    ),
    State(
        "misplaced_other_time",
        lambda case: case.session(at="long_sequence_{key}_20250825_090001.wav"),
        MISPLACED,
        NAMED,
    ),
    State(
        "misplaced_blank_path", lambda case: case.session(path="", at="x/{name}"), MISPLACED, "7: or the path is blank"
    ),
    State("misplaced_twice", _two_candidates, MISPLACED, TWO),
    State("misplaced_moved_between_passes", _moved, MISPLACED, "7 before 8: order is precedence"),
    State("misplaced_row_renamed", _row_renamed, MISPLACED, NAMED),
    State("candidate_claimed_by_another", _candidate_of_another, broken("file.never_written"), CLAIMED),
    State("candidate_of_a_longer_id", _file_of_another_id, broken("file.never_written"), NAMED),
    State("deleted", _deleted, broken("file.deleted", confidence="certain"), DELETED),
    State("deleted_with_its_folder", _deleted_with_its_folder, broken("file.deleted"), DELETED),
    State("deleted_behind_a_file", _deleted_behind_a_file, broken("file.deleted"), DELETED),
    State("deleted_after_it_was_cut", _deleted_cut_file, broken("file.deleted"), DELETED),
    State(
        "never_written_before_us",
        lambda case: case.session(at=None),
        broken("file.never_written", confidence="possible"),
        BEFORE_US,
    ),
    State(
        "never_written",
        _before_and_after,
        broken("file.never_written", confidence="likely"),
        NEVER + "; likely: two independent signs",
    ),
    State("never_written_behind_a_file", _behind_a_file, broken("file.never_written"), NEVER),
    State(
        "never_written_unknown_folder",
        lambda case: case.session(at=None, path=PREFIX + "no/such/{name}"),
        broken("file.never_written"),
        NEVER,
    ),
    State(
        "never_written_bare_name",
        lambda case: case.session(at=None, path="{name}"),
        broken("file.never_written"),
        "34 to 41: completed sessions whose file is in order",
    ),
    State("directory", _directory, broken("file.not_a_file"), NOT_A_FILE),
    State("directory_with_files", _full_directory, broken("file.not_a_file"), NOT_A_FILE),
    State("fifo", _fifo, broken("file.not_a_file"), NOT_A_FILE + " (opening it must not hang)"),
    State("socket", _socket, broken("file.not_a_file"), NOT_A_FILE),
    State("dangling_link", _dangling, broken("file.not_a_file"), NOT_A_FILE),
    State("looping_link", _loop, broken("file.not_a_file"), NOT_A_FILE),
    State("looping_links", _longer_loop, broken("file.not_a_file"), NOT_A_FILE),
    State("unreadable_file", _shut_file, broken("file.unreadable"), KEPT_OUT, NOBODY),
    State("unreadable_folder", _shut_folder, broken("file.unreadable"), KEPT_OUT, NOBODY),
    State(
        "unreadable_just_now", _shut_just_now, broken("file.unreadable"), "settling: 5 to 9, 12 to 18: not 10", NOBODY
    ),
    State(
        "folder_that_lets_stat_through",
        _unlisted_folder,
        OK,
        "10: a folder that can't be listed but lets stat through is decided normally",
        NOBODY,
    ),
    State(
        "nothing_in_such_a_folder",
        _unlisted_folder_nothing_in_it,
        broken("file.never_written"),
        "10: … is decided normally",
        NOBODY,
    ),
    State("readable_beside_them", lambda case: case.session(), OK, "ok", NOBODY),
)
