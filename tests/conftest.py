"""What all tests share: one person a role, and a host database of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone, translation
from pytest_django import Settings

from sessions_admin.fresh_login import SIGNED_IN_AT
from sessions_admin.roles import make_groups
from tests.host_database import ENGINES, SERVERS, HostDatabase, made_on

CAST = {"sam": "support", "eve": "engineer", "max": "manager", "ada": "administrator"}


@pytest.fixture(scope="session")
def locks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the helper processes of this run's tests agree on whose turn it is."""
    return tmp_path_factory.mktemp("locks")


@pytest.fixture(autouse=True)
def quick_and_quiet_settings(settings: Settings, locks: Path) -> None:
    """Passwords are hashed quickly, static files need no manifest, and nothing points at a real host.

    No client waits, unless a test says how long: sessions of tests take minutes or hours, which is nobody's concern there.
    """
    translation.activate("en")  # a page that was asked for in Chinese leaves that behind
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # A client makes the middleware anew; it need not read all static files from disk each time, which it does not serve.
    settings.STATIC_ROOT, settings.WHITENOISE_USE_FINDERS = None, False
    settings.LOCKS_DIR = locks
    settings.LIMITS = replace(settings.LIMITS, client_timeout_seconds=0)
    settings.HOST_DATABASE_URL = settings.HOST_WRITE_DATABASE_URL = settings.AUDIO_ROOT = settings.PUBLIC_BASE_URL = ""
    settings.HOST_API_URL = ""
    settings.HOST_PICKUP = "poll"


@pytest.fixture
def cast(db: None) -> dict[str, User]:
    """One person a role, by name: sam (support), eve (engineer), max (manager), ada (administrator)."""
    make_groups()
    people = {}
    for name, role in CAST.items():
        people[name] = User.objects.create_user(name, password=f"the-password-of-{name}")
        people[name].groups.add(Group.objects.get(name=role))
    return people


def signed_in(user: User, at: datetime | None = None) -> Client:
    """Return a browser in which somebody signed in, just now or at a time, through no form."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[SIGNED_IN_AT] = (at or timezone.now()).timestamp()
    session.save()
    return client


@pytest.fixture
def sam(cast: dict[str, User]) -> Client:
    """A browser in which sam of support is signed in."""
    return signed_in(cast["sam"])


@pytest.fixture
def eve(cast: dict[str, User]) -> Client:
    """A browser in which eve the engineer is signed in."""
    return signed_in(cast["eve"])


@pytest.fixture
def max_(cast: dict[str, User]) -> Client:
    """A browser in which max the manager is signed in."""
    return signed_in(cast["max"])


@pytest.fixture
def ada(cast: dict[str, User]) -> Client:
    """A browser in which ada the administrator is signed in."""
    return signed_in(cast["ada"])


DatabaseOn = Callable[[str], HostDatabase]


@pytest.fixture(scope="session")
def database_on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatabaseOn]:
    """Give the database of an engine: made when a test asks for it first, dropped after the last test."""
    made: dict[str, HostDatabase] = {}
    with ExitStack() as stack:

        def on(engine: str) -> HostDatabase:
            if engine not in made:
                made[engine] = stack.enter_context(made_on(engine, tmp_path_factory.mktemp("host")))
            return made[engine]

        yield on


@pytest.fixture
def own_database_on(tmp_path: Path) -> Iterator[DatabaseOn]:
    """Give an empty database of an engine for this test alone: our own one, in which others would leave what they saw."""
    with ExitStack() as stack:
        yield lambda engine: stack.enter_context(made_on(engine, tmp_path))


@pytest.fixture
def host_database(tmp_path: Path, settings: Settings) -> Iterator[HostDatabase]:
    """A host on SQLite with its (empty) session table, connected for reading and for writing."""
    with made_on("sqlite", tmp_path) as database:
        yield _connected(database, tmp_path, settings)


@pytest.fixture(params=[pytest.param(engine, marks=pytest.mark.databases) for engine in ENGINES])
def host_on_each_engine(
    request: pytest.FixtureRequest, database_on: DatabaseOn, tmp_path: Path, settings: Settings
) -> HostDatabase:
    """The same on SQLite, PostgreSQL and MariaDB, one after the other."""
    return _connected(database_on(request.param), tmp_path, settings)


@pytest.fixture(params=[pytest.param(engine, marks=pytest.mark.databases) for engine in SERVERS])
def host_on_each_server(
    request: pytest.FixtureRequest, database_on: DatabaseOn, tmp_path: Path, settings: Settings
) -> HostDatabase:
    """The same on the two engines that are servers, with logins and rights."""
    return _connected(database_on(request.param), tmp_path, settings)


def _connected(database: HostDatabase, folder: Path, settings: Settings) -> HostDatabase:
    database.create_table()
    settings.HOST_DATABASE_URL = settings.HOST_WRITE_DATABASE_URL = database.url
    settings.AUDIO_ROOT = str(folder / "audio")
    (folder / "audio").mkdir()
    return database
