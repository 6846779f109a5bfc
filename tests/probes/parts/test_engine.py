"""The smoke test of the engine with real processes: how it ended, within its time, in little memory, without a secret."""

from __future__ import annotations

import os
import re
import shlex
import signal
import sys
import tracemalloc
from pathlib import Path

import pytest

from diagnostics.domain.parts import ENGINE
from diagnostics.probes.parts.asking import ask
from diagnostics.probes.parts.engine import _Ends, look
from diagnostics.probes.parts.told import PartQuestion, PartTold
from tests.another_user import as_nobody, open_folder
from tests.faults.hang import children, eventually, has_ended, within


def tried(command: str, seconds: float = 5) -> PartTold:
    """Ask as the worker does."""
    return ask(PartQuestion(ENGINE, seconds, {"command": command}))


def python(code: str) -> str:
    return shlex.join([sys.executable, "-S", "-c", code])


def shell(script: str) -> str:
    return shlex.join(["sh", "-c", script])


class TestHowItEnded:
    def test_zero_is_up(self) -> None:
        told = tried(shell("echo one; echo two; echo warning >&2"))
        assert (told.state, told.problem, told.detail) == ("up", "", "two")
        assert told.values["exit_code"] == 0
        assert 0 < float(told.values["took_seconds"] or 0) < 5

    @pytest.mark.parametrize("code", [1, 2, 42, 139, 255])
    def test_any_other_code_is_down_and_told(self, code: int) -> None:
        told = tried(shell(f"exit {code}"))
        assert (told.state, told.problem, told.values["exit_code"]) == ("down", "exit_code", code)

    @pytest.mark.parametrize("name", ["SIGSEGV", "SIGKILL", "SIGABRT", "SIGTERM", "SIGRTMIN"])
    def test_a_signal_is_told_by_its_name(self, name: str) -> None:
        told = tried(shell(f"kill -{int(getattr(signal, name))} $$"))
        assert (told.state, told.problem, told.detail) == ("down", "killed", name)
        assert told.values["exit_code"] is None

    def test_the_line_that_tells_the_reason_is_told(self) -> None:
        told = tried(shlex.join([sys.executable, "-c", "print('loading'); import no_such_synthesis; print('never')"]))
        assert told.problem == "exit_code"
        assert told.detail == "ModuleNotFoundError: No module named 'no_such_synthesis'"

    def test_a_reason_is_found_before_the_last_line(self) -> None:
        told = tried(shell("echo 'OSError: [Errno 28] No space left on device' >&2; echo Bye. >&2; exit 1"))
        assert told.detail == "OSError: [Errno 28] No space left on device"

    def test_one_that_takes_too_long_is_down_and_ended_with_all_it_started(self, tmp_path: Path) -> None:
        pids = tmp_path / "pids"
        before = children()
        with within(4):
            told = tried(shell(f"trap '' TERM; sleep 77 & echo $$ $! > {pids}; echo stage 2 of 3; sleep 78"), 0.7)
        assert (told.state, told.problem, told.detail) == ("down", "timeout", "stage 2 of 3")
        assert told.values["exit_code"] is None
        assert 0.7 <= float(told.values["took_seconds"] or 0) < 2
        assert all(map(has_ended, map(int, pids.read_text().split())))
        assert children() <= before

    def test_a_crash_leaves_no_memory_image(self) -> None:
        told = tried(python("import resource; print(resource.getrlimit(resource.RLIMIT_CORE))"))
        assert told.detail == "(0, 0)"


class TestWhatCannotStart:
    @pytest.mark.parametrize("command", ["no-such-engine", "/no/such/engine", "/etc/passwd/engine"])
    def test_what_is_not_there_is_not_found(self, command: str) -> None:
        told = tried(f"{command} --try")
        assert (told.state, told.problem) == ("down", "not_found")
        assert command in told.detail

    def test_a_script_whose_interpreter_is_missing_is_not_found(self, tmp_path: Path) -> None:
        script = tmp_path / "engine"
        script.write_text("#!/srv/gone/venv/bin/python\n")
        script.chmod(0o755)
        assert tried(str(script)).problem == "not_found"

    def test_what_is_no_program_is_denied(self, tmp_path: Path) -> None:
        for mode, content in ((0o644, "#!/bin/sh\n"), (0o755, "\0\1\2 no program")):
            (tmp_path / "engine").write_text(content)
            (tmp_path / "engine").chmod(mode)
            assert (tried(str(tmp_path / "engine")).state, tried(str(tmp_path / "engine")).problem) == (
                "down",
                "denied",
            )
        assert tried(str(tmp_path)).problem == "denied"

    def test_what_this_user_may_not_execute_is_denied(self) -> None:
        with open_folder() as folder:
            (folder / "engine").write_text("#!/bin/sh\necho ran\n")
            (folder / "engine").chmod(0o744)
            with as_nobody():
                told = look({"command": str(folder / "engine")}, 3)
            assert (told.state, told.problem) == ("down", "denied")
            if os.geteuid() == 0:
                assert tried(str(folder / "engine")).state == "up"

    @pytest.mark.parametrize("command", ["", "   ", "engine 'open", "engine \0"])
    def test_what_is_no_command_is_unknown(self, command: str) -> None:
        told = tried(command)
        assert (told.state, told.problem) == ("unknown", "failed")


class TestItsSurroundings:
    def test_there_is_no_shell(self, tmp_path: Path) -> None:
        assert tried(f"echo $HOME; touch {tmp_path}/made").detail == f"$HOME; touch {tmp_path}/made"
        assert not (tmp_path / "made").exists()

    def test_nobody_answers_its_questions(self) -> None:
        with within(4):
            assert tried(shell("read answer || echo nothing")).detail == "nothing"

    def test_it_gets_nothing_of_what_we_hold(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOST_DATABASE_URL", "postgres://a:sesame@b/c")
        monkeypatch.setenv("LANG", "zh_CN.UTF-8")
        code = (
            "import os; print(sorted(os.environ), os.environ['LANG'], sorted(os.listdir('/proc/self/fd')), os.getcwd())"
        )
        told = tried(python(code))
        assert "HOST_DATABASE_URL" not in told.detail
        assert "SECRET_KEY" not in told.detail
        assert told.detail.endswith("zh_CN.UTF-8 ['0', '1', '2', '3'] /")  # 3 is the folder that it lists

    def test_it_may_be_given_more(self) -> None:
        assert tried(f"env -C /tmp MODEL=large {shell('echo $MODEL in $PWD')}").detail == "large in /tmp"


class TestItsOutput:
    @pytest.mark.parametrize("code", [0, 3])
    def test_a_flood_on_both_streams_neither_blocks_nor_fills_memory(self, code: int) -> None:
        flood = f"""
import os, threading
def write(stream):
    for _ in range(160): os.write(stream, b'{"x" * 63}\\n' * 1024)
    os.write(stream, b'last of %d\\n' % stream)
threads = [threading.Thread(target=write, args=(stream,)) for stream in (1, 2)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
os._exit({code})
"""
        tracemalloc.start()
        told = look({"command": python(flood)}, 20)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert told.detail == ("last of 2" if code else "last of 1")
        assert told.values["exit_code"] == code
        assert most < 1_000_000

    def test_a_flood_without_end_is_ended_in_time(self) -> None:
        with within(5):
            told = tried(shell("yes abcdefgh & yes abcdefgh >&2"), 1)
        assert told.problem == "timeout"

    def test_one_who_keeps_the_pipe_open_is_not_waited_for(self, tmp_path: Path) -> None:
        pid = tmp_path / "pid"
        with within(4):
            told = tried(shell(f"sleep 77 & echo $! > {pid}; echo done"), 20)
        assert (told.state, told.detail) == ("up", "done")
        assert has_ended(int(pid.read_text()))

    def test_those_who_leave_their_group_and_flood_the_pipe_are_not_waited_for(self, tmp_path: Path) -> None:
        pids = tmp_path / "pids"
        flood = f"setsid yes {'more' * 500} & echo $! >> {pids}; "
        with within(8):
            told = tried(shell(f"{flood * 6} sleep 0.3; echo ready >&2"), 20)
        assert told.state == "up"
        assert eventually(lambda: all(map(has_ended, map(int, pids.read_text().split()))))  # nobody reads their pipe

    def test_what_a_command_leaves_behind_costs_no_turn(self, tmp_path: Path) -> None:
        """A service that it starts holds nothing of ours: the next probe is not kept from its work."""
        question = PartQuestion(ENGINE, 5, {"command": shell(f"setsid sleep 55 & echo $! > {tmp_path}/pid; sleep 0.3")})
        assert ask(question, locks=str(tmp_path)).state == "up"
        with within(4):
            assert ask(question, locks=str(tmp_path)).state == "up"
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)

    def test_bytes_that_are_no_text_are_told_as_text(self) -> None:
        told = tried(
            python("import os; os.write(2, bytes(range(256)) * 40 + b'\\n\\xff\\0 end \\xe9\\x1b[0m'); os._exit(1)")
        )
        assert told.detail == "\ufffd end \ufffd [0m"

    def test_what_is_told_is_bounded(self) -> None:
        assert len(tried(shell("head -c 1500 /dev/zero | tr '\\0' x; exit 1")).detail) == 120
        told = tried(shell("head -c 150000 /dev/zero | tr '\\0' x; echo; echo end; exit 1"))
        assert told.detail == "end"
        told = tried(shell("head -c 150000 /dev/zero | tr '\\0' x; exit 1"))  # one line, which the cut parts
        assert (told.problem, told.detail) == ("exit_code", "")

    @pytest.mark.parametrize("length", [2047, 2048, 2049, 3000, 4096])
    def test_what_need_not_be_cut_is_whole(self, length: int) -> None:
        lines = "No space left on device\n" + "x" * (length - 29) + "\nend."
        assert len(lines) == length
        ends = _Ends()
        for at in range(0, length, 700):
            ends.add(lines[at : at + 700].encode())
        assert ends.text() == lines

    def test_of_what_is_cut_the_lines_at_both_ends_are_kept(self) -> None:
        ends = _Ends()
        for at in range(9000):
            ends.add(b"line %d\n" % at)
        lines = ends.text().split("\n")
        assert (lines[0], lines[-2]) == ("line 0", "line 8999")
        assert all(re.fullmatch(r"line \d+|", line) for line in lines)
        assert 3900 < len(ends.text()) <= 4096


SECRETS = [
    "GET https://cdn/x.wav?token=sesame123&e=1", "Authorization: Bearer sesame123", "password=sesame123",
    "redis://:sesame123@cache:6379/0", '{"api_key": "sesame123"}', "postgres://app:sesame123@db/host",
]  # fmt: skip


class TestSecrets:
    @pytest.mark.parametrize("line", SECRETS)
    @pytest.mark.parametrize("ending", ["exit 0", "exit 1", "kill -9 $$", "sleep 60"])
    def test_none_of_its_output_is_told(self, line: str, ending: str) -> None:
        told = look({"command": shell(f"echo {shlex.quote(line)}; echo {shlex.quote(line)} >&2; {ending}")}, 0.4)
        assert told.detail
        assert "sesame" not in told.detail

    @pytest.mark.parametrize(
        "command",
        [
            "env API_KEY=sesame123 {}",
            "env DB=redis://:sesame123@c/0 {}",
            "{} --token sesame123",
            "{} --api-key=sesame123",
        ],
    )
    def test_none_of_its_own_command_is_told(self, command: str) -> None:
        printing = python("import sys; print(sys.argv[1:], 'sesame123 ' + 'alone'); sys.exit(1)")
        told = tried(command.format(printing))
        assert told.problem == "exit_code"
        assert "sesame" not in str(told)

    @pytest.mark.parametrize("at", range(2010, 2060, 3))
    def test_one_that_the_cut_parts_is_not_told_in_half(self, at: int) -> None:
        """Where the beginning of the output ends, and where its end begins."""
        secret = "Bearer " + "sesame" * 5
        before = f"import sys; sys.stderr.write('x' * {at} + ' {secret} ' + 'y' * 8000); sys.exit(1)"
        behind = f"import sys; sys.stderr.write('y' * 8000 + '{secret} ' + 'x' * {at - 30}); sys.exit(1)"
        assert "sesame" not in look({"command": python(before)}, 5).detail
        assert "sesame" not in look({"command": python(behind)}, 5).detail
