"""Who asks, and from where: the person of a request, and the address that the audit keeps."""

from __future__ import annotations

from dataclasses import dataclass

from axes.helpers import get_client_ip_address
from django.contrib.auth.models import User
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class By:
    """Who wants it, why, and from where."""

    person: User
    reason: str
    address: str


def person_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the login middleware let nobody else come this far
    return request.user


def address_of(request: HttpRequest) -> str:
    return (get_client_ip_address(request) or "")[:45]
