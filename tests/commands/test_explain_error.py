"""`manage.py explain_error TEXT`, as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MISSING = '{errMsg: "INNERERRCODE:-1100, ERRMSG:在此服务器上找不到所请求的URL。", errCode: 10001}'


def run(
    *arguments: str, given: bytes = b"", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    settings = {"PATH": "/usr/bin:/bin", "ENV_FILE": "/dev/null", "SECRET_KEY": "x" * 60, "DEBUG": "on"}
    return subprocess.run(
        [sys.executable, "manage.py", "explain_error", *arguments],
        cwd=ROOT,
        input=given,
        capture_output=True,
        timeout=60,
        env=settings | (environment or {}),
        check=False,
    )


def test_it_gives_the_json_of_the_contract() -> None:
    done = run(f"会话 5 {MISSING}", "--json")
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    document = json.loads(done.stdout)
    assert list(document)[:6] == ["source", "code", "meaning", "suspects", "session_id", "url"]
    assert (document["source"], document["code"], document["outer_code"]) == ("ios", "-1100", "10001")
    assert set(document["meaning"]) == set(document["check"]) == {"en", "zh-hans"}
    assert document["suspects"][:2] == ["file.deleted", "file.never_written"]
    assert (document["session_id"], document["url"]) == ("5", None)
    assert [error["code"] for error in document["errors"]] == ["-1100"]


def test_it_reads_standard_input_whatever_its_bytes() -> None:
    done = run("-", "--json", given=b"\xff\xfe errCode:55,err:unknow format \x00")
    assert json.loads(done.stdout)["code"] == "55"


def test_an_unknown_text_says_what_to_ask_for() -> None:
    document = json.loads(run("放不出来", "--json").stdout)
    assert (document["source"], document["code"], document["suspects"]) == ("unknown", "", [])
    assert "Ask for" in document["meaning"]["en"]


def test_it_is_readable_without_json() -> None:
    said = run(MISSING).stdout.decode()
    assert said.startswith("ios -1100 (errCode 10001)\n")
    assert "suspects: file.deleted, file.never_written" in said
    assert "服务器" in said


def test_a_terminal_without_chinese_gets_escapes() -> None:
    done = run(MISSING, environment={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0, done.stderr
    assert b"\\u670d" in done.stdout


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_text_is_an_error(text: str) -> None:
    done = run(text)
    assert done.returncode == 1
    assert b"no text to explain" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_number_alone_is_taken_as_text_and_stays_unknown() -> None:
    assert json.loads(run("-1100", "--json").stdout)["source"] == "unknown"


def test_no_secret_is_printed() -> None:
    done = run("GET https://u:S3cr3tPass@h.cn/static/a.wav?token=S3cr3tPass 401 (Unauthorized)", "--json")
    assert b"S3cr3tPass" not in done.stdout
    assert json.loads(done.stdout)["url"] == "https://h.cn/static/a.wav"
