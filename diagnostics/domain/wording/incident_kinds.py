"""What is said of each kind of incident in English; `incident_kinds_chinese` says the same in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Told:
    """One kind in one language. `title` names it without values, `label` what is shared.

    `sentence` tells of one that stands and `over` of one that is resolved; `variants` (name -> both) stand in their place.
    Beside the values, {sessions}, {rows} and {files} are counted ("214 sessions"), {since_at} is when it opened, and the
    English {carry} and {were} agree with their number.
    """

    title: str
    label: str
    sentence: str
    over: str
    variants: Mapping[str, tuple[str, str]] = field(default_factory=dict)


ENGLISH: dict[str, Told] = {
    "error": Told(
        "Same error",
        "The error, without what differs",
        "{sessions} failed with the same error: “{error}”",
        "{sessions} had failed with the same error: “{error}”",
    ),
    "folder": Told(
        "Folder cannot be read",
        "The folder",
        "{sessions}: the folder “{folder}” cannot be read since {since_at}",
        "{sessions}: the folder “{folder}” could not be read",
    ),
    "permissions": Told(
        "Files of one owner cannot be read",
        "Owner and mode",
        "{sessions}: their files belong to {owner} with mode {mode}, and cannot be read",
        "{sessions}: their files belonged to {owner} with mode {mode}, and could not be read",
    ),
    "device": Told(
        "Files of one folder cannot be looked at",
        "The folder",
        "{sessions}: looking at files in “{folder}” ends in {error} since {since_at}",
        "{sessions}: looking at files in “{folder}” ended in {error}",
        {
            "root": (
                "{sessions}: looking at files in the audio folder ends in {error} since {since_at}",
                "{sessions}: looking at files in the audio folder ended in {error}",
            )
        },
    ),
    "base": Told(
        "Same base in paths",
        "What the paths begin with",
        "{rows} {carry} the old base “{base}”, outside the audio folder",
        "{rows} carried the old base “{base}”, outside the audio folder",
        {
            "wrong_url": (
                "{rows} {carry} the base “{base}”, from which the client builds a wrong address",
                "{rows} carried the base “{base}”, from which the client builds a wrong address",
            ),
            "bare": (
                "{rows} {carry} a bare file name, from which the client builds a wrong address",
                "{rows} carried a bare file name, from which the client builds a wrong address",
            ),
        },
    ),
    "link": Told(
        "Links lead out of the audio folder",
        "Where they lead",
        "{sessions}: links lead out of the audio folder, to “{folder}”",
        "{sessions}: links led out of the audio folder, to “{folder}”",
    ),
    "moved": Told(
        "Files moved to another folder",
        "From where to where",
        "{sessions}: the files lie in “{found}”, and the rows say “{folder}”",
        "{sessions}: the files lay in “{found}”, and the rows said “{folder}”",
    ),
    "host": Told(
        "Links to one host",
        "The host",
        "{sessions}: the audio lies on {host}, where it cannot be checked",
        "{sessions}: the audio lay on {host}, where it could not be checked",
        {
            "expired": (
                "{sessions}: the signed links to {host} have expired",
                "{sessions}: the signed links to {host} had expired",
            )
        },
    ),
    "delivery": Told(
        "One server does not deliver",
        "The server",
        "{sessions}: {host} answers {answer} in place of the audio",
        "{sessions}: {host} answered {answer} in place of the audio",
        {
            "length": (
                "{sessions}: {host} serves audio of another length than the files have",
                "{sessions}: {host} served audio of another length than the files have",
            ),
            "not_audio": (
                "{sessions}: {host} sends something else in place of the audio",
                "{sessions}: {host} sent something else in place of the audio",
            ),
            "no_range": (
                "{sessions}: {host} does not answer Range requests as players need it",
                "{sessions}: {host} did not answer Range requests as players need it",
            ),
            "certificate": (
                "{sessions}: the certificate of {host} is refused",
                "{sessions}: the certificate of {host} was refused",
            ),
        },
    ),
    "deletion": Told(
        "Files deleted at once",
        "The interval",
        "{files} {were} deleted between {seen_at..missed_at}",
        "{files} {were} deleted between {seen_at..missed_at}",
    ),
    "content": Told(
        "Files with the same flaw",
        "The size",
        "{files}, all of exactly {size_bytes:exact}, cannot be played as audio",
        "{files}, all of exactly {size_bytes:exact}, could not be played as audio",
        {
            "truncated": (
                "{files}, all cut off at exactly {size_bytes:exact}",
                "{files}, all cut off at exactly {size_bytes:exact}",
            )
        },
    ),
    "file": Told(
        "Several sessions on one file",
        "The file",
        "{sessions}: the rows claim “{path}”, which is not theirs",
        "{sessions}: the rows claimed “{path}”, which was not theirs",
    ),
    "status": Told(
        "Same unknown status",
        "The status",
        "{rows} {carry} the unknown status “{status}”",
        "{rows} carried the unknown status “{status}”",
        {
            "blank": ("{rows} {carry} no status at all", "{rows} carried no status at all"),
        },
    ),
    "queue": Told(
        "The queue stands still",
        "",
        "{sessions}: waiting, and not picked up since {since_at}",
        "{sessions}: had waited, and had not been picked up",
    ),
    "worker": Told(
        "Generation stands still",
        "",
        "{sessions}: generation stands still since {since_at}",
        "{sessions}: generation had stood still",
        {
            "crashed": (
                "{sessions}: generation broke off, and its process is gone since {since_at}",
                "{sessions}: generation had broken off, and its process was gone",
            )
        },
    ),
}
