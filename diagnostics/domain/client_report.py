"""What a client reported: a pasted message or log, read into facts that can be held against the row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PlayerError:
    """One error, decoded by the shape of its message. `source`: ios, android, browser, client or unknown.

    `code` is the inner code where there is one, as text ("-1100", "55", "4", "404", "request:fail timeout"), '' for none;
    `outer_code` WeChat's coarse one (10001 …), which is the `code`, too, where there is no other. `meaning` is in both languages, keyed by `en` and `zh-hans`, and so is
    `check`: what confirms it. `suspects` are codes of the catalogue, the likeliest first. `text` is the telling part of
    the message without secrets, at most 300 characters.
    """

    source: str
    code: str
    meaning: Mapping[str, str]
    suspects: tuple[str, ...] = ()
    check: Mapping[str, str] = field(default_factory=dict)
    outer_code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ClientReport:
    """All that one pasted text says. Nothing in it holds a secret; texts are bounded; None: the text does not say.

    `session_id` is as written; `url` the one that the client asked for, without its query; one that ends in "…" was cut
    by whoever pasted it. Of the create call's answer:
    `answer_has_session_id`, `answer_has_path`, `answer_success`. `path` and `size_bytes` are as the client received them
    from the status call (`path` without its query), `status` and `error_message` too. `parameters` are those of the create call.
    """

    errors: tuple[PlayerError, ...] = ()
    session_id: str | None = None
    url: str | None = None
    link_expires_at: datetime | None = None  # when the link behind `url` ends, where it is a signed one
    reported_at: datetime | None = None  # when it was pasted here
    answer_success: bool | None = None
    answer_has_session_id: bool | None = None
    answer_has_path: bool | None = None
    status: str | None = None
    path: str | None = None
    has_path: bool | None = None  # whether a status answer held a path that is not blank
    size_bytes: int | None = None
    is_size_rounded: bool = False  # the client printed "158.76 MB": right to some per cent, for MB may be MiB
    error_message: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def main_error(self) -> PlayerError | None:
        """The first error that is known, else the first."""
        return next((error for error in self.errors if error.source != "unknown"), next(iter(self.errors), None))
