"""What every page is asked for: the four things that each view answers, and how a page is read."""

from __future__ import annotations

from django.conf import settings
from django.test import Client

UNSAFE_METHODS = ("post", "put", "patch", "delete")


def text_of(client: Client, address: str, **headers: str) -> str:
    """Return the page's text; anything but 200 fails."""
    response = client.get(address, headers=headers or None)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


def refuses_the_anonymous(address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/login/")
    assert Client().get(address, headers={"HX-Request": "true"}).status_code == 401


def refuses_unsafe_methods(client: Client, address: str) -> None:
    assert [getattr(client, method)(address).status_code for method in UNSAFE_METHODS] == [405] * len(UNSAFE_METHODS)


def refuses_the_role(client: Client, address: str, *, allowed: str) -> None:
    """A refusal is a page that names the roles that may."""
    response = client.get(address)
    assert response.status_code == 403
    assert allowed in response.content.decode()


def is_whole_page(text: str) -> bool:
    return "<!doctype html>" in text and settings.STATIC_URL in text
