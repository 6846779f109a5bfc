"""Processes of their own, with a host, an audio folder and a database of ours below one folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def surroundings(folder: Path, own: str = "") -> dict[str, str]:
    """Make the folder's parts and return the environment that names them."""
    (folder / "audio").mkdir(parents=True)
    (folder / "host.sqlite3").touch()
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "of-a-test",
        "DEBUG": "on",
        "DATABASE_URL": own or f"sqlite:///{folder}/own.sqlite3",
        "HOST_DATABASE_URL": f"sqlite:///{folder}/host.sqlite3",
        "AUDIO_ROOT": str(folder / "audio"),
    }


def started(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    """Start a Python of this project."""
    command = [sys.executable, *arguments]
    return subprocess.Popen(
        command, env=environment, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def said(process: subprocess.Popen[str]) -> str:
    """Wait for the end and return what was printed; the process must have ended well."""
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error[-4000:]
    return out
