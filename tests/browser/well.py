"""What every page is looked at for: axe finds nothing in either theme, and nothing runs over the edge."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visit

# Both themes are looked at in each of them, so that a page is loaded once for both.
DRESSES = [(1440, "en"), (390, "en"), (390, "zh-hans")]
in_every_dress = pytest.mark.parametrize(("width", "language"), DRESSES)
THEMES = {"light": "dark", "dark": "light"}
# All that the theme can change; axe stands in the page already.
CONTRAST = "axe.run(document, {runOnly: ['color-contrast'], resultTypes: ['violations']})"


def look_at(window: Visit, path: str, width: int) -> None:
    """Open a page and fail where it is not well."""
    page = window.open(path)
    page.wait_for_timeout(100)
    is_well(page, width, path)


def is_well(page: Page, width: int, path: str = "") -> None:
    """Fail where the page as it stands is not well in either theme."""
    theme = page.evaluate("document.documentElement.dataset.bsTheme")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    _turn(page, THEMES[theme])
    found += page.evaluate(CONTRAST)["violations"]
    _turn(page, theme)
    assert [(each["id"], each["nodes"][0]["target"]) for each in found] == [], path
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} runs over the edge"


def _turn(page: Page, theme: str) -> None:
    """Turn the system's theme, which the page follows at once: no colour is on its way to another."""
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    page.wait_for_function("theme => document.documentElement.dataset.bsTheme === theme", arg=theme)
