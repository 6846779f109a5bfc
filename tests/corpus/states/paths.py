"""What a stored path means: inside the root however it is written, or outside it and never opened."""

from __future__ import annotations

from tests.corpus.labels import OK, WAITING, State, broken, failed, noticed
from tests.corpus.wavs import WHOLE
from tests.corpus.world import HOST_ROOT, ORIGIN, PREFIX, Case

WRITTEN = (
    "query and fragment are cut off, percent-escapes decoded once, dot segments and repeated slashes removed lexically"
)
LEAVES = "4: the path leaves the audio root (.., another absolute root, a sibling folder with the same beginning, a symlink that leads out)"
NO_NAME = "4: or cannot name a file (NUL, a component over 255 bytes)"
BLANK = "5: completed, but the path is null or blank, and no file bears the session's name (then 7)"
UNSAFE = broken("path.unsafe")
UNSAFE_AND_NAMED_SO = broken("path.unsafe", "path.bad_name")
LONG = "x" * 300 + ".wav"


def _unsafe(path: object) -> State:
    name = str(path).replace("/", "|").replace("\0", "NUL")[:50]
    return State(f"unsafe_{name}", lambda case: case.session(at=None, path=path), UNSAFE_AND_NAMED_SO, LEAVES + "; 45")


def _link_out(case: Case) -> None:
    target = case.outside / case.name
    target.write_bytes(WHOLE)
    case.file.symlink_to(target)
    case.session(at=None)


def _folder_leads_out(case: Case) -> None:
    (case.outside / case.name).write_bytes(WHOLE)
    (case.root / f"folder{case.key}").symlink_to(case.outside)
    case.session(at=None, path=PREFIX + f"folder{case.key}/" + case.name)


def _sibling(case: Case) -> None:
    folder = case.root.with_name("audio_evil")
    folder.mkdir(exist_ok=True)
    (folder / case.name).write_bytes(WHOLE)
    case.session(at=None, path=f"{folder}/{case.name}")


def _link_in(case: Case) -> None:
    """A folder of the root under a second name."""
    case.write(f"real{case.key}/{{name}}")
    (case.root / f"alias{case.key}").symlink_to(f"real{case.key}")
    case.session(at=None, path=PREFIX + f"alias{case.key}/" + case.name)


def _ok(name: str, path: str, at: str = "{name}") -> State:
    return State(f"path_{name}", lambda case: case.session(path=path, at=at), OK, WRITTEN)


STATES: tuple[State, ...] = (
    _ok("relative", PREFIX[1:] + "{name}"),
    _ok("with_token", PREFIX + "{name}?token=abc"),
    _ok("with_fragment", PREFIX + "{name}#t=30"),
    _ok("with_token_and_fragment", PREFIX + "{name}?a=b/../c#x"),
    _ok("escaped", PREFIX + "long%5Fsequence%5F{key}_20250825_120316.wav", "long_sequence_{key}_20250825_120316.wav"),
    _ok("double_slash", "//static/generated_music//long_sequences///{name}"),
    _ok("dot_segments", PREFIX + "./x/../{name}"),
    _ok("around_the_prefix", PREFIX + "../long_sequences/{name}"),
    _ok("escaped_slash", PREFIX[:-1] + "%2F{name}"),
    _ok("in_a_folder", PREFIX + "2025/08/{name}", "2025/08/{name}"),
    _ok("absolute_address", ORIGIN + PREFIX + "{name}"),
    _ok("absolute_address_with_port", "https://app.example.cn:443" + PREFIX + "{name}"),
    _ok("absolute_address_in_capitals", "https://APP.EXAMPLE.CN" + PREFIX + "{name}"),
    _ok("address_with_token", ORIGIN + PREFIX + "{name}?token=abc:def="),
    _ok("address_of_delivery_host", "https://media.example.cn" + PREFIX + "{name}"),
    State("path_through_link_inside", _link_in, OK, "4: a symlink that leads out (this one does not)"),
    State(
        "path_escaped_chinese",
        lambda case: case.session(path=PREFIX + "%E7%9D%A1%E7%9C%A0_{key}.wav", at="睡眠_{key}.wav"),
        noticed("path.bad_name"),
        WRITTEN,
    ),
    State(
        "path_with_space",
        lambda case: case.session(path=PREFIX + "calm%20night_{key}.wav", at="calm night_{key}.wav"),
        noticed("path.bad_name"),
        WRITTEN,
    ),
    _unsafe(PREFIX + "../../../etc/passwd"),
    _unsafe("../secret.wav"),
    _unsafe(PREFIX + "%2e%2e/%2e%2e/secret.wav"),
    _unsafe("/etc/passwd"),
    _unsafe("/srv/other/static/generated_music/long_sequences/x.wav"),
    _unsafe("/static/generated_music/long_sequences_evil/x.wav"),
    _unsafe("/static/generated_music/x.wav"),
    _unsafe(HOST_ROOT + "_evil/x.wav"),
    _unsafe(HOST_ROOT + "/../../x.wav"),
    State(
        "unsafe_nul",
        lambda case: case.session(at=None, path=PREFIX + "a\0b.wav"),
        UNSAFE_AND_NAMED_SO,
        NO_NAME + "; 45",
    ),
    State(
        "unsafe_escaped_nul",
        lambda case: case.session(at=None, path=PREFIX + "a%00b.wav"),
        UNSAFE_AND_NAMED_SO,
        NO_NAME + "; 45",
    ),
    State(
        "unsafe_300_byte_component",
        lambda case: case.session(at=None, path=PREFIX + LONG),
        UNSAFE_AND_NAMED_SO,
        NO_NAME + "; 45",
    ),
    State(
        "unsafe_300_bytes_of_chinese",
        lambda case: case.session(at=None, path=PREFIX + "睡" * 100),
        UNSAFE_AND_NAMED_SO,
        NO_NAME + "; 45",
    ),
    State("unsafe_link_out", _link_out, UNSAFE, LEAVES),
    State("unsafe_folder_leads_out", _folder_leads_out, UNSAFE, LEAVES),
    State("unsafe_sibling_folder", _sibling, UNSAFE, LEAVES),
    State(
        "unsafe_while_pending",
        lambda case: case.unfinished("pending", created=60, final_file_path="/etc/passwd"),
        UNSAFE_AND_NAMED_SO,
        "3, 4: any status",
    ),
    State(
        "unsafe_and_failed",
        lambda case: case.failed("MemoryError", final_file_path="/etc/passwd"),
        failed("path.unsafe", "generation.out_of_memory", "path.bad_name"),
        "3, 4: any status; order is precedence",
    ),
    State(
        "unsafe_but_plainly_there",
        lambda case: case.session(path="/mnt/old/music/{name}"),
        broken("file.misplaced"),
        "4: and no file in the root is plainly this session's (then 7)",
    ),
    State(
        "unsafe_dots_but_plainly_there",
        lambda case: case.session(path=PREFIX + "../../../../{name}"),
        broken("file.misplaced"),
        "4: and no file in the root is plainly this session's (then 7)",
    ),
    State(
        "api_in_front_of_the_path",
        lambda case: case.session(path="/api" + PREFIX + "{name}"),
        broken("file.misplaced"),
        "7: the same name … under another base",
    ),
    State("no_path", lambda case: case.session(at=None, path=None), broken("path.missing"), BLANK),
    State("blank_path", lambda case: case.session(at=None, path=""), broken("path.missing"), BLANK),
    State("path_of_spaces", lambda case: case.session(at=None, path="  \t\n"), broken("path.missing"), BLANK),
    State("no_path_pending", lambda case: case.unfinished("pending", created=30), WAITING, "5: completed"),
    State("no_path_but_named_file", lambda case: case.session(path=None), broken("file.misplaced"), BLANK),
)
