"""Takes the pictures of the README from a fresh demo host; with --all FOLDER, every page in every dress, to be looked at.

python -m tests.browser.screenshots
python -m tests.browser.screenshots --all var/screenshots
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from config.env import BASE_DIR
from tests.browser import chromium

SHOTS = BASE_DIR / "docs" / "screenshots"
PORT, DEMO_PORT = "8870", "8871"
BASE = f"http://127.0.0.1:{PORT}"
START_SECONDS = 180
ADDRESSES = {
    "overview": "/",
    "sessions": "/sessions/",
    "sessions-filtered": "/sessions/?verdict=broken",
    "sessions-none": "/sessions/?user=nobody",
    "incidents": "/incidents/",
    "incidents-resolved": "/incidents/?state=resolved",
    "resources": "/resources/",
    "passes": "/passes/",
    "file-findings": "/file-findings/",
    "player-errors": "/player-errors/",
    "runs": "/runs/",
    "pause": "/pause/",
    "policies": "/policies/",
    "policy": "/policies/orphans/",
    "policy-decide": "/policies/orphans/decide/",
    "emergency": "/policies/emergency/",
    "quarantine": "/quarantine/",
    "audit": "/audit/",
    "alerts": "/alerts/",
    "worker": "/worker/",
    "markers": "/markers/",
    "report": "/report/",
    "alert-rules": "/alerts/rules/",
    "alert-rule": "/alerts/rules/success_rate/",
}
# What a ticket holds, pasted for `--all`; the session is one that plays.
LOG = """📊 状态数据详情:
- 会话ID: {key}
- 状态: completed
🎵 音频事件: 播放错误 {{errMsg: "INNERERRCODE:-1100, ERRMSG:在此服务器上找不到所请求的URL。", errCode: 10001}}
"""
# One session of each of these is shown, where the demo host has one.
SESSIONS = {
    "session-deleted": "cause=file.deleted",
    "session-truncated": "cause=file.truncated",
    "session-failed": "cause=generation.disk_full",
    "session-stalled": "cause=worker.stalled",
    "session-crashed": "cause=worker.crashed",
    "session-silent": "cause=file.silent",
    "session-twice": "cause=record.duplicate_request",
    "session-unknown-error": "cause=generation.unrecognised",
    "session-well": "verdict=playable",
    "session-not-ready": "verdict=not_ready",
}
# What the demo host's history does not hold, and is done for `--all` alone.
FURTHER = ("file.silent", "record.duplicate_request", "worker.crashed")


@dataclass(frozen=True, slots=True)
class Dress:
    """How a page is shown."""

    theme: str = "light"
    language: str = "en"
    width: int = 1440


@dataclass(frozen=True, slots=True)
class Login:
    name: str
    password: str


@contextmanager
def running_demo(folder: Path) -> Iterator[dict[str, Login]]:
    """Run a copy of everything, as `make run` does, so that pictures show no path of this machine; give the logins."""
    app = folder / "app"
    shutil.copytree(BASE_DIR, app, ignore=shutil.ignore_patterns(".*", "var", "__pycache__"))
    environment = demo_environment(folder)
    run = subprocess.Popen(
        [sys.executable, "-u", "-m", "config.run"], cwd=app, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        yield read_logins(run)
    finally:
        run.send_signal(signal.SIGINT)
        run.wait(30)


def demo_environment(folder: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("HOST_", "AUDIO_"))},
        "ENV_FILE": os.devnull,
        "DEMO_ROOT": str(folder / "host"),
        "DATABASE_URL": f"sqlite:///{folder}/dashboard.sqlite3",
        "PORT": PORT,
        "DEMO_PORT": DEMO_PORT,
    }


def break_something(folder: Path, code: str) -> None:
    """Do to the demo host what a code describes."""
    command = [sys.executable, "-m", "demo", "break", code]
    subprocess.run(command, cwd=folder / "app", env=demo_environment(folder), check=True, stdout=subprocess.DEVNULL)


def read_logins(run: subprocess.Popen[str]) -> dict[str, Login]:
    logins = {}
    for line in run.stdout or ():
        if found := re.match(r"\s*(\w+)\s+(\w+)\s+password (\S+)$", line):
            logins[found[2]] = Login(found[1], found[3])
        if line.startswith("Open "):
            return logins
    raise SystemExit("the demo did not start: see var/log")


def signed_in(browser: Browser, login: Login, dress: Dress) -> Page:
    context = browser.new_context(
        viewport={"width": dress.width, "height": 900},
        color_scheme="dark" if dress.theme == "dark" else "light",
        locale="zh-CN" if dress.language == "zh-hans" else "en-GB",
        timezone_id="Asia/Shanghai",
    )
    context.add_cookies([{"name": "language", "value": dress.language, "url": BASE}])
    page = context.new_page()
    page.goto(f"{BASE}/login/")
    page.fill("input[name=username]", login.name)
    page.fill("input[name=password]", login.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    return page


def wait_for(page: Page, address: str, selector: str) -> None:
    """Look again and again until a pass has found something, and the worker has noted it for the pages."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        page.goto(BASE + address)
        if page.locator(selector).count():
            return
        time.sleep(1)
    raise SystemExit(f"{selector} did not come up on {address} in time: see the worker's log")


def prepare(page: Page, folder: Path) -> None:
    """Wait for the first pass, delete a file of the host, and wait until a pass has missed it."""
    wait_for(page, "/", "#tile-broken a")
    show(page, folder, "file.deleted")


def show(page: Page, folder: Path, code: str) -> None:
    """Break something, and wait until a pass has found it."""
    break_something(folder, code)
    wait_for(page, f"/sessions/?cause={code}", "tbody tr [data-row-link]")


def first_session(page: Page, query: str) -> str | None:
    """Return the address of the newest session that a filter finds."""
    page.goto(f"{BASE}/sessions/?{query}")
    links = page.locator("tbody tr [data-row-link]")
    return links.first.get_attribute("href") if links.count() else None


def first_incident(page: Page) -> str | None:
    """Return the address of the gravest incident, where sessions of the demo host share something."""
    page.goto(f"{BASE}/incidents/")
    links = page.locator("main a[href^='/incidents/']:not([href*='?'])")
    return links.first.get_attribute("href") if links.count() else None


def take(page: Page, address: str, path: Path, *, full: bool) -> None:
    page.goto(BASE + address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(600)
    page.screenshot(path=path, full_page=full)
    print(path, flush=True)


def take_explained(page: Page, address: str, folder: Path, dress: str) -> None:
    """Paste what a client logged of a session, and take what it means, then the session weighed with it."""
    page.goto(f"{BASE}/player-errors/")
    page.fill("#pasted-text", LOG.format(key=address.rsplit("/", 1)[-1]))
    for name, button in (("player-errors-explained", "form.pasted button"), ("session-weighed", "#open-session")):
        page.click(button)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / f"{name}-{dress}.png", full_page=True)


def take_run(page: Page, folder: Path, dress: str) -> None:
    """Plan the reset of all that failed, take the plan, and, the first time, its run."""
    page.goto(f"{BASE}/sessions/?status=failed")
    page.click(".acts-all")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / f"plan-{dress}.png", full_page=True)
    if (folder / "run.png").exists():
        return
    page.fill("#id_reason", "The disk has room again")
    if page.locator("#id_typed").count():
        page.fill("#id_typed", page.locator("dd strong").first.inner_text())
    page.click(".act-form button.btn-primary")
    page.wait_for_timeout(2_500)
    page.screenshot(path=folder / "run.png", full_page=True)


def take_for_readme(browser: Browser, login: Login, folder: Path) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page = signed_in(browser, login, Dress())
    prepare(page, folder)
    broken = first_session(page, SESSIONS["session-deleted"]) or "/sessions/"
    take(page, "/", SHOTS / "overview.png", full=False)
    take(page, broken, SHOTS / "session.png", full=False)
    take(page, "/rates/?period=30d", SHOTS / "rates.png", full=False)
    dark = signed_in(browser, login, Dress("dark", "zh-hans"))
    take(dark, "/sessions/?verdict=broken", SHOTS / "sessions.png", full=False)


def take_all(browser: Browser, login: Login, folder: Path, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    page = signed_in(browser, login, Dress())
    prepare(page, folder)
    for code in FURTHER:
        show(page, folder, code)
    found = {name: first_session(page, query) for name, query in SESSIONS.items()}
    found["incident"] = first_incident(page)
    addresses = {**ADDRESSES, **{name: address for name, address in found.items() if address}}
    for dress in (Dress(t, s, w) for t in ("light", "dark") for s in ("en", "zh-hans") for w in (1440, 390)):
        page = signed_in(browser, login, dress)
        suffix = f"{dress.width}-{dress.theme}-{dress.language}"
        for name, address in addresses.items():
            take(page, address, into / f"{name}-{suffix}.png", full=True)
        if well := found["session-well"]:
            take_explained(page, well, into, suffix)
        take_run(page, into, suffix)
        page.context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every page, both themes, languages and widths")
    options = parser.parse_args()
    executable = chromium.find() or sys.exit(chromium.ADVICE)
    folder = Path(tempfile.gettempdir(), "session-diagnostics")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with running_demo(folder) as logins, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(chromium.FLAGS))
        if options.all:
            take_all(browser, logins["administrator"], folder, options.all)
        else:
            take_for_readme(browser, logins["engineer"], folder)
        browser.close()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
