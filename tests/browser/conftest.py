"""A real Chromium against a real server, and a page in which an engineer is signed in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser import chromium
from tests.conftest import signed_in

# Playwright's own loop runs in this thread, and Django takes that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@dataclass
class Visit:
    """A signed-in page. `complaints` are what the browser's console said: errors, and violations of the policy."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    def refresh(self) -> None:
        """Ask for what a poll would ask for, now, and wait until the answer is in the page."""
        self.page.evaluate(
            """() => new Promise(done => {
                document.addEventListener('htmx:afterRequest', () => setTimeout(done, 50), { once: true });
                htmx.trigger('#live', 'refresh');
            })"""
        )


Open = Callable[..., Visit]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        pytest.fail(chromium.ADVICE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer, cast: dict[str, User]) -> Iterator[Open]:
    """Return a function that opens a browser window: who is signed in, how wide it is, light or dark, with scripts or not."""
    contexts = []

    def start(
        who: str = "eve", *, width: int = 1440, theme: str = "light", language: str = "en", scripted: bool = True
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripted,
            is_mobile=width < 700,
            has_touch=width < 700,
        )
        contexts.append(context)
        names = {django_settings.LANGUAGE_COOKIE_NAME: language}
        if who:
            session = signed_in(cast[who]).cookies[django_settings.SESSION_COOKIE_NAME]
            names[django_settings.SESSION_COOKIE_NAME] = session.value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in names.items()])
        found = Visit(context.new_page(), live_server.url)
        found.page.on("console", lambda message: _note(found, message.type, message.text))
        context.on("request", lambda request: _note_stranger(found, request.url))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        return found

    yield start
    for context in contexts:
        context.close()


def _note(visit: Visit, kind: str, text: str) -> None:
    if kind in ("error", "warning"):
        visit.complaints.append(text)


def _note_stranger(visit: Visit, url: str) -> None:
    """Nothing may come from another host."""
    if not url.startswith((visit.base, "data:", "blob:")):
        visit.complaints.append(f"asked another host: {url}")
