"""One login a role: made once, never reset unless asked."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import RequestFactory

from sessions_admin.management.commands.make_logins import LOGINS, new_password

pytestmark = pytest.mark.django_db


def made(*arguments: str) -> list[dict[str, Any]]:
    output = StringIO()
    call_command("make_logins", "--json", *arguments, stdout=output)
    found: list[dict[str, Any]] = json.loads(output.getvalue())
    return found


def test_each_role_gets_a_login_that_works() -> None:
    for login in made():
        user = authenticate(RequestFactory().get("/"), username=login["login"], password=login["password"])
        assert user is not None
        assert [group.name for group in Group.objects.filter(user=user.pk)] == [login["role"]]
        assert not User.objects.get(pk=user.pk).is_superuser


def test_the_cast_is_complete() -> None:
    assert {login["login"]: login["role"] for login in made()} == LOGINS


def test_a_second_time_changes_nothing() -> None:
    made()
    before = list(User.objects.values_list("username", "password"))
    assert {login["state"] for login in made()} == {"already there"}
    assert list(User.objects.values_list("username", "password")) == before


def test_passwords_change_only_when_asked() -> None:
    first = {login["login"]: login["password"] for login in made()}
    second = {login["login"]: login["password"] for login in made("--reset")}
    assert all(first[name] != second[name] for name in first)


def test_one_that_was_removed_is_made_anew() -> None:
    made()
    User.objects.get(username="max").delete()
    states = {login["login"]: login["state"] for login in made()}
    assert states == {"sam": "already there", "eve": "already there", "max": "made", "ada": "already there"}


def test_it_prints_lines_for_people() -> None:
    output = StringIO()
    call_command("make_logins", stdout=output)
    assert len(output.getvalue().splitlines()) == 4
    call_command("make_logins", stdout=output)
    assert "sam   support        already there, password unchanged" in output.getvalue()


def test_passwords_are_long_and_their_own() -> None:
    found = {new_password() for _ in range(100)}
    assert len(found) == 100
    assert {len(password) for password in found} == {23}
