"""Guards over all templates and static files: fragments, inline code, escaping, icons, what the first load weighs."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
STATIC = Path(settings.BASE_DIR, "static")
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
FIRST_LOAD_BYTES = 100_000
INLINE = re.compile(
    r"<style|\sstyle=|\son(click|change|load|error|submit|input|focus|blur|key\w+|mouse\w+)=|javascript:|hx-on"
)


def name_of(template: Path) -> str:
    return template.relative_to(Path(settings.BASE_DIR, "templates")).as_posix()


def test_all_compile() -> None:
    assert TEMPLATES
    for template in TEMPLATES:
        get_template(name_of(template))


def test_a_fragment_never_extends_and_a_page_does() -> None:
    for template in TEMPLATES:
        is_root = template.name in ("base.html", "bare.html", "mail.html")  # a mail stands for itself
        is_page = not template.name.startswith("_") and not is_root
        assert ("{% extends" in template.read_text()) is is_page, name_of(template)


def test_none_holds_inline_script_or_style() -> None:
    for template in TEMPLATES:
        text = template.read_text()
        assert not INLINE.search(text), name_of(template)
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text)), name_of(template)


def test_none_switches_escaping_off() -> None:
    assert _holding(r"\|\s*safe\b|autoescape\s+off|mark_safe") == []


def test_none_asks_anything_of_another_host() -> None:
    assert _holding(r"(src|href|action|hx-get|hx-post)=[\"']?(https?:)?//") == []


def test_their_icons_exist() -> None:
    known = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    for template in TEMPLATES:
        assert set(re.findall(r'{% icon "([^"]+)"', template.read_text())) <= known, name_of(template)


def _holding(pattern: str) -> list[str]:
    return [name_of(template) for template in TEMPLATES if re.search(pattern, template.read_text())]


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
