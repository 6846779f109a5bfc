"""What is known of another user's rights: whether it may do something to a path, and which component keeps it out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Access:
    """Whether a user may do something to a path, from owner, mode and ACL; `is_allowed` None: it could not be told.

    `blocked_at`, `owner` and `mode` are those of the first component that keeps the user out, or that leaves it open.
    `problem` says why it could not be told (no_such_user, groups_unknown, acl_unknown), or that the whole mount is
    read_only; `error` is the errno's name where the file system itself did not answer. `is_watched`: every pass would
    notice if it changed.
    """

    user: str
    is_allowed: bool | None
    blocked_at: str = ""
    owner: str = ""
    mode: str = ""
    problem: str = ""
    error: str = ""
    is_watched: bool = False
