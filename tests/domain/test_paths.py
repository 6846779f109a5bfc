"""What a stored path means, and which URL the client builds from it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.domain.paths import ClaimKind, StoreLayout, client_url, fold, understand
from tests.domain.build import LAYOUT, NAME, PREFIX

INSIDE = (
    (PREFIX + NAME, NAME, True),
    (PREFIX[1:] + NAME, NAME, True),
    (NAME, NAME, False),
    ("./" + NAME, NAME, False),
    ("/srv/audio/" + NAME, NAME, False),
    ("/srv/app/static/generated_music/long_sequences/" + NAME, NAME, False),
    (PREFIX + NAME + "?token=abc", NAME, True),
    (PREFIX + NAME + "#t=9", NAME, True),
    (PREFIX + "a%20b.wav", "a b.wav", True),
    (PREFIX + "a%2520b.wav", "a%20b.wav", True),
    (PREFIX + "a+b.wav", "a+b.wav", True),
    (PREFIX + "100%.wav", "100%.wav", True),
    (PREFIX + "睡眠.wav", "睡眠.wav", True),
    (PREFIX + "%E7%9D%A1.wav", "睡.wav", True),
    (PREFIX + "%FF.wav", "\udcff.wav", True),
    (PREFIX + "x/../" + NAME, NAME, True),
    (PREFIX + "./x//y/" + NAME, "x/y/" + NAME, True),
    ("//static//generated_music/long_sequences/" + NAME, NAME, True),
    (PREFIX + "../long_sequences/" + NAME, NAME, True),
    ("/" + "../" * 5 + PREFIX[1:] + NAME, NAME, True),
    ("https://app.example.cn" + PREFIX + NAME, NAME, True),
    ("https://app.example.cn:443" + PREFIX + NAME, NAME, True),
    ("https://m.example.cn" + PREFIX + NAME + "?e=1", NAME, True),
    ("a:b.wav", "a:b.wav", False),
    ("..wav", "..wav", False),
)
UNSAFE = (
    ("../" + NAME, "leaves_root"),
    ("..", "leaves_root"),
    ("x/../../" + NAME, "leaves_root"),
    ("/" + NAME, "leaves_root"),
    ("/etc/passwd", "leaves_root"),
    ("/srv/audio_evil/" + NAME, "leaves_root"),
    ("/srv/audio/../" + NAME, "leaves_root"),
    (PREFIX[:-1] + "_evil/" + NAME, "leaves_root"),
    (PREFIX + "../" + NAME, "leaves_root"),
    (PREFIX + "%2e%2e/" + NAME, "leaves_root"),
    (PREFIX + "..%2f" + NAME, "leaves_root"),
    ("/api" + PREFIX + NAME, "leaves_root"),
    ("file:///srv/audio/" + NAME, "leaves_root"),
    (PREFIX + "a\0.wav", "nul"),
    (PREFIX + "a%00.wav", "nul"),
    (PREFIX + "x" * 256, "component_too_long"),
    (PREFIX + "睡" * 86, "component_too_long"),
    (PREFIX + "/".join(["x" * 200] * 30), "path_too_long"),
)
BLANK = (None, "", " ", "\t\n", "?token=1", "#x", ".", "./")
REMOTE = (
    "https://cdn.other.cn/" + NAME,
    "http://192.168.124.3:5000" + PREFIX + NAME,
    "https://app.example.cn.evil.cn" + PREFIX + NAME,
    "https://app.example.cn@evil.cn" + PREFIX + NAME,
    "https://app.example.cn:8443" + PREFIX + NAME,
    "http:///x.wav",
)
URLS = (
    (PREFIX + NAME, "https://app.example.cn" + PREFIX + NAME),
    (PREFIX[1:] + NAME, "https://app.example.cn" + PREFIX + NAME),
    (NAME, "https://app.example.cn/" + NAME),
    ("/srv/audio/" + NAME, "https://app.example.cn/srv/audio/" + NAME),
    ("https://cdn.other.cn/a?e=1&token=x", "https://cdn.other.cn/a?e=1&token=x"),
    ("httpfoo.wav", "httpfoo.wav"),
)


@pytest.mark.parametrize(("raw", "path", "leads"), INSIDE)
def test_it_names_a_file_below_the_root(raw: str, path: str, leads: bool) -> None:
    claim = understand(raw, LAYOUT)
    assert (claim.kind, claim.path, claim.leads_to_file) == (ClaimKind.INSIDE, path, leads)


@pytest.mark.parametrize(("raw", "reason"), UNSAFE, ids=[repr(raw[:50]) for raw, _ in UNSAFE])
def test_it_is_unsafe(raw: str, reason: str) -> None:
    claim = understand(raw, LAYOUT)
    assert (claim.kind, claim.reason, claim.path) == (ClaimKind.UNSAFE, reason, "")


@pytest.mark.parametrize("raw", BLANK)
def test_it_is_blank(raw: str | None) -> None:
    assert understand(raw, LAYOUT).kind is ClaimKind.BLANK


@pytest.mark.parametrize("raw", REMOTE)
def test_it_is_served_elsewhere(raw: str) -> None:
    assert understand(raw, LAYOUT).kind is ClaimKind.REMOTE


@pytest.mark.parametrize(("raw", "url"), URLS)
def test_the_client_asks_for(raw: str, url: str) -> None:
    assert client_url(raw, LAYOUT) == url


def test_the_prefix_itself_is_the_root_and_no_file() -> None:
    assert understand(PREFIX, LAYOUT).path == ""


def test_without_a_base_url_only_the_path_is_judged() -> None:
    layout = StoreLayout(("/srv/audio",), PREFIX)
    assert understand(PREFIX + NAME, layout).leads_to_file
    assert not understand(NAME, layout).leads_to_file


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("caf\u00e9.wav", "cafe\u0301.wav"),
        ("A.WAV", "a.wav"),
        ("a.wav", "a.mp3"),
        ("a%20b.wav", "a b.wav"),
        ("x/y/a.wav", "a.wav"),
        ("x\\a.wav", "a.wav"),
        ("straße.wav", "STRASSE.wav"),
    ],
)
def test_names_that_copying_may_change_are_alike(name: str, other: str) -> None:
    assert fold(name) == fold(other)


@pytest.mark.parametrize(
    ("name", "other"), [("a.wav", "b.wav"), ("a_1.wav", "a_10.wav"), ("caf\u00e9.wav", "cafe.wav")]
)
def test_other_names_are_not(name: str, other: str) -> None:
    assert fold(name) != fold(other)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from("./%?#:\\@\0 ~x2eEfF"), st.characters()), max_size=60))
def test_any_text_is_understood_and_never_leaves_the_root(text: str) -> None:
    for raw in (text, PREFIX + text, "/srv/audio/" + text, "https://app.example.cn" + PREFIX + text):
        claim = understand(raw, LAYOUT)
        assert not {"..", ".", ""} & set(claim.path.split("/")) or claim.path == ""
        assert not claim.path.startswith("/")
        assert claim.kind is ClaimKind.INSIDE or not claim.path
