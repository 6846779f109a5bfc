"""Who names a file, in the host's own table at this moment: however a row writes it, on each engine."""

from __future__ import annotations

import pytest

from diagnostics.identity import path_hash
from diagnostics.probes.databases import HostUnavailable
from sessions_admin.file_claims import Named, as_text, claims_now
from tests.host_database import HostDatabase
from tests.reconcile.scene import PREFIX

pytestmark = pytest.mark.django_db
PATH = "sub/100%_a.wav"
WAYS = (
    f"{PREFIX}{PATH.replace('%', '%25')}",
    f"{PREFIX}sub/%3100%25%5Fa.wav?token=1",
    f"{PREFIX}./x/../sub//100%25_a.wav",
)


def test_every_way_to_write_it_is_found_and_no_other_file(host_on_each_engine: HostDatabase) -> None:
    for key, raw in enumerate(
        (*WAYS, f"{PREFIX}100%25_a.wav", f"{PREFIX}sub/100X_a.wav", f"{PREFIX}sub/100%25_A.wav"), 1
    ):
        host_on_each_engine.insert(key, status="completed", final_file_path=raw)
    host_on_each_engine.insert(9, status="failed", final_file_path=None)
    other = "声音.wav"
    host_on_each_engine.insert(10, status="pending", final_file_path=f"{PREFIX}{other}")
    found = claims_now({path_hash(PATH): PATH, path_hash(other): other, path_hash("none.wav"): "none.wav"})
    assert as_text(found[path_hash(PATH)]) == "1 completed, 2 completed, 3 completed"
    assert list(found[path_hash(other)]) == [Named("10", "pending")]
    assert set(found) == {path_hash(PATH), path_hash(other)}


def test_a_name_that_is_no_text_is_asked_for_as_well(host_on_each_engine: HostDatabase) -> None:
    path = b"\xff\n.wav".decode(errors="surrogateescape")
    host_on_each_engine.insert(1, status="completed", final_file_path=f"{PREFIX}%FF%0A.wav")
    assert as_text(claims_now({path_hash(path): path})[path_hash(path)]) == "1 completed"


def test_a_table_that_is_gone_is_no_answer(host_database: HostDatabase) -> None:
    host_database.run("DROP TABLE long_sequence_sessions")
    with pytest.raises(HostUnavailable):
        claims_now({1: "a.wav"})
