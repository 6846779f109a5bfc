"""Who signed in over an hour ago is asked for the password again, where something is hard to undo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone

from sessions_admin.forms import FreshLoginForm
from sessions_admin.fresh_login import FRESH, SIGNED_IN_AT, is_fresh, note_sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password 7"


def asked_by(user: User, ago: timedelta | None, **posted: str) -> FreshLoginForm:
    request = RequestFactory().post("/", posted)
    request.user, request.session = user, SessionStore()
    if ago is not None:
        note_sign_in(request, timezone.now() - ago)
    return FreshLoginForm(request.POST, request=request)


@pytest.fixture
def eve(cast: dict[str, User]) -> User:
    cast["eve"].set_password(PASSWORD)
    cast["eve"].save()
    return cast["eve"]


def test_within_the_hour_nothing_is_asked(eve: User) -> None:
    assert asked_by(eve, FRESH - timedelta(seconds=5)).is_valid()


@pytest.mark.parametrize("ago", [FRESH + timedelta(seconds=1), None, -timedelta(hours=2)])
def test_later_the_right_password_is_needed(eve: User, ago: timedelta | None) -> None:
    assert not asked_by(eve, ago).is_valid()
    assert not asked_by(eve, ago, password="wrong").is_valid()
    form = asked_by(eve, ago, password=PASSWORD)
    assert form.is_valid()
    assert is_fresh(form.request, timezone.now())


def test_the_password_of_somebody_else_does_not_do(eve: User, cast: dict[str, User]) -> None:
    cast["ada"].set_password(PASSWORD + "!")
    cast["ada"].save()
    assert not asked_by(eve, None, password=PASSWORD + "!").is_valid()


def test_guessing_is_throttled_like_a_sign_in(eve: User) -> None:
    for _ in range(5):
        asked_by(eve, None, password="wrong").is_valid()
    assert not asked_by(eve, None, password=PASSWORD).is_valid()


def test_signing_in_counts(eve: User) -> None:
    client = Client()
    client.post("/login/", {"username": "eve", "password": PASSWORD})
    request = HttpRequest()
    request.session = client.session
    assert SIGNED_IN_AT in client.session
    assert is_fresh(request, timezone.now())
