"""The audio root on a real file system: what stands at a path, what a listing finds, and what keeps us out."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from diagnostics.domain.facts import AudioFacts, Presence
from diagnostics.probes.local_store import Listing, check_root, list_files, list_names, look_at
from tests.corpus.wavs import WHOLE

NOW = datetime(2025, 8, 25, 12, 0, tzinfo=UTC)
NOBODY = 65534


@pytest.fixture
def root() -> Iterator[Path]:
    """A folder that an unprivileged process can reach, too."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "audio"
        folder.mkdir()
        Path(name).chmod(0o755)
        yield folder


def look(root: Path, path: str) -> AudioFacts:
    return look_at(str(root), path, NOW)


def names(root: Path, *, skip: tuple[str, ...] = ()) -> set[bytes]:
    listing = Listing()
    found = {path for batch in list_files(str(root), listing, skip=skip) for path, _ in batch}
    assert found == set(list_names(str(root), Listing(), skip=skip))
    assert listing.entries == len(found)
    return found


def as_nobody(check: Callable[[], None]) -> None:
    """Run a check in a child without root's rights, for which no permission is a bar."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            check()
            code = 0
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_whole_file_is_seen_with_its_header(root: Path) -> None:
    (root / "a.wav").write_bytes(WHOLE)
    found = look(root, "a.wav")
    assert (found.presence, found.size_bytes, found.is_whole) == (Presence.REGULAR, len(WHOLE), True)
    assert found.observed_at == NOW


@pytest.mark.parametrize("path", ["nothing.wav", "no/such/folder.wav", "plain/below.wav", "a\0b.wav"])
def test_nothing_is_absent(root: Path, path: str) -> None:
    (root / "plain").write_bytes(b"")
    assert look(root, path).presence is Presence.ABSENT


def test_a_name_that_is_too_long_is_no_absence(root: Path) -> None:
    found = look(root, "x" * 300)
    assert (found.presence, found.error) == (Presence.ERROR, "ENAMETOOLONG")


@pytest.mark.parametrize("path", ["", "/", "folder", "folder/"])
def test_a_folder_is_not_a_file(root: Path, path: str) -> None:
    (root / "folder").mkdir()
    assert (look(root, path).presence, look(root, path).kind) == (Presence.NOT_A_FILE, "directory")


def test_a_pipe_is_not_opened(root: Path) -> None:
    os.mkfifo(root / "pipe.wav")
    assert (look(root, "pipe.wav").presence, look(root, "pipe.wav").kind) == (Presence.NOT_A_FILE, "fifo")


def test_a_socket_is_not_a_file(root: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(root / "s.wav"))
        assert look(root, "s.wav").kind == "socket"


def test_a_device_is_not_a_file() -> None:
    assert look(Path("/dev"), "null").kind == "device"


@pytest.mark.parametrize(
    ("target", "kind"), [("nothing", "dangling_link"), ("l.wav", "looping_link"), ("m", "looping_link")]
)
def test_a_link_that_leads_nowhere(root: Path, target: str, kind: str) -> None:
    (root / "l.wav").symlink_to(target)
    (root / "m").symlink_to("l.wav")
    found = look(root, "l.wav")
    assert (found.presence, found.kind) == (Presence.NOT_A_FILE, kind)


@pytest.mark.parametrize("target", ["../outside.wav", "/etc/hostname", "folder/../../outside.wav", "{root}_evil/a.wav"])
def test_a_link_that_leads_out_is_not_followed(root: Path, target: str) -> None:
    (root / "folder").mkdir()
    evil = root.with_name("audio_evil")
    evil.mkdir()
    for path in (evil / "a.wav", root.with_name("outside.wav")):
        path.write_bytes(WHOLE)
    (root / "l.wav").symlink_to(target.replace("{root}", str(root)))
    found = look(root, "l.wav")
    assert (found.presence, found.header) == (Presence.OUTSIDE, None)
    assert found.link_target


def test_a_folder_that_leads_out_is_not_followed(root: Path) -> None:
    root.with_name("outside").mkdir()
    (root.with_name("outside") / "a.wav").write_bytes(WHOLE)
    (root / "folder").symlink_to("../outside")
    assert look(root, "folder/a.wav").presence is Presence.OUTSIDE
    assert names(root) == {b"folder"}


def test_links_inside_are_followed(root: Path) -> None:
    (root / "real").mkdir()
    (root / "real" / "a.wav").write_bytes(WHOLE)
    (root / "alias").symlink_to("real")
    (root / "l.wav").symlink_to(root / "alias" / "a.wav")
    assert look(root, "l.wav").is_whole
    assert look(root, "alias/a.wav").is_whole


def test_a_root_that_is_a_link_is_the_root(root: Path) -> None:
    (root / "a.wav").write_bytes(WHOLE)
    root.with_name("link").symlink_to(root)
    assert look(root.with_name("link"), "a.wav").is_whole


@pytest.mark.parametrize(
    "name", [b"\xff\xfe.wav", b"two\nlines.wav", b"<script>.wav", b"=cmd().wav", "睡眠.wav".encode()]
)
def test_names_of_any_bytes_are_found(root: Path, name: bytes) -> None:
    (root / os.fsdecode(name)).write_bytes(WHOLE)
    assert names(root) == {name}
    found = look(root, os.fsdecode(name))
    assert found.is_whole
    found.path.encode()  # it can be shown: no lone surrogates


def test_a_listing_goes_into_folders_and_leaves_out_what_is_ignored(root: Path) -> None:
    for path in ("a.wav", "x/y/b.wav", ".DS_Store", "._a.wav", "@eaDir/c.wav", "Thumbs.db", "quarantine/d.wav"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"")
    os.mkfifo(root / "pipe")
    (root / "link").symlink_to("nowhere")
    found = names(root, skip=(str(root / "quarantine"),))
    assert found == {b"a.wav", b"x/y/b.wav", b"pipe", b"link"}


def test_a_listing_of_no_folder_raises(root: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        list(list_files(str(root / "nothing"), Listing()))


@pytest.mark.parametrize(("path", "problem"), [("", ""), ("gone", "missing"), ("plain", "missing")])
def test_the_root_is_checked(root: Path, path: str, problem: str) -> None:
    (root / "plain").write_bytes(b"")
    assert check_root(str(root / path), NOW).problem == problem


def test_no_root_is_not_configured() -> None:
    assert check_root("", NOW).problem == "not_configured"


def test_a_looping_root_has_a_problem(root: Path) -> None:
    (root / "loop").symlink_to("loop")
    assert check_root(str(root / "loop"), NOW).problem


def test_a_closed_file_is_unreadable_and_says_who_owns_it(root: Path) -> None:
    (root / "a.wav").write_bytes(WHOLE)
    (root / "a.wav").chmod(0o200)

    def check() -> None:
        found = look(root, "a.wav")
        assert (found.presence, found.error, found.blocked_at) == (Presence.UNREADABLE, "EACCES", "a.wav")
        assert found.mode == "--w-------"
        assert found.owner

    as_nobody(check)


def test_the_first_closed_folder_is_named(root: Path) -> None:
    (root / "x" / "y").mkdir(parents=True)
    (root / "x" / "y" / "a.wav").write_bytes(WHOLE)
    (root / "x" / "y").chmod(0o700 if os.geteuid() == 0 else 0)

    def check() -> None:
        found = look(root, "x/y/a.wav")
        assert (found.presence, found.blocked_at) == (Presence.UNREADABLE, "x/y")
        assert look(root, "x/y/nothing.wav").presence is Presence.UNREADABLE  # whether it is there, nobody can say

    as_nobody(check)
    (root / "x" / "y").chmod(0o700)


def test_a_folder_that_cannot_be_listed_is_noted_and_still_lets_stat_through(root: Path) -> None:
    (root / "shut").mkdir()
    (root / "shut" / "a.wav").write_bytes(WHOLE)
    (root / "open.wav").write_bytes(b"")
    (root / "shut").chmod(0o711 if os.geteuid() == 0 else 0o300)

    def check() -> None:
        listing = Listing()
        found = [path for batch in list_files(str(root), listing) for path, _ in batch]
        assert found == [b"open.wav"]
        assert listing.unlisted == {b"shut": "EACCES"}
        assert look(root, "shut/a.wav").is_whole
        assert look(root, "shut/nothing.wav").presence is Presence.ABSENT

    as_nobody(check)
    (root / "shut").chmod(0o700)


def test_a_closed_root_is_unreadable(root: Path) -> None:
    root.chmod(0o700 if os.geteuid() == 0 else 0)

    def check() -> None:
        assert check_root(str(root), NOW).problem == "unreadable"
        assert look(root, "a.wav").presence is Presence.UNREADABLE
        with pytest.raises(PermissionError):
            list(list_files(str(root), Listing()))

    as_nobody(check)
    root.chmod(0o700)
