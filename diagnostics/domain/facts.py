"""What is known of a session, its file and its surroundings when it is diagnosed: frozen values, no I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from diagnostics.domain.access import Access
from diagnostics.domain.client_report import ClientReport
from diagnostics.domain.delivery import DeliveryFacts
from diagnostics.domain.host_answer import HostAnswer
from diagnostics.domain.parts import PartFacts
from diagnostics.domain.paths import Claim
from diagnostics.domain.processes import NOT_ASKED, ProcessFacts
from diagnostics.domain.sound import SoundFacts
from diagnostics.domain.traces import CleanUp, OtherRequest, Removal

SessionKey = int | str
STATUSES = ("pending", "generating", "completed", "failed")


@dataclass(frozen=True, slots=True)
class Limits:
    """The settings that the rules read, with the catalogue's defaults; 0 or None switches a limit off where it may."""

    client_timeout_seconds: int = 120
    pending_limit_seconds: int = 600
    stall_limit_seconds: int = 900
    settle_seconds: int = 60
    duration_tolerance_percent: float = 2.0
    disk_full_percent: float = 98.0
    evidence_window_seconds: int = 300
    orphan_grace_seconds: int = 86_400
    audio_retention_days: float | None = None


class Source(StrEnum):
    """Where a piece of evidence comes from."""

    RECORD = "record"
    DISK = "disk"
    HEADER = "header"
    LEDGER = "ledger"
    HTTP = "http"
    PROCESS = "process"
    RESOURCES = "resources"
    CLIENT = "client"


class Confidence(StrEnum):
    """How sure a finding is: seen directly, two independent signs, one sign."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as the host wrote it (`raw`) and as it was understood (`at`, aware; None: null or unreadable)."""

    raw: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One row of the host's table. A None is NULL, unless the field is listed in `absent`: no such column, not read."""

    key: SessionKey
    status: str | None
    created: Moment
    updated: Moment
    error_message: str | None
    path: str | None
    size_bytes: int | None = None
    user_id: str | None = None
    assessment_id: str | None = None
    duration_seconds: float | None = None
    segment_count: str | None = None
    progress_percent: float | None = None
    generation_mode: str | None = None
    scene_id: str | None = None
    completed: Moment = Moment(None, None)
    heartbeat: Moment = Moment(None, None)  # of its generator, where the host has such a column
    absent: frozenset[str] = frozenset()

    @property
    def finished_at(self) -> datetime | None:
        """When it was completed: `completed_at`, else `updated_at` stands for it."""
        return self.completed.at or self.updated.at


class Presence(StrEnum):
    """What was found when a path below the audio root was looked at."""

    REGULAR = "regular"
    ABSENT = "absent"  # a confirmed ENOENT or ENOTDIR
    UNREADABLE = "unreadable"  # EACCES, EPERM
    NOT_A_FILE = "not_a_file"
    OUTSIDE = "outside"  # a symbolic link leads out of the root
    ERROR = "error"  # EIO, ESTALE, a time-out: nothing is known


@dataclass(frozen=True, slots=True)
class WavHeader:
    """The arithmetic of one WAV file: all sizes in bytes, as read by `probes.wav`.

    `problem` is None for a usable header, else why it is none: not_wave, no_format, bad_format, no_data. The samples
    begin at `data_at`, `block_align` bytes for each of all channels; `encoding` is how, also where the tag is extensible.
    """

    problem: str | None = None
    container: str = "RIFF"
    format_tag: int = 0
    channels: int = 0
    sample_rate: int = 0
    bits: int = 0
    bytes_per_second: int = 0
    data_declared: int = 0
    data_present: int = 0
    is_unfinalised: bool = False
    trailing: int = 0
    data_at: int = 0
    block_align: int = 0
    encoding: int = 0

    @property
    def is_truncated(self) -> bool:
        return self.is_unfinalised or self.data_present < self.data_declared

    @property
    def is_whole(self) -> bool:
        return self.problem is None and not self.is_truncated

    @property
    def seconds_present(self) -> float:
        return self.data_present / self.bytes_per_second if self.bytes_per_second else 0.0

    @property
    def seconds_declared(self) -> float:
        return self.data_declared / self.bytes_per_second if self.bytes_per_second else 0.0


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """One path below the audio root, as observed. `path` is relative to the root, as text (bad bytes escaped)."""

    path: str
    presence: Presence
    observed_at: datetime
    size_bytes: int = 0
    modified_at: datetime | None = None
    kind: str = "file"  # directory, fifo, socket, device, dangling link, looping link
    header: WavHeader | None = None
    blocked_at: str = ""  # the first path component that keeps us out
    owner: str = ""
    mode: str = ""
    error: str = ""  # the errno's name
    link_target: str = ""
    changed_ns: tuple[int, int] = (0, 0)  # mtime and ctime, exactly

    @property
    def is_unknown(self) -> bool:
        """Whether something may be there that could not be looked at."""
        return self.presence in (Presence.ERROR, Presence.UNREADABLE) or self.error == "ELOOP"

    @property
    def is_whole(self) -> bool:
        return self.presence is Presence.REGULAR and self.header is not None and self.header.is_whole


@dataclass(frozen=True, slots=True)
class FormerFile:
    """What the ledger knows of a file that is gone: seen last at `seen_at`, first missed at `missed_at`."""

    path: str
    size_bytes: int
    seen_at: datetime
    missed_at: datetime | None
    modified_at: datetime | None = None
    cleanup: CleanUp | None = None  # what else went with it


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """The audio root in this observation: `problem` is empty when it is healthy."""

    problem: str = (
        ""  # missing, unreadable, io_error, timeout, empty, other_device, not_configured, no_helper, undecided
    )
    detail: str = ""
    observed_at: datetime | None = None
    since: datetime | None = None  # of a time-out: since when it does not answer


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """The queue as a pending session stands in it: `position` 1 is next; None: it could not be read."""

    position: int | None = None
    is_moving: bool = False  # an earlier session is being generated, and moves
    moving_key: str = ""
    was_overtaken: bool = False  # a later session was picked up before it
    overtaken_by: str = ""


@dataclass(frozen=True, slots=True)
class ResourceFacts:
    """The server at one time, as the worker sampled it, in percent used; None: not known, or no swap, no inodes at all."""

    at: datetime
    disk_percent: float | None = None  # of the file system that the audio lies on
    inodes_percent: float | None = None
    memory_percent: float | None = None
    swap_percent: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the rules may know of one session; what was not looked at is None, and no rule takes None for absent."""

    record: SessionRecord
    now: datetime
    limits: Limits
    claim: Claim
    store: StoreFacts = StoreFacts()
    audio: AudioFacts | None = None  # the file that the row names
    former: FormerFile | None = None  # that file as earlier passes saw it, when it is gone now
    candidates: tuple[AudioFacts, ...] = ()  # other files in the root that are plainly this session's, unclaimed
    other_claimants: tuple[str, ...] = ()  # keys of other sessions whose rows name the same file
    growing: AudioFacts | None = None  # the youngest partial or temporary file that bears this session's id
    first_complete_pass_at: datetime | None = None
    first_seen_at: datetime | None = None  # this row, by a pass
    generating_since: datetime | None = None
    moved_at: datetime | None = None  # the last change of progress, or growth of its file, that was seen
    reset_at: datetime | None = None  # the last reset known to us
    queue: QueueFacts = QueueFacts()
    reader: Access | None = None  # READING_USER, at the regular file that a completed row names, below the root
    reader_at_root: Access | None = None  # READING_USER, from / to the audio root
    writer: Access | None = None  # GENERATOR_USER: may it write into the audio root?
    resources: tuple[ResourceFacts, ...] = ()  # within EVIDENCE_WINDOW_SECONDS of what matters, the nearest first
    removal: Removal | None = None  # the last time that this dashboard moved the file away
    other_requests: tuple[OtherRequest, ...] | None = None  # begun within the generation time; None: not looked at
    sound: SoundFacts | None = None  # what was heard of the file as it is now
    processes: ProcessFacts = NOT_ASKED  # of a pending or generating session
    delivery: DeliveryFacts | None = None  # what the URL that the client builds answered last; None: it was not asked
    report: ClientReport | None = None  # what the client said; only where somebody pasted it
    asked: Claim | None = None  # the URL in that report, understood as a row's path is
    host_answer: HostAnswer | None = None  # of the host's status call, now
    parts: tuple[PartFacts, ...] = ()  # within EVIDENCE_WINDOW_SECONDS of what matters, the nearest first
    watched_parts: frozenset[str] = frozenset()  # of the host's parts, those that are asked by the settings
    # What was asked and did not answer, so that no rule takes it for absent: memory (of earlier passes), claimants, queue.
    unanswered: frozenset[str] = frozenset()

    @property
    def standing_removal(self) -> Removal | None:
        """The removal that explains why the file is gone: none where a pass saw the file, or a reset was noted, after it."""
        if self.removal is None or self._is_of_an_earlier_generation(self.removal.at):
            return None
        was_back = self.former is not None and self.former.seen_at > self.removal.at
        return None if was_back else self.removal

    @property
    def standing_former(self) -> FormerFile | None:
        """The file as earlier passes saw it: none where it was that of an earlier generation, before a reset."""
        is_earlier = self.former is not None and self._is_of_an_earlier_generation(self.former.seen_at)
        return None if is_earlier else self.former

    def _is_of_an_earlier_generation(self, at: datetime) -> bool:
        return self.reset_at is not None and at <= self.reset_at


@dataclass(frozen=True, slots=True)
class Observation:
    """One line of evidence: where it comes from, which fact, its value as text, and when it was observed."""

    source: Source
    fact: str
    value: str
    observed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement or fault. `values` fill the placeholders of its sentence."""

    code: str
    confidence: Confidence
    evidence: tuple[Observation, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)
