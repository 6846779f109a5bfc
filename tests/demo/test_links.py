"""Signed links: served in time, refused after it and with another key, by the demo's running server."""

from __future__ import annotations

from urllib.parse import urlsplit

from demo import clock, links, undo
from demo.faults import FAULTS, VARIANTS
from demo.faults.scene import Scene
from demo.place import Place
from tests.demo.conftest import path_of, size_of
from tests.demo.listening import Listener, is_well


def asked_for(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def test_a_link_is_served_until_its_time_is_over(place: Place, listener: Listener) -> None:
    now = int(clock.as_epoch(clock.now()))
    url = links.signed(place, path_of(place, 7), now + 60)
    assert url.startswith(f"http://127.0.0.1:{listener.port}/static/")
    assert is_well(listener.get(asked_for(url)), size_of(place, 7))
    assert listener.get(asked_for(links.signed(place, path_of(place, 7), now - 60))).status == 401


def test_a_link_that_was_changed_is_refused(place: Place, listener: Listener) -> None:
    later = int(clock.as_epoch(clock.now())) + 3600
    url = asked_for(links.signed(place, path_of(place, 7), later))
    for wrong in (
        url.replace(f"e={later}", f"e={later + 1}"),
        url.replace("token=demo:", "token=demo:A"),
        url.partition("&")[0],
        url.replace(f"e={later}", "e=soon"),
        f"{path_of(place, 8)}?{url.partition('?')[2]}",
    ):
        assert listener.get(wrong).status == 401


def test_a_query_without_a_time_is_nothing_to_the_server(place: Place, listener: Listener) -> None:
    assert is_well(listener.get(f"{path_of(place, 7)}?token=abc"), size_of(place, 7))


def test_link_expired_is_refused_after_its_time(place: Place, listener: Listener) -> None:
    url = broken(place, "delivery.link_expired")
    assert expiry(url) < clock.as_epoch(clock.now())
    assert listener.get(asked_for(url)).status == 401


def test_link_expired_refused_is_in_time_and_refused_nevertheless(place: Place, listener: Listener) -> None:
    url = broken(place, "delivery.link_expired:refused")
    assert expiry(url) > clock.as_epoch(clock.now())
    assert listener.get(asked_for(url)).status == 401
    assert undo.take_back(place)[1] == []
    assert is_well(listener.get(path_of(place, 7)), size_of(place, 7))


def broken(place: Place, name: str) -> str:
    (FAULTS | VARIANTS)[name](Scene(name, place, undo.Journal(place)), 7)
    return path_of(place, 7)


def expiry(url: str) -> int:
    return int(url.partition("?e=")[2].partition("&")[0])


def test_no_two_places_share_a_key(place: Place) -> None:
    other = Place(place.root.with_name("other"))
    other.make_folders()
    assert links.own_key(place) == links.own_key(place) != links.own_key(other)
