"""Each setting: its value without secrets, and where it is left in a way that an operator would not want."""

from __future__ import annotations

import pwd
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from diagnostics.doctor.check import Check, error, ok, warning
from diagnostics.probes.database_errors import where

SHORTEST_KEY = 50
DIFFERENT_CHARACTERS = 5  # as Django's own check
HIDDEN = "set, not shown"
ADDRESSES_WITH_PASSWORDS = ("DATABASE_URL", "CACHE_URL", "BROKER_URL")


class Setting(Protocol):
    """What the reader of the settings noted of each: `default` None means that it must be given."""

    @property
    def name(self) -> str: ...
    @property
    def default(self) -> object: ...


def check_settings(_now: datetime) -> Iterator[Check]:
    """Yield one check a setting, in the order of .env.example."""
    for setting in settings.ENVIRONMENT.asked:
        raw = settings.ENVIRONMENT.values.get(setting.name, "").strip()
        objection = OBJECTIONS.get(setting.name, _none)(raw)
        name, value = f"setting.{setting.name}", _shown(setting, raw)
        if objection is None:
            yield ok(name, value)
        else:
            make, advice = objection
            yield make(name, value, advice)


Objection = tuple[Callable[[str, object, str], Check], str] | None


def _none(_raw: str) -> Objection:
    return None


def _shown(setting: Setting, raw: str) -> str:
    if setting.name == "ENGINE_COMMAND" or setting.name.endswith("_KEY"):
        return HIDDEN if raw else "not set"
    if setting.name.endswith(ADDRESSES_WITH_PASSWORDS):
        return f"{urlsplit(raw).scheme} {where(raw)}" if raw else "not set" if not setting.default else "default"
    return raw or f"{_text(setting.default)} (default)"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, dict):
        return ",".join(f"{name}={part}" for name, part in value.items()) or "empty"
    if isinstance(value, list):
        return ",".join(value) or "empty"
    return str(value) if value not in ("", None) else "empty"


def _secret_key(raw: str) -> Objection:
    if len(raw) >= SHORTEST_KEY and len(set(raw)) >= DIFFERENT_CHARACTERS:
        return None
    advice = f"Use at least {SHORTEST_KEY} characters that nobody can guess; .env.example shows how to make them."
    return (warning if settings.DEBUG else error), advice


def _debug(_raw: str) -> Objection:
    return (warning, "Error pages show internals: for development only.") if settings.DEBUG else None


def _allowed_hosts(_raw: str) -> Objection:
    return (warning, "Name the hosts: * lets any name in.") if "*" in settings.ALLOWED_HOSTS else None


def _https(_raw: str) -> Objection:
    is_local = set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"}
    if settings.HTTPS or settings.DEBUG or is_local:
        return None
    return warning, "Logins travel unprotected: put a proxy with TLS in front and set HTTPS=on."


def _host_database(raw: str) -> Objection:
    return None if raw else (error, "Without the host's database there is nothing to show: set HOST_DATABASE_URL.")


def _host_write_database(raw: str) -> Objection:
    return None if raw else (warning, "The dashboard is read-only: no session can be reset from it.")


def _audio_root(raw: str) -> Objection:
    return None if raw else (warning, "Files are not checked, so no session can be called playable: set AUDIO_ROOT.")


def _host_time_zone(raw: str) -> Objection:
    return None if raw else (warning, "Say in which zone the host writes its times; UTC is only assumed.")


def _public_base_url(raw: str) -> Objection:
    return None if raw else (warning, "The addresses that the client plays cannot be told: set PUBLIC_BASE_URL.")


def _generator_process(raw: str) -> Objection:
    return None if raw else (warning, "A stalled session cannot be told from a dead generator: set GENERATOR_PROCESS.")


def _user(raw: str) -> Objection:
    if not raw or raw.isdecimal():
        return None
    try:
        pwd.getpwnam(raw)
    except KeyError:
        return error, "This machine knows no such user; give its number, where it exists only on the host's machine."
    return None


OBJECTIONS: dict[str, Callable[[str], Objection]] = {
    "SECRET_KEY": _secret_key,
    "DEBUG": _debug,
    "ALLOWED_HOSTS": _allowed_hosts,
    "HTTPS": _https,
    "HOST_DATABASE_URL": _host_database,
    "HOST_WRITE_DATABASE_URL": _host_write_database,
    "HOST_TIME_ZONE": _host_time_zone,
    "AUDIO_ROOT": _audio_root,
    "PUBLIC_BASE_URL": _public_base_url,
    "GENERATOR_PROCESS": _generator_process,
    "READING_USER": _user,
    "GENERATOR_USER": _user,
}
