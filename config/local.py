"""The settings that `make run` adds to those that are given: local use, and the demo host where no host is named."""

from __future__ import annotations

import os
import pwd
import secrets
import shlex
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from config.env import BASE_DIR, LAST_RUN

VAR_DIR = BASE_DIR / "var"
SECRET_KEY_FILE = VAR_DIR / "secret_key"
DEMO_PORT = "8801"
POLL, WEBHOOK = "poll", "webhook"


def is_demo(values: Mapping[str, str]) -> bool:
    return not values.get("HOST_DATABASE_URL", "").strip()


def local_settings(values: Mapping[str, str]) -> dict[str, str]:
    """Return what the processes are started with: the given values, and behind them the defaults of local use."""
    given = {name: value for name, value in values.items() if value.strip()}
    defaults = {"ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]", "HTTPS": "off", "PYTHONUNBUFFERED": "1"}
    if is_demo(given):
        defaults |= demo_settings(given)
    if "SECRET_KEY" not in given:
        defaults["SECRET_KEY"] = kept_secret_key()
    # All is said in the environment: the processes read no file besides.
    return {**defaults, **given, "ENV_FILE": os.devnull}


def demo_settings(values: Mapping[str, str]) -> dict[str, str]:
    """Point the dashboard at the demo host, and have it look often, so that the pages are seen to live."""
    root = Path(values.get("DEMO_ROOT") or VAR_DIR / "demo").absolute()
    port = values.get("DEMO_PORT", DEMO_PORT)
    database = f"sqlite:///{quote(str(root / 'host.sqlite3'))}"
    return {
        "DEMO_ROOT": str(root),
        "DEMO_PORT": port,
        "HOST_DATABASE_URL": database,
        "HOST_WRITE_DATABASE_URL": database,
        "HOST_TIME_ZONE": "Asia/Shanghai",
        "AUDIO_ROOT": str(root / "static/generated_music/long_sequences"),
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "HOST_API_URL": f"http://127.0.0.1:{port}",
        "AVAILABILITY_FILE": str(root / "availability.json"),
        "GENERATOR_PROCESS": f"-m demo worker --root {root}",
        "READING_USER": own_name(),  # the demo's server and its worker run as whoever starts them
        "GENERATOR_USER": own_name(),
        "ENVIRONMENT_NAME": "demo",
        "PASS_INTERVAL_SECONDS": "15",
        "SNAPSHOT_INTERVAL_SECONDS": "3",
        "SAMPLE_INTERVAL_SECONDS": "15",
        "LISTEN_INTERVAL_SECONDS": "15",
        "DELIVERY_INTERVAL_SECONDS": "15",
        "ENGINE_COMMAND": engine_command(root),
        "WATCH_HOST_DATABASE": "on",
        "WATCH_AUDIO_MOUNT": "on",
        "PARTS_INTERVAL_SECONDS": "15",
        **pickup_settings(values, port),
    }


def pickup_settings(values: Mapping[str, str], port: str) -> dict[str, str]:
    """Return how the demo host learns of a reset: it polls, or, with DEMO_PICKUP=webhook, is told and polls no more."""
    if values.get("DEMO_PICKUP", POLL) == POLL:
        return {}
    secret = values.get("HOST_WEBHOOK_SECRET") or secrets.token_urlsafe(32)
    return {
        "HOST_PICKUP": "webhook",
        "HOST_WEBHOOK_URL": f"http://127.0.0.1:{port}/hooks/sessions",
        "HOST_WEBHOOK_SECRET": secret,
        "DEMO_WEBHOOK_SECRET": secret,
    }


def engine_command(root: Path) -> str:
    """Return the demo engine's smoke test as a command line; it is run in / and without our environment."""
    return shlex.join(["env", f"PYTHONPATH={BASE_DIR}", sys.executable, "-m", "demo", "engine", "--root", str(root)])


def own_name() -> str:
    """Return the name of the user who runs this, or its number where it has none."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def kept_secret_key() -> str:
    """Return the key that an earlier start made, or make one that only this user can read."""
    if not SECRET_KEY_FILE.is_file():
        SECRET_KEY_FILE.parent.mkdir(parents=True, exist_ok=True)
        SECRET_KEY_FILE.touch(mode=0o600)
        SECRET_KEY_FILE.write_text(secrets.token_urlsafe(50))
    return SECRET_KEY_FILE.read_text().strip()


def leave_for_commands(values: Mapping[str, str], names: Iterable[str]) -> None:
    """Keep these settings, so that `manage.py doctor` and the like speak of what runs; only this user can read them."""
    quoted = {name: values[name].replace("\\", "\\\\").replace("'", "\\'") for name in names if values.get(name)}
    LAST_RUN.touch(mode=0o600)
    LAST_RUN.write_text("".join(f"{name}='{value}'\n" for name, value in quoted.items()))
