"""The cache against real Redis servers: up, stopped, hung, refusing us, refusing writes, and what is no Redis at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from diagnostics.probes.parts import cache
from diagnostics.probes.parts.told import PartTold
from tests.servers.certificates import made_in
from tests.servers.redis_server import PASSWORD, QUOTED, RedisServer, free_port, redis_server
from tests.servers.rude_server import MANNERS, Manner, echo, rude_server
from tests.servers.workers import until

SECONDS, LITTLE = 1.0, 3.0


def look(url: str, seconds: float = 5) -> PartTold:
    return cache.look({"url": url}, seconds)


def what(told: PartTold) -> tuple[str, str]:
    return told.state, told.problem


def test_it_is_up(redis: RedisServer) -> None:
    told = look(redis.url)
    assert (*what(told), told.detail) == ("up", "", "")
    assert told.values["version"] == redis.client.info()["redis_version"]
    assert 100_000 < float(told.values["used_memory_bytes"] or 0) < 100_000_000
    assert told.values["max_memory_bytes"] is None
    assert told.values["evicted_keys"] == 0


def test_it_counts_what_was_evicted_for_want_of_memory(redis: RedisServer) -> None:
    redis.client.set("a", "b")
    redis.client.config_set("maxmemory-policy", "allkeys-lru")
    redis.client.config_set("maxmemory", 1)
    redis.client.ping()
    told = until(lambda: look(redis.url), lambda told: told.values["evicted_keys"] == 1)
    assert what(told) == ("up", "")
    assert told.values["max_memory_bytes"] == 1


def test_it_is_full_where_it_may_evict_nothing(redis: RedisServer) -> None:
    redis.client.config_set("maxmemory", 1)
    assert what(look(redis.url)) == ("impaired", "full")


def test_it_answers_at_a_socket(tmp_path: Path) -> None:
    path = tmp_path / "redis.sock"
    with redis_server(tmp_path, "--unixsocket", str(path)):
        assert what(look(f"unix://:{QUOTED}@{path}?db=1")) == ("up", "")
        assert what(look(f"unix://:wrong@{path}")) == ("down", "denied")
    assert what(look(f"unix://:{QUOTED}@{tmp_path}/other.sock")) == ("down", "unreachable")


def test_it_is_refused_once_the_server_is_stopped(redis: RedisServer) -> None:
    redis.stop()
    assert what(look(redis.url)) == ("down", "refused")


def test_nothing_is_known_of_one_that_hangs_until_it_goes_on(redis: RedisServer) -> None:
    redis.freeze()
    begun = time.monotonic()
    assert what(look(redis.url, SECONDS)) == ("unknown", "timeout")
    assert time.monotonic() - begun < SECONDS + LITTLE
    redis.thaw()
    assert what(look(redis.url)) == ("up", "")


@pytest.mark.parametrize("login", ["", ":wrong@", "nobody:wrong@"])
def test_it_is_denied_with_another_password(redis: RedisServer, login: str) -> None:
    told = look(f"redis://{login}127.0.0.1:{redis.port}/0")
    assert what(told) == ("down", "denied")
    assert "wrong" not in told.detail


def test_it_logs_in_with_a_name_and_is_up_without_the_right_to_more_than_a_ping(redis: RedisServer) -> None:
    redis.client.acl_setuser("probe", enabled=True, passwords=["+p@ss"], commands=["+ping"])
    told = look(f"redis://probe:p%40ss@127.0.0.1:{redis.port}/0")
    assert what(told) == ("up", "")
    assert set(told.values.values()) == {None}
    redis.client.acl_setuser("probe", commands=["-ping"])
    assert what(look(f"redis://probe:p%40ss@127.0.0.1:{redis.port}/0")) == ("down", "denied")


def test_it_is_impaired_while_it_loads(tmp_path: Path) -> None:
    with redis_server(tmp_path) as first:
        first.client.mset({f"key {number}": number for number in range(1000)})
        first.client.save()
    slowly = ("--key-load-delay", "10000", "--loading-process-events-interval-bytes", "1024")
    with redis_server(tmp_path, *slowly, waits=False) as server:
        told = until(lambda: look(server.url), lambda told: told.problem != "refused")
    assert what(told) == ("impaired", "loading")


def test_it_is_impaired_where_it_takes_no_writes_for_it_could_not_save(tmp_path: Path) -> None:
    with redis_server(tmp_path, "--save", "3600 1") as server:
        (tmp_path / "dump.rdb").mkdir()  # so that no file can take its place
        server.client.set("a", "b")
        server.client.bgsave()
        until(lambda: server.client.info()["rdb_last_bgsave_status"], lambda status: status == "err")
        with pytest.raises(RedisError, match="MISCONF"):
            server.client.set("a", "c")
        told = look(server.url)
    assert what(told) == ("impaired", "no_writes")
    assert told.detail.startswith("MISCONF")


def test_it_is_impaired_where_it_only_repeats_another(redis: RedisServer) -> None:
    redis.client.replicaof("127.0.0.1", free_port())
    assert what(look(redis.url)) == ("impaired", "read_only")
    redis.client.config_set("replica-serve-stale-data", "no")
    assert what(look(redis.url)) == ("impaired", "no_master")


def test_it_is_impaired_while_a_script_keeps_it_busy(redis: RedisServer) -> None:
    redis.client.config_set("lua-time-limit", 1)
    script = threading.Thread(target=_endless_script, args=(redis,))
    script.start()
    try:
        told = until(lambda: look(redis.url), lambda told: told.state != "up")
    finally:
        redis.client.script_kill()
        script.join()
    assert what(told) == ("impaired", "busy_script")


def _endless_script(redis: RedisServer) -> None:
    with suppress(RedisError):  # it is killed
        redis.client.eval("while true do end", 0)


def test_it_is_impaired_where_it_takes_no_more_clients(redis: RedisServer) -> None:
    with redis.client as first:
        first.config_set("maxclients", 1)
        assert what(look(redis.url)) == ("impaired", "too_many_clients")
        first.config_set("maxclients", 10)


def test_it_speaks_tls_and_checks_who_answers(tmp_path: Path) -> None:
    with _secure_server(tmp_path) as (port, certificate):
        url = f"rediss://:{QUOTED}@localhost:{port}/0"
        assert what(look(f"{url}?ssl_ca_certs={certificate}")) == ("up", "")
        assert what(look(f"{url}?ssl_cert_reqs=none")) == ("up", "")
        assert what(look(f"{url}?ssl_cert_reqs=CERT_NONE")) == ("up", "")
        told = look(url)
        assert (*what(told), told.detail) == ("down", "tls", "self-signed certificate")
        elsewhere = f"rediss://:{QUOTED}@127.0.0.1:{port}/0?ssl_ca_certs={certificate}"
        assert what(look(elsewhere)) == ("down", "tls")
        assert what(look(f"{elsewhere}&ssl_check_hostname=false")) == ("up", "")
        assert what(look(f"{url}?ssl_ca_certs={tmp_path}/none.pem")) == ("unknown", "bad_address")


def test_a_server_that_speaks_no_tls_is_told_apart(redis: RedisServer) -> None:
    told = look(redis.url.replace("redis:", "rediss:"), SECONDS)
    assert (*what(told), told.detail) == ("unknown", "timeout", "the TLS handshake was not answered")


@contextmanager
def _secure_server(folder: Path) -> Iterator[tuple[int, Path]]:
    certificate, port = made_in(folder), free_port()
    path = str(certificate.path)
    files = ("--tls-cert-file", path, "--tls-key-file", str(certificate.key), "--tls-ca-cert-file", path)
    with redis_server(folder, "--tls-port", str(port), *files, "--tls-auth-clients", "no"):
        yield port, certificate.path


def test_a_name_that_nobody_has_is_told_apart() -> None:
    assert what(look("redis://nobody.invalid/0")) == ("down", "no_name")


@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1/first", "redis://127.0.0.1:99999/0", "http://127.0.0.1/", "redis:///0"]
)
def test_an_address_that_is_none_is_told_and_not_repeated(url: str) -> None:
    told = look(url.replace("127.0.0.1", "user:never-told-9@127.0.0.1"))
    assert what(told) == ("unknown", "bad_address")
    assert "never-told-9" not in told.detail


@pytest.mark.parametrize("scheme", ["redis", "rediss"])
@pytest.mark.parametrize("manner", MANNERS)
def test_it_ends_in_time_whatever_answers(manner: Manner, scheme: str) -> None:
    with rude_server(manner) as port:
        begun = time.monotonic()
        told = look(f"{scheme}://:{QUOTED}@127.0.0.1:{port}/0", SECONDS)
        took = time.monotonic() - begun
    assert took < SECONDS + LITTLE
    assert told.state in {"down", "unknown", "impaired"}
    assert told.problem
    assert told.values == {}
    assert "never-told-9" not in told.detail


def test_a_password_that_the_server_repeats_is_hidden() -> None:
    with rude_server(echo) as port:
        told = look(f"redis://probe:{QUOTED}@127.0.0.1:{port}/0")
    assert what(told) == ("impaired", "error")
    assert "probe" in told.detail
    assert PASSWORD not in told.detail
