"""What the README says is so: its dependencies, its settings, its commands."""

from __future__ import annotations

import re

import pytest
from django.core.management import get_commands

from config import settings
from config.env import BASE_DIR

README = (BASE_DIR / "README.md").read_text()
MAKEFILE = (BASE_DIR / "Makefile").read_text()


def requirements(name: str) -> list[str]:
    lines = (BASE_DIR / name).read_text().split("# What those need")[0].splitlines()
    return [re.split(r"[\[=]", line)[0] for line in lines if re.match(r"\w", line)]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-alerts.txt", "requirements-dev.txt"])
def test_it_says_of_every_dependency_why_it_is_here(name: str) -> None:
    table = README.split("## Dependencies")[1]
    assert [package for package in requirements(name) if package not in table] == []


def test_every_requirement_is_pinned_exactly() -> None:
    lines = [
        line
        for name in ("requirements.txt", "requirements-alerts.txt", "requirements-dev.txt")
        for line in (BASE_DIR / name).read_text().splitlines()
        if line and not line.startswith(("#", "-r"))
    ]
    assert [line for line in lines if not re.fullmatch(r"[\w.\-]+(\[\w+\])?==[\w.]+", line)] == []


def test_the_settings_for_a_real_host_exist() -> None:
    named = re.findall(r"^ {7}([A-Z][A-Z_]+)=", README, flags=re.MULTILINE)
    known = {setting.name for setting in settings.ENVIRONMENT.asked}
    assert len(named) == 10
    assert set(named) <= known


def test_every_command_that_it_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.MULTILINE))
    assert set(re.findall(r"(?:^    |`)make ([a-z-]+)", README, flags=re.MULTILINE)) <= targets
    assert set(re.findall(r"manage\.py ([a-z_]+)", README)) <= set(get_commands())
