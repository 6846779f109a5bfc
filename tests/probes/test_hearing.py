"""The helper that listens: it answers, or is given up in time; and never two at one root, whoever starts them."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from diagnostics.probes import hearing, sound
from diagnostics.probes.hearing import Effort, hear
from tests.another_user import as_nobody, open_folder
from tests.corpus.wavs import wav

QUICK = Effort(10**9, 0.3)
NORMAL = Effort(10**9, 8.0, niceness=10)
SLEEPING = (sys.executable, "-S", "-c", "import time; time.sleep(60)")
# It dies of the signal, as asked, but something of it stays behind, as a process does that the kernel holds.
STAYING = (sys.executable, "-S", "-c", "import os, time; os.fork(); os.close(1); time.sleep(3)")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, "STARTING_SECONDS", 1.0)


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "piece.wav").write_bytes(wav())
    yield tmp_path
    for process in hearing._abandoned:
        process.wait(10)


def test_it_tells_what_it_heard_of_which_file(root: Path) -> None:
    heard = hear(str(root), "piece.wav", NORMAL)
    found = (root / "piece.wav").stat()
    assert heard.facts.problem == ""
    assert (heard.facts.silent_from_seconds, heard.facts.length_seconds) == (None, 60.0)
    assert len(heard.facts.peaks) == 400
    assert heard.stamp == (found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def test_a_root_behind_a_link_and_names_of_any_bytes_are_heard(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    name = os.fsdecode(b"caf\xe9 \xff\n-x.wav")
    (root / name).write_bytes(wav())
    assert hear(str(tmp_path / "link"), name, NORMAL).facts.problem == ""


@pytest.mark.parametrize("path", ["gone.wav", "piece.wav/below", "../piece.wav", "", "x" * 300, "a\0b"])
def test_what_is_no_file_there_is_no_sound(path: str, root: Path) -> None:
    below = root / "below"
    below.mkdir()
    heard = hear(str(below), path, NORMAL)
    assert heard.facts.problem
    assert heard.stamp is None


def test_permissions_bind_it() -> None:
    """As a user whom modes bind: root is kept out of nothing."""
    with open_folder() as folder:
        (folder / "piece.wav").write_bytes(wav())
        (folder / "piece.wav").chmod(0)
        with as_nobody():
            facts, stamp = sound.hear(str(folder), "piece.wav", 10**9, 5.0)
    assert (facts.problem, stamp) == ("unreadable", None)


def test_one_that_does_not_answer_is_given_up_in_time(root: Path) -> None:
    begun = time.monotonic()
    heard = hear(str(root), "piece.wav", QUICK, helper=SLEEPING)
    assert heard.facts.problem == "no_answer"
    assert time.monotonic() - begun < 8


def test_it_stops_when_told(root: Path) -> None:
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    begun = time.monotonic()
    assert hear(str(root), "piece.wav", Effort(1, 30.0), helper=SLEEPING, stop=stop).facts.problem == "no_answer"
    assert time.monotonic() - begun < 8


def test_while_one_hangs_no_other_is_started_at_its_root(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert hear(str(root), "piece.wav", QUICK, helper=STAYING).facts.problem == "no_answer"
    assert hear(str(root), "piece.wav", QUICK).facts.problem == "busy"
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "piece.wav").write_bytes(wav())
    assert hear(str(elsewhere), "piece.wav", NORMAL).facts.problem == ""
    assert hear(str(root), "piece.wav", NORMAL).facts.problem == ""  # once the other has gone


def test_two_who_ask_at_once_are_served_one_after_the_other(root: Path) -> None:
    problems: list[str] = []
    threads = [
        threading.Thread(target=lambda: problems.append(hear(str(root), "piece.wav", NORMAL).facts.problem))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == [""] * 4


@pytest.mark.parametrize("words", ["", "nonsense", "[]", '{"stamp": null}', '{"peaks": "zz", "stamp": [1, 2, 3]}'])
def test_words_that_mean_nothing_are_no_answer(words: str, root: Path) -> None:
    helper = (sys.executable, "-S", "-c", f"print({words!r}, end='')")
    assert hear(str(root), "piece.wav", NORMAL, helper=helper).facts.problem == "no_answer"


def test_a_helper_that_cannot_be_started_is_no_answer(root: Path) -> None:
    assert hear(str(root), "piece.wav", NORMAL, helper=("/nowhere/python",)).facts.problem == "no_answer"
