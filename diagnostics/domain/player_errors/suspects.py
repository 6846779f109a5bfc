"""Which causes of the catalogue a kind of failure makes suspect, the likeliest first."""

from __future__ import annotations

from diagnostics.domain.player_errors.entries import Suspects

# The phone, the browser or the player alone: nothing of ours is suspected.
NONE: Suspects = ()
GONE: Suspects = (
    "file.deleted",
    "file.never_written",
    "delivery.wrong_url",
    "delivery.not_served",
    "path.missing",
    "file.misplaced",
    "file.purged",
    "path.unsafe",
)
REFUSED: Suspects = ("delivery.not_served", "file.unreadable", "delivery.link_expired")
SIGNATURE: Suspects = ("delivery.link_expired", "delivery.not_served")
ADDRESS: Suspects = ("delivery.wrong_url", "path.missing", "path.unsafe")
FOLDER: Suspects = ("path.missing", "file.not_a_file", "delivery.wrong_url")
NETWORK: Suspects = ("client.network",)
CUT: Suspects = ("client.network", "delivery.not_served", "file.truncated")
SLOW: Suspects = ("client.network", "delivery.not_served", "delivery.no_range")
NO_NAME: Suspects = ("client.network", "delivery.wrong_url")
NO_ANSWER: Suspects = ("client.network", "delivery.not_served", "delivery.wrong_url")
SERVER: Suspects = ("delivery.not_served",)
MALFORMED: Suspects = ("delivery.not_served", "delivery.no_range", "delivery.not_audio")
CERTIFICATE: Suspects = ("delivery.bad_certificate",)
SECURE: Suspects = ("delivery.bad_certificate", "client.network")
EMPTY: Suspects = ("file.empty", "file.never_written", "delivery.not_served")
RANGE: Suspects = ("delivery.no_range", "delivery.not_audio", "delivery.not_served", "file.corrupt")
PAST_THE_END: Suspects = ("file.truncated", "file.size_mismatch", "delivery.no_range")
NOT_AUDIO: Suspects = ("delivery.not_audio", "file.corrupt", "file.truncated", "delivery.no_range")
DAMAGED: Suspects = ("file.corrupt", "file.truncated", "delivery.not_audio")
# A browser says the same of an error page, of a missing file and of a damaged one.
NO_SOURCE: Suspects = (
    "delivery.not_audio",
    "delivery.wrong_url",
    "delivery.not_served",
    "delivery.link_expired",
    "file.corrupt",
    "file.deleted",
    "file.never_written",
)
DECODED: Suspects = ("delivery.not_audio", "file.corrupt", "file.truncated", "delivery.link_expired", "file.empty")
WAITED: Suspects = ("client.timed_out", "client.network")
ANSWER: Suspects = ("client.bad_response",)
LOCAL_OR_GONE: Suspects = ("file.deleted", "file.never_written", "path.missing")
