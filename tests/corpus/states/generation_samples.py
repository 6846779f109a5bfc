"""Failed sessions and what samples show of the server around them. Each fails in an hour of its own of one world."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corpus.labels import OK, WAITING, Build, Label, State, World, alone, failed
from tests.corpus.wavs import WHOLE
from tests.corpus.world import HOUR, MINUTE, Case, local

DISK = "21: or, with no message, the disk stood at DISK_FULL_PERCENT within the window*"
MEMORY = "22: or* memory was exhausted within the window"
WINDOW = "EVIDENCE_WINDOW_SECONDS 300 (how near in time a sample counts as evidence for a failure)"
MESSAGE = "21: with no message; a message of another reason stands for itself"
UNKNOWN = "28: there is a message, but no rule knows it"
NOTHING = "29: failed, with no message and no evidence"
PRECEDENCE = "Order is precedence: the first that applies is the cause; possible (one sign)"
SAMPLED = World("samples")
DISK_FULL = failed("generation.disk_full", confidence="possible")
OUT_OF_MEMORY = failed("generation.out_of_memory", confidence="possible")
UNEXPLAINED = failed("generation.unexplained", confidence="certain")
NO_SPACE = "OSError: [Errno 28] No space left on device"


def _with(hour: int, *samples: tuple[float, dict[str, float | None]], message: object = None, **row: object) -> Build:
    """Failed that many hours ago; each sample is given by the seconds before the failure."""

    def build(case: Case) -> None:
        at = hour * HOUR
        for before, percent in samples:
            case.sample(at + before, **percent)
        case.failed(message, **{"created_at": local(at + 10 * MINUTE), "updated_at": local(at), **row})

    return build


def _full(percent: float = 99.0) -> dict[str, float | None]:
    return {"audio_bytes_percent": percent}


def _used_up(memory: float = 99.0, swap: float | None = 97.0) -> dict[str, float | None]:
    return {"memory_percent": memory, "swap_percent": swap}


# Name, samples by the seconds before the failure, message, label, words.
CASES: tuple[tuple[str, tuple[tuple[float, dict[str, float | None]], ...], object, Label, str], ...] = (
    ("disk_full", ((30, _full()),), None, DISK_FULL, DISK),
    ("disk_full_blank_message", ((30, _full()),), " \n ", DISK_FULL, DISK),
    ("disk_full_afterwards", ((-200, _full(98.0)),), None, DISK_FULL, DISK),
    ("disk_full_at_the_edge", ((300, _full()),), None, DISK_FULL, WINDOW),
    ("disk_full_too_early", ((301, _full()),), None, UNEXPLAINED, WINDOW),
    ("disk_full_too_late", ((-301, _full()),), None, UNEXPLAINED, WINDOW),
    ("disk_nearly_full", ((10, _full(97.9)),), None, UNEXPLAINED, DISK),
    ("disk_full_once_of_three", ((10, _full(60.0)), (130, _full()), (-70, _full(50.0))), None, DISK_FULL, DISK),
    ("no_inodes", ((10, {"audio_inodes_percent": 100.0}),), None, DISK_FULL, DISK),
    ("another_disk_full", ((10, {"own_database_bytes_percent": 100.0}),), None, UNEXPLAINED, DISK),
    ("disk_unknown", ((10, {"audio_bytes_percent": None, "audio_inodes_percent": None}),), None, UNEXPLAINED, NOTHING),
    ("memory_exhausted", ((40, _used_up()),), None, OUT_OF_MEMORY, MEMORY),
    ("memory_exhausted_no_swap", ((40, _used_up(98.5, None)),), None, OUT_OF_MEMORY, MEMORY),
    ("memory_high_but_swap_left", ((40, _used_up(97.0, 40.0)),), None, UNEXPLAINED, MEMORY),
    ("memory_high", ((40, _used_up(88.0)),), None, UNEXPLAINED, MEMORY),
    ("memory_exhausted_too_early", ((400, _used_up()),), None, UNEXPLAINED, WINDOW),
    ("both", ((20, _used_up()), (90, _full())), None, DISK_FULL, PRECEDENCE),
    ("room_in_every_sample", ((20, {}), (80, {}), (-40, {})), None, UNEXPLAINED, NOTHING),
    ("no_sample_at_all", (), None, UNEXPLAINED, NOTHING),
    ("disk_full_and_said", ((20, _full()),), NO_SPACE, failed("generation.disk_full", confidence="certain"), DISK),
    ("said_but_room_shown", ((20, {}),), NO_SPACE, failed("generation.disk_full", confidence="certain"), DISK),
    ("memory_said_and_shown", ((20, _used_up()),), "MemoryError", failed("generation.out_of_memory"), MEMORY),
    ("memory_said_disk_full", ((20, _full()),), "MemoryError", failed("generation.out_of_memory"), MESSAGE),
    ("refused_while_full", ((20, _full()),), "Connection refused", failed("generation.dependency_down"), MESSAGE),
    ("unrecognised_while_full", ((20, _full()), (25, _used_up())), "boom", failed("generation.unrecognised"), UNKNOWN),
)  # fmt: skip


def _without_times(case: Case) -> None:
    case.sample(40 * HOUR, **_full())
    case.failed(None, created_at=local(41 * HOUR), updated_at=None, completed_at=local(40 * HOUR))


def _half_committed(case: Case) -> None:
    case.sample(45 * HOUR, **_full())
    case.write("{name}", WHOLE, 45 * HOUR)
    case.failed(None, created_at=local(46 * HOUR), updated_at=local(45 * HOUR))


def _forgotten(case: Case) -> Iterator[None]:
    """Found by the earlier pass; the samples were forgotten since, what they showed was not."""
    case.sample(50 * HOUR, **_full())
    case.failed(None, created_at=local(51 * HOUR), updated_at=local(50 * HOUR))
    yield
    case.forget_samples(50 * HOUR)


def _failed_again_elsewhen(case: Case) -> Iterator[None]:
    """What the earlier pass found is of another failure."""
    case.sample(60 * HOUR, **_full())
    case.failed(None, created_at=local(61 * HOUR), updated_at=local(60 * HOUR))
    yield
    case.update(updated_at=local(58.5 * HOUR))


def _healthy_while_full(case: Case) -> None:
    case.sample(70 * HOUR, **_full(), **_used_up())
    case.finished(70 * HOUR)


def _waiting_while_full(case: Case) -> None:
    case.sample(20, **_full(), **_used_up())
    case.unfinished("pending", created=2 * MINUTE)


def _state(number: int) -> State:
    name, samples, message, label, words = CASES[number]
    return State(f"sampled_{name}", _with(5 + number, *samples, message=message), label, words, SAMPLED)


STATES: tuple[State, ...] = (
    *(_state(number) for number in range(len(CASES))),
    State(
        "sampled_with_completed_at_alone",
        _without_times,
        failed("generation.disk_full", "record.time_disorder", confidence="possible"),
        "completed_at … else updated_at stands for it; 43: updated is null",
        SAMPLED,
    ),
    State(
        "sampled_half_committed",
        _half_committed,
        failed("record.half_committed", "generation.disk_full"),
        "20: yet its whole, valid file is there; 21 stays as a further finding",
        SAMPLED,
    ),
    State("sampled_and_forgotten", _forgotten, DISK_FULL, DISK, SAMPLED),
    State("sampled_and_failed_again_elsewhen", _failed_again_elsewhen, UNEXPLAINED, WINDOW, SAMPLED),
    State("sampled_healthy_while_full", _healthy_while_full, OK, "21: failed sessions", SAMPLED),
    State(
        "sampled_waiting_while_full",
        _waiting_while_full,
        WAITING,
        "waiting: pending within the limit; 20 to 29: failed sessions",
        alone("sampled_queue"),
    ),
    State(
        "sampled_below_a_lower_limit",
        _with(6, (10, _full(91.0))),
        DISK_FULL,
        "DISK_FULL_PERCENT",
        alone("low_limit", LIMITS={"disk_full_percent": 90.0}),
    ),
    State(
        "sampled_outside_a_smaller_window",
        _with(6, (100, _full())),
        UNEXPLAINED,
        WINDOW,
        alone("small_window", LIMITS={"evidence_window_seconds": 60}),
    ),
)
