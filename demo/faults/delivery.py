"""Faults of the last mile: the file is in order, and the server does not give it to its listener."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from demo import certificates, clock, links, naming
from demo.faults.scene import Deed, Impossible, Scene

Fault = Callable[[Scene, int | None], Deed]

LIVE_NOTE = "seen when somebody looks at the session or the worker asks for it, while the demo's server runs"
GOOD_FOR = timedelta(hours=1)
# What the server does in each of its ways.
DOES = {
    "401": "answers 401",
    "403": "answers 403",
    "404": "answers 404",
    "410": "answers 410",
    "500": "answers 500",
    "html": "answers 200 with a login page",
    "json": "answers 200 with an error as JSON",
    "no_range": "sends the whole file whatever range was asked for",
    "length": "serves the first half of the file, as an old cache would",
    "redirect": "sends the listener to a login page (302)",
    "hang": "takes the question and never answers",
    "drip": "answers one byte a second",
}


def of_session(way: str) -> Fault:
    """The fault of a server that fails one session's file this way."""

    def fault(scene: Scene, session_id: int | None) -> Deed:
        target = scene.target(session_id)
        give_order(scene, scene.place.serving(target.session_id), way)
        return Deed(f"for its file, the server now {DOES[way]}", target.session_id, target.path, LIVE_NOTE)

    fault.__doc__ = f"the file is there, and the server {DOES[way]}"
    return fault


def of_server(way: str) -> Fault:
    """The same for all audio, unless a session is named."""

    def fault(scene: Scene, session_id: int | None) -> Deed:
        if session_id is not None:
            return of_session(way)(scene, session_id)
        give_order(scene, scene.place.serving(None), way)
        return Deed(f"for all audio, the server now {DOES[way]}", path=scene.place.audio, note=LIVE_NOTE)

    fault.__doc__ = f"for all audio, or that of SESSION_ID, the server {DOES[way]}"
    return fault


def give_order(scene: Scene, path: Path, order: str) -> None:
    if path.exists():
        raise Impossible("the demo host was told already how to answer there: run `python -m demo mend` first")
    scene.note("remove", path=str(path))
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_text(order, encoding="utf-8")
    unfinished.rename(path)  # at once: whoever reads meanwhile finds all of it or nothing


def link_expired(scene: Scene, session_id: int | None) -> Deed:
    """the row holds a signed link whose time is over, and the server refuses it"""
    target = scene.target(session_id)
    url = sign(scene, target.name, clock.now() - GOOD_FOR)
    scene.change_row(target.session_id, final_file_path=url)
    return Deed("its row now holds a signed link that expired an hour ago", target.session_id, target.path)


def link_refused(scene: Scene, session_id: int | None) -> Deed:
    """the row holds a signed link that is in time, but the server's key is another since: it answers 401"""
    target = scene.target(session_id)
    url = sign(scene, target.name, clock.now() + GOOD_FOR, secrets.token_hex(16))
    scene.change_row(target.session_id, final_file_path=url)
    did = "its row now holds a link that was signed with a key which the server no longer has"
    return Deed(did, target.session_id, target.path, LIVE_NOTE)


def bad_certificate(scene: Scene, session_id: int | None) -> Deed:
    """the row holds an https address of the host, whose certificate nobody vouches for (needs openssl)"""
    target = scene.target(session_id)
    scene.note("remove", path=str(scene.place.certificate))
    try:
        certificates.make(scene.place.certificate)
    except (FileNotFoundError, subprocess.SubprocessError) as error:
        raise Impossible("the demo has no key of its own, and openssl could make none here") from error
    base = links.base_url(scene.place).replace("http://", "https://", 1)
    scene.change_row(target.session_id, final_file_path=f"{base}{naming.stored_path(target.name)}")
    did = "its row now holds an https address, and the server a certificate that it signed itself"
    return Deed(did, target.session_id, target.path, LIVE_NOTE)


def sign(scene: Scene, name: str, expires: datetime, key: str | None = None) -> str:
    return links.signed(scene.place, naming.stored_path(name), int(clock.as_epoch(expires)), key)
