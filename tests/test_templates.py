"""Guards over all templates and static files: fragments, inline code, escaping, icons, what the first load weighs."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
STATIC = Path(settings.BASE_DIR, "static")
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
FIRST_LOAD_BYTES = 100_000

each_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(path.parents[1])))


def name_of(template: Path) -> str:
    return template.relative_to(Path(settings.BASE_DIR, "templates")).as_posix()


@each_template
def test_it_compiles(template: Path) -> None:
    get_template(name_of(template))


@each_template
def test_a_fragment_never_extends_and_a_page_does(template: Path) -> None:
    text = template.read_text()
    is_root = template.name in ("base.html", "bare.html", "mail.html")  # a mail stands for itself
    is_page = not template.name.startswith("_") and not is_root
    assert ("{% extends" in text) is is_page


@each_template
def test_it_holds_no_inline_script_or_style(template: Path) -> None:
    text = template.read_text()
    assert not re.search(
        r"<style|\sstyle=|\son(click|change|load|error|submit|input|focus|blur|key\w+|mouse\w+)=|javascript:|hx-on",
        text,
    )
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@each_template
def test_it_never_switches_escaping_off(template: Path) -> None:
    assert not re.search(r"\|\s*safe\b|autoescape\s+off|mark_safe", template.read_text())


@each_template
def test_it_asks_nothing_of_another_host(template: Path) -> None:
    assert not re.search(r"(src|href|action|hx-get|hx-post)=[\"']?(https?:)?//", template.read_text())


@each_template
def test_its_icons_exist(template: Path) -> None:
    known = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    assert set(re.findall(r'{% icon "([^"]+)"', template.read_text())) <= known


def test_scripts_build_no_code_from_text() -> None:
    for script in SCRIPTS:
        assert not re.search(
            r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write", script.read_text()
        )


def test_the_first_load_stays_small() -> None:
    import django_htmx

    htmx = Path(str(django_htmx.__file__)).parent / "static" / "django_htmx" / "htmx-2.min.js"
    parts = [
        *SCRIPTS,
        *(STATIC / "css").glob("*.css"),
        STATIC / "vendor/bootstrap/bootstrap.min.css",
        STATIC / "icons.svg",
        htmx,
    ]
    assert sum(len(gzip.compress(part.read_bytes())) for part in parts) < FIRST_LOAD_BYTES
