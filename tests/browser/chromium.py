"""Finds a Chromium that really starts; `python -m tests.browser.chromium --install` brings one where none is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ADVICE = "Browser tests need Chromium: sudo apt install chromium, or put chromium or google-chrome on the PATH."


def find() -> str | None:
    """Return the executable: one on the PATH that starts (Ubuntu's is only a stub without snap), else Playwright's own."""
    on_path = next((path for name in NAMES if (path := shutil.which(name)) and _starts(path)), None)
    return on_path or _playwrights_own()


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return str(path) if path.exists() and _starts(str(path)) else None


def _starts(path: str) -> bool:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def install() -> str | None:
    """Try the system's package manager, then Playwright; return the executable that starts now, if any."""
    for attempt in _attempts():
        print("+", " ".join(attempt), flush=True)
        try:
            subprocess.run(attempt, check=False, timeout=900, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
        except (OSError, subprocess.TimeoutExpired) as error:
            print(error, file=sys.stderr)
        if path := find():
            return path
    return None


def _attempts() -> list[list[str]]:
    is_root = os.geteuid() == 0
    rights = [] if is_root else ["sudo", "-n"]
    playwright = [sys.executable, "-m", "playwright", "install", *(["--with-deps"] if is_root else []), "chromium"]
    if not shutil.which("apt-get"):
        return [playwright]
    packages = ["chromium", "fonts-noto-cjk"]
    update, bring = [*rights, "apt-get", "update", "-q"], [*rights, "apt-get", "install", "-q", "-y", *packages]
    return [bring, update, bring, playwright]


def main(arguments: list[str]) -> int:
    path = find() or (install() if "--install" in arguments else None)
    if path is None:
        print(ADVICE, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
