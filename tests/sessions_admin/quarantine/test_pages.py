"""The pages of the quarantine, the ticks of the files without a session, and the shell: all lead to a plan and its run."""

from __future__ import annotations

import re
import threading
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from sessions_admin.models import HeldFile, PlanItem
from sessions_admin.runs.carry import work_on_runs
from tests.reconcile.scene import Scene
from tests.sessions_admin.quarantine.scene import carried, held_by, number, plan

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def held(path: str = "a.wav", **told: object) -> HeldFile:
    now = timezone.now()
    values = {"size_bytes": 1000, "mtime_ns": 10**18, "device": 1, "inode": 2**63 + 1, "path_hash": 1, "actor": "eve"}
    times = {"moved_at": now, "expires_at": now + timedelta(days=7)}
    names = {
        "operation": uuid.uuid4().hex,
        "number": 0,
        "path": path.encode(),
        "shown_path": path,
        "action": "quarantine",
    }
    return HeldFile.objects.create(**{**names, **values, **times, **told})


def test_ticked_orphans_become_a_plan_that_says_when_bytes_come_free(eve: Client, scene: Scene) -> None:
    page = text(eve, "/file-findings/")
    assert page.count("data-tick ") == 3
    response = eve.post(
        "/plans/", {"action": "quarantine", "of": "files", "key": [number(scene, 901), number(scene, 902)]}
    )
    plan_page = text(eve, response["Location"])
    assert "Put 2 files aside" in plan_page
    assert "no byte is freed now. After 7 days it is deleted for good" in plan_page
    assert "0 bytes come free now" in plan_page
    assert scene.name(901) in plan_page


def test_whoever_may_not_is_offered_nothing(sam: Client, scene: Scene) -> None:
    page = text(sam, "/file-findings/")
    assert scene.name(901) in page
    assert "data-tick" not in page
    assert "/plans/" not in page
    assert 'href="/quarantine/"' not in page


def test_a_path_from_the_browser_is_no_file(eve: Client, scene: Scene) -> None:
    eve.post("/plans/", {"action": "quarantine", "of": "files", "key": [scene.name(901), "../../etc/passwd", "0x1f"]})
    assert set(PlanItem.objects.values_list("expectation", flat=True)) == {"skip"}


def test_the_list_shows_what_is_held_and_what_comes_free_when(eve: Client, db: None) -> None:
    assert "No file was ever put aside." in text(eve, "/quarantine/")
    held("one.wav", session="5")
    held("two.wav", expires_at=timezone.now() + timedelta(days=3))
    held("back.wav", state="restored", ended_at=timezone.now(), ended_by="ada")
    page = text(eve, "/quarantine/")
    assert ("one.wav" in page, "two.wav" in page, "back.wav" in page) == (True, True, False)
    assert "2.0 KB" in re.sub(r"\s+", " ", page)
    assert f"{timezone.now() + timedelta(days=3):%Y-%m-%d}" in page
    assert page.count("data-tick ") == 2
    restored = text(eve, "/quarantine/?state=restored")
    assert ("back.wav" in restored, "data-tick " in restored) == (True, False)
    assert "No file is in this state." in text(eve, "/quarantine/?state=expired")
    assert "back.wav" in text(eve, "/quarantine/?state=all")
    assert "隔离区" in eve.get("/quarantine/", headers={"Accept-Language": "zh-hans"}).content.decode()


def test_pages_of_the_list_lose_no_file(eve: Client, db: None) -> None:
    for each in range(53):
        held(f"{each:02}.wav")
    first, second = (
        text(eve, "/quarantine/"),
        eve.get("/quarantine/", {"after": HeldFile.objects.order_by("-pk")[49].pk}),
    )
    assert first.count("data-row>") == 50
    assert second.content.decode().count("data-row>") == 3
    assert eve.get("/quarantine/?after=x%00").status_code == 200


def test_one_file_has_a_page_with_all_that_is_known(eve: Client, db: None) -> None:
    row = held("two\nlines.wav", reason="an orphan", owner="www-data", mode="-rw-r--r--")
    page = text(eve, f"/quarantine/{row.pk}/")
    assert "an orphan" in page
    assert "www-data" in page
    assert "Bring 1 file back …" in page
    HeldFile.objects.update(state="expired", ended_at=timezone.now(), ended_by="ada")
    page = text(eve, f"/quarantine/{row.pk}/")
    assert "It is gone for good" in page
    assert "Bring 1 file back" not in page
    assert eve.get("/quarantine/999/").status_code == 404


def test_a_session_with_a_held_file_is_restored_by_its_id(eve: Client, scene: Scene, cast: dict[str, User]) -> None:
    """As the session's page and an incident post it: the held file is found here, its number never came from there."""
    made = plan("quarantine", [number(scene, 901)], cast["eve"])
    carried(made, cast["eve"])
    HeldFile.objects.update(session="901")
    nothing = eve.post("/plans/", {"action": "restore", "key": "2"})
    assert (nothing.status_code, "No file of these sessions is held" in nothing.content.decode()) == (422, True)
    response = eve.post("/plans/", {"action": "restore", "key": "901"})
    (item,) = PlanItem.objects.filter(plan_id=response["Location"].split("/")[2])
    assert (item.key, item.of_session) == (str(held_by(made)[0].pk), "901")


def act(*arguments: str) -> str:
    out = StringIO()
    call_command("act", *arguments, "--actor", "eve", "--reason", "a cleaning", "--yes", stdout=out)
    return out.getvalue()


def test_the_shell_does_all_three(scene: Scene, cast: dict[str, User]) -> None:
    assert "2 done" in act("quarantine", "--ids", number(scene, 901), number(scene, 902))
    first, second = (str(pk) for pk in HeldFile.objects.order_by("pk").values_list("pk", flat=True))
    assert "1 done" in act("restore", "--ids", first)
    assert "1 done" in act("expire", "--ids", second)
    assert (scene.root / scene.name(901)).exists()
    assert sorted(HeldFile.objects.values_list("state", flat=True)) == ["expired", "restored"]


def test_a_run_that_the_store_stopped_says_so(eve: Client, scene: Scene, cast: dict[str, User]) -> None:
    made = plan("quarantine", [number(scene, 901)], cast["eve"])
    response = eve.post(f"/plans/{made.pk}/", {"reason": "a cleaning", "typed": "1", "at_once": "0"})
    scene.root.rename(scene.root.with_name("away"))
    work_on_runs(timezone.now(), threading.Event())
    page = text(eve, response["Location"])
    assert "the audio’s disk did not do its part" in page
    assert "the audio folder is not what it was" in page
