"""The audio is served by another user than the one who looks: READING_USER is kept out, or is not."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator

from tests.another_user import MASK, NAMED_USER, OTHER, OWNER, OWNING_GROUP, set_acl, takes_acls
from tests.corpus.labels import OK, State, World, broken, failed, noticed
from tests.corpus.wavs import WHOLE
from tests.corpus.world import PREFIX, Case

KEPT_OUT = "10: permissions (its own or a folder's below the root) keep out this process or READING_USER"
DECIDED = "10: a folder that can't be listed but lets stat through is decided normally"
REST = "order is precedence: the first that applies is the cause, the rest stay as further findings"
BELOW = "10: its own or a folder's below the root"
IN_ORDER = "34 to 41: completed sessions whose file is in order"
COMPLETED = "6 to 19: completed sessions"
NOBODY = pwd.getpwnam("nobody")
READER = World("read_by_nobody", settings=(("READING_USER", "nobody"),))
READER_WITHOUT_RIGHTS = World("read_by_another", settings=(("READING_USER", "33"),), is_unprivileged=True)
UNREADABLE = broken("file.unreadable", confidence="certain")


def _shut(case: Case, **row: object) -> None:
    case.session(**row)  # type: ignore[arg-type]  # keywords of both kinds
    case.file.chmod(0o600)


def _in_folder(case: Case, mode: int) -> None:
    at = f"of{case.key}/{{name}}"
    case.session(path=PREFIX + at, at=at)
    (case.root / f"of{case.key}").chmod(mode)


def _in_folder_of_folder(case: Case) -> None:
    at = f"above{case.key}/below/{{name}}"
    case.session(path=PREFIX + at, at=at)
    (case.root / f"above{case.key}").chmod(0o750)


def _nothing_in_a_shut_folder(case: Case) -> None:
    (case.root / f"of{case.key}").mkdir(mode=0o700)
    case.session(path=PREFIX + f"of{case.key}/{{name}}", at=None)


def _folder_shut_between_passes(case: Case) -> Iterator[None]:
    _in_folder(case, 0o755)
    yield
    (case.root / f"of{case.key}").chmod(0o700)


def _folder_opened_between_passes(case: Case) -> Iterator[None]:
    _in_folder(case, 0o700)
    yield
    (case.root / f"of{case.key}").chmod(0o755)


def _file_shut_between_passes(case: Case) -> Iterator[None]:
    case.session()
    yield
    case.file.chmod(0o640)


def _linked_to_a_shut_file(case: Case) -> None:
    case.session(at=f"real{case.key}.wav")
    (case.root / f"real{case.key}.wav").chmod(0o600)
    case.file.symlink_to(f"real{case.key}.wav")


def _shut_just_now(case: Case) -> None:
    case.finished(5)
    case.file.chmod(0o600)


def _failed_with_a_shut_file(case: Case) -> None:
    case.write("{name}")
    case.failed("ValueError: boom", final_file_path=PREFIX + case.name)
    case.file.chmod(0o600)


def _given(case: Case, *, uid: int = -1, gid: int = -1, mode: int) -> None:
    case.session()
    os.chown(case.file, uid, gid)
    case.file.chmod(mode)


def _acl(case: Case, *, nobody: int, mask: int, others: int) -> None:
    case.session()
    named = {(NAMED_USER, NOBODY.pw_uid): nobody, (OWNING_GROUP, None): 4}
    set_acl(case.file, {(OWNER, None): 6, **named, (MASK, None): mask, (OTHER, None): others})


def _root_shut(case: Case) -> None:
    case.root.chmod(0o700)


OF_ROOT = (
    State("reader_kept_out_as_owner", lambda case: _given(case, uid=NOBODY.pw_uid, mode=0o044), UNREADABLE, KEPT_OUT, READER),
    State("reader_kept_out_as_group", lambda case: _given(case, gid=NOBODY.pw_gid, mode=0o604), UNREADABLE, KEPT_OUT, READER),
    State("reader_let_in_as_owner", lambda case: _given(case, uid=NOBODY.pw_uid, mode=0o400), OK, KEPT_OUT, READER),
    State("reader_let_in_as_group", lambda case: _given(case, gid=NOBODY.pw_gid, mode=0o640), OK, KEPT_OUT, READER),
)  # fmt: skip
OF_ACLS = (
    State("reader_kept_out_by_acl", lambda case: _acl(case, nobody=0, mask=4, others=4), UNREADABLE, KEPT_OUT, READER),
    State("reader_kept_out_by_mask", lambda case: _acl(case, nobody=4, mask=2, others=4), UNREADABLE, KEPT_OUT, READER),
    State("reader_let_in_by_acl", lambda case: _acl(case, nobody=4, mask=4, others=0), OK, KEPT_OUT, READER),
)

STATES: tuple[State, ...] = (
    State("reader_kept_out_by_the_file", _shut, UNREADABLE, KEPT_OUT, READER),
    State("reader_kept_out_by_a_folder", lambda case: _in_folder(case, 0o700), UNREADABLE, KEPT_OUT, READER),
    State("reader_may_list_and_not_enter", lambda case: _in_folder(case, 0o744), UNREADABLE, KEPT_OUT, READER),
    State("reader_kept_out_by_a_folder_above", _in_folder_of_folder, UNREADABLE, KEPT_OUT, READER),
    State("reader_kept_out_behind_a_link", _linked_to_a_shut_file, UNREADABLE, KEPT_OUT, READER),
    State("reader_kept_out_between_passes", _file_shut_between_passes, UNREADABLE, KEPT_OUT, READER),
    State("reader_s_folder_shut_between_passes", _folder_shut_between_passes, UNREADABLE, KEPT_OUT, READER),
    State("reader_s_folder_opened_between_passes", _folder_opened_between_passes, OK, KEPT_OUT, READER),
    State("reader_kept_out_just_now", _shut_just_now, UNREADABLE, "settling: 5 to 9, 12 to 18: not 10", READER),
    State(
        "reader_kept_out_of_a_cut_file",
        lambda case: _shut(case, content=WHOLE[:900], final_file_size=len(WHOLE)),
        broken("file.unreadable", "file.truncated"),
        REST,
        READER,
    ),
    State(
        "reader_kept_out_of_an_empty_file",
        lambda case: _shut(case, content=b"", final_file_size=len(WHOLE)),
        broken("file.unreadable", "file.empty"),
        REST,
        READER,
    ),
    State(
        "reader_kept_out_of_another_size",
        lambda case: _shut(case, final_file_size=7),
        broken("file.unreadable", "file.size_mismatch"),
        REST,
        READER,
    ),
    State(
        "reader_kept_out_with_an_old_error",
        lambda case: _shut(case, error_message="ValueError: boom"),
        broken("file.unreadable", "record.stale_error"),
        "42: completed and whole, but an old error message still stands",
        READER,
    ),
    State("reader_kept_out_of_a_bare_name", lambda case: _shut(case, path="{name}"), UNREADABLE, IN_ORDER, READER),
    State(
        "reader_kept_out_of_a_failed_one_s",
        _failed_with_a_shut_file,
        failed("record.half_committed", "generation.unrecognised"),
        COMPLETED,
        READER,
    ),
    State(
        "nothing_in_a_folder_shut_for_the_reader",
        _nothing_in_a_shut_folder,
        broken("file.never_written"),
        "10: it is there, but …",
        READER,
    ),
    State("reader_let_in_by_others", lambda case: case.session(), OK, "ok", READER),
    State("reader_enters_what_it_cannot_list", lambda case: _in_folder(case, 0o711), OK, DECIDED, READER),
    State(
        "reader_reads_an_old_error",
        lambda case: case.session(error_message="ValueError: boom"),
        noticed("record.stale_error"),
        "42: completed and whole, but an old error message still stands",
        READER,
    ),
    *(OF_ROOT if os.geteuid() == 0 else ()),
    *(OF_ACLS if takes_acls() else ()),
    State("both_kept_out", _shut, UNREADABLE, KEPT_OUT + ": one finding", READER_WITHOUT_RIGHTS),
    State("both_let_in", lambda case: case.session(), OK, "ok", READER_WITHOUT_RIGHTS),
    State("both_enter", lambda case: _in_folder(case, 0o711), OK, DECIDED, READER_WITHOUT_RIGHTS),
    State(
        "reader_kept_out_of_the_root",
        lambda case: case.session(),
        OK,
        BELOW,
        World("root_shut_for_the_reader", settings=(("READING_USER", "nobody"),), prepare=_root_shut),
    ),
    State(
        "reader_unknown_to_this_machine",
        _shut,
        OK,
        "what could not be checked is never shown as broken",
        World("reader_unknown", settings=(("READING_USER", "nobody-of-that-name"),)),
    ),
    State("no_reader_named", _shut, OK, KEPT_OUT + ": neither is", World("no_reader")),
)
