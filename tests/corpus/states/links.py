"""Addresses: links of other stores, signatures that expired, and URLs that do not lead to the file."""

from __future__ import annotations

from tests.corpus.labels import OK, State, broken, unknown
from tests.corpus.world import HOST_ROOT, NOW, ORIGIN, PREFIX, Case

CDN = "https://cdn.other.cn/ai-generated/"
REMOTE = "2: the path is a URL on a host that no configured store serves, and its link has not expired (then 34)"
EXPIRED = "34: the path is a signed link whose expiry has passed"
WRONG = "35: the URL that the client builds from this row does not lead to the file (a bare file name and a file-system path are the plainest cases)"
PAST, COMING = int(NOW.timestamp()) - 90, int(NOW.timestamp()) + 90
S3 = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20250825T1000{seconds}Z&X-Amz-Expires={lasts}&X-Amz-Signature=ab12"


def _remote(name: str, query: str, codes: tuple[str, ...]) -> State:
    label = broken(*codes) if codes[0].startswith("delivery") else unknown(*codes)
    words = EXPIRED if codes[0].startswith("delivery") else REMOTE
    return State(f"remote_{name}", lambda case: case.session(at=None, path=CDN + case.name + query), label, words)


def _signed(case: Case) -> None:
    case.session(path=f"{ORIGIN}{PREFIX}{case.name}?e={PAST}&token=abc:def=")


def _wrong(name: str, path: str) -> State:
    return State(f"wrong_url_{name}", lambda case: case.session(path=path), broken("delivery.wrong_url"), WRONG)


STATES: tuple[State, ...] = (
    _remote("unsigned", "", ("path.remote",)),
    _remote("token_without_expiry", "?token=abc:def=", ("path.remote",)),
    _remote("still_good", f"?e={COMING}&token=abc:def=", ("path.remote",)),
    _remote("expired", f"?e={PAST}&token=abc:def=", ("delivery.link_expired",)),
    _remote("expired_capital", f"?OSSAccessKeyId=k&Expires={PAST}&Signature=s%3D", ("delivery.link_expired",)),
    _remote("expired_s3", "?" + S3.format(seconds="00", lasts=3_600), ("delivery.link_expired",)),
    _remote("good_s3", "?" + S3.format(seconds="00", lasts=86_400), ("path.remote",)),
    State(
        "remote_by_address",
        lambda case: case.session(at=None, path="http://192.168.124.3:5000" + PREFIX + case.name),
        unknown("path.remote"),
        REMOTE,
    ),
    State("own_link_expired", _signed, broken("delivery.link_expired"), EXPIRED),
    State(
        "own_link_still_good",
        lambda case: case.session(path=f"{ORIGIN}{PREFIX}{case.name}?e={COMING}&token=a"),
        OK,
        EXPIRED,
    ),
    State(
        "expired_link_of_a_lost_file",
        lambda case: case.session(at=None, path=f"{ORIGIN}{PREFIX}{case.name}?e={PAST}&token=a"),
        broken("file.never_written"),
        "34 to 41: completed sessions whose file is in order",
    ),
    _wrong("bare_name", "{name}"),
    _wrong("bare_name_with_token", "{name}?token=abc"),
    _wrong("file_system_path", "{root}/{name}"),
    _wrong("the_hosts_file_system_path", HOST_ROOT + "/{name}"),
    State(
        "wrong_url_of_a_cut_file",
        lambda case: case.session(path="{name}", content=b"RIFF"),
        broken("file.corrupt"),
        "34 to 41: completed sessions whose file is in order",
    ),
    State(
        "wrong_url_and_a_notice",
        lambda case: case.session(path="{name}", progress_percentage=5),
        broken("delivery.wrong_url", "record.progress_odd"),
        WRONG,
    ),
)
