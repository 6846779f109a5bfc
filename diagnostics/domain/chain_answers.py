"""What the evidence itself answers to the chain's questions where no rule found a fault."""

from __future__ import annotations

from dataclasses import dataclass

from diagnostics.domain import clock, observations
from diagnostics.domain.diagnosis import Diagnosis, State
from diagnostics.domain.facts import AudioFacts, Evidence, Observation, Presence
from diagnostics.domain.paths import ClaimKind
from diagnostics.domain.rules import life, worker
from diagnostics.domain.rules.life import Life

PARAMETERS = ("assessment_id", "segment_count", "generation_mode", "scene_id")


@dataclass(frozen=True, slots=True)
class Answer:
    """The result (ok, bad, notice, not_checked), the lines behind it, and why a check was not made."""

    result: str
    lines: tuple[Observation, ...] = ()
    why: str = ""


def ok(*lines: Observation) -> Answer:
    return Answer("ok", lines)


def not_checked(why: str, *lines: Observation) -> Answer:
    return Answer("not_checked", lines, why)


def every_rule(_evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    return ok()


def parameters(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    record = evidence.record
    lines = [
        observations.recorded(evidence, name, getattr(record, name)) for name in PARAMETERS if getattr(record, name)
    ]
    if record.duration_seconds is None:
        return not_checked("no_claim", *lines)
    return ok(observations.recorded(evidence, "duration", f"{record.duration_seconds:g} s"), *lines)


def waiting(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    record, limit = evidence.record, evidence.limits.client_timeout_seconds
    if record.status != "completed":
        return not_checked("not_finished")
    took = clock.generation_seconds(evidence)
    if took is None:
        return not_checked("no_times")
    lines = (
        observations.recorded(evidence, "took", f"{took:g} s"),
        observations.recorded(evidence, "client waits", f"{limit} s"),
    )
    return Answer("notice" if limit and took > limit else "ok", lines)


def created(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    return ok(observations.recorded(evidence, "created_at", evidence.record.created.raw))


def status(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    return ok(observations.recorded(evidence, "status", evidence.record.status))


def path_recorded(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    if evidence.claim.kind is not ClaimKind.BLANK:
        return ok(observations.claim(evidence))
    return not_checked("no_path" if evidence.record.status == "completed" else "not_completed")


def error_recorded(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    message = (evidence.record.error_message or "").strip()
    line = observations.recorded(evidence, "error_message", evidence.record.error_message)
    return Answer("notice" if evidence.record.status == "failed" and not message else "ok", (line,))


def times(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    record = evidence.record
    moments = {"created_at": record.created, "updated_at": record.updated, "completed_at": record.completed}
    return ok(*(observations.recorded(evidence, name, moment.raw) for name, moment in moments.items() if moment.raw))


def progress(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    value = evidence.record.progress_percent
    if value is None:
        return not_checked("no_column" if "progress_percentage" in evidence.record.absent else "no_claim")
    return ok(observations.recorded(evidence, "progress_percentage", f"{value:g}"))


def queue(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    line = observations.recorded(evidence, "status", evidence.record.status)
    if "queue" in evidence.unanswered:
        return not_checked("not_answered", line)
    position = evidence.queue.position
    if evidence.record.status != "pending" or position is None:
        return ok(line)
    return ok(line, observations.recorded(evidence, "place in the queue", position))


def process(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    """What generates, as it is now; a generation that moves without anybody alive will soon be a crashed one."""
    if evidence.record.status != "generating":
        return not_checked("not_generating")
    moved = clock.moved_at(evidence)
    last = observations.recorded(evidence, "last moved", moved.isoformat() if moved else None)
    lines = (last, *life.lines(evidence), *_memory_of_generators(evidence))
    if not worker.is_moving(evidence):  # and no rule speaks: what could tell did not answer
        return not_checked("not_answered", *lines)
    alive, processes = life.of_generator(evidence), evidence.processes
    if alive is Life.GONE:
        return Answer("notice", lines, "no_generator")
    if processes.alive and all(one.is_stopped for one in processes.alive):
        return Answer("notice", lines, "stopped_generator")
    if alive is Life.UNKNOWN:
        return Answer("ok", lines, "no_pattern" if processes.problem == "not_configured" else "no_processes")
    return ok(*lines)


def _memory_of_generators(evidence: Evidence) -> tuple[Observation, ...]:
    facts = evidence.processes
    shown = facts.alive[: life.MOST_NAMED]
    return tuple(
        observations.running("memory of the generator", f"{one.pid}: {one.memory_bytes} bytes", facts.observed_at)
        for one in shown
    )


def right_to_write(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    audio = _regular(evidence)
    return ok(_owner_and_mode(audio)) if audio and audio.mode else not_checked("no_generator_user")


def generation(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    if evidence.record.status == "completed":
        return ok(observations.recorded(evidence, "status", "completed"))
    return not_checked("failed_elsewhere" if evidence.record.status == "failed" else "not_finished")


def store(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    if evidence.store.problem:
        return not_checked("no_store", observations.audio_root(evidence.store.problem, evidence.now))
    return ok(observations.audio_root("ok", evidence.store.observed_at or evidence.now))


def path(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    kind = evidence.claim.kind
    if kind is ClaimKind.INSIDE:
        return ok(observations.claim(evidence))
    return not_checked(why_no_path(evidence), observations.claim(evidence))


def exists(evidence: Evidence, diagnosis: Diagnosis) -> Answer:
    audio = evidence.audio
    if _regular(evidence) and audio:
        modified = audio.modified_at.isoformat(timespec="seconds") if audio.modified_at else None
        return ok(observations.size(audio), observations.seen(audio, "modified", modified))
    if audio and audio.presence is Presence.ABSENT and diagnosis.state is State.EXPIRED:
        removed = observations.moved_away(evidence.standing_removal) if evidence.standing_removal else ()
        return Answer("notice", (*removed, observations.seen(audio, "stat", audio.error or "ENOENT")), "cleared")
    return not_checked(_why_no_file(evidence, diagnosis))


def permission(evidence: Evidence, diagnosis: Diagnosis) -> Answer:
    audio = _regular(evidence)
    if audio is None:
        return not_checked(_why_no_file(evidence, diagnosis))
    return ok(_owner_and_mode(audio)) if audio.mode else ok()


def size(evidence: Evidence, diagnosis: Diagnosis) -> Answer:
    audio, claimed = _regular(evidence), evidence.record.size_bytes
    if audio is None:
        return not_checked(_why_no_file(evidence, diagnosis))
    lines = [observations.size(audio)]
    if claimed is not None:
        lines.append(observations.recorded(evidence, "final_file_size", claimed))
    if claimed in (None, audio.size_bytes):
        return ok(*lines)
    return Answer("notice", tuple(lines)) if evidence.record.status == "completed" else ok(*lines)


def header(evidence: Evidence, diagnosis: Diagnosis) -> Answer:
    audio = _regular(evidence)
    if audio is None:
        return not_checked(_why_no_file(evidence, diagnosis))
    if audio.header is None:
        return not_checked("no_header")
    if not audio.is_whole:
        return not_checked("settling" if diagnosis.state is State.SETTLING else "not_completed")
    found = audio.header
    shape = f"{found.container} {found.sample_rate} Hz, {found.bits} bit, {found.channels} ch"
    return ok(
        observations.read(audio, "format", shape),
        observations.read(audio, "data present", f"{found.data_present} bytes"),
        observations.read(audio, "length", f"{found.seconds_present:.3f} s"),
    )


def length(evidence: Evidence, diagnosis: Diagnosis) -> Answer:
    audio, claimed = _regular(evidence), evidence.record.duration_seconds
    if audio is None:
        return not_checked(_why_no_file(evidence, diagnosis))
    if not audio.is_whole or audio.header is None:
        return not_checked("not_whole")
    line = observations.read(audio, "length", f"{audio.header.seconds_present:.3f} s")
    if claimed is None:
        return not_checked("no_claim", line)
    return ok(line, observations.recorded(evidence, "duration", f"{claimed:g} s"))


def owner(evidence: Evidence, diagnosis: Diagnosis) -> Answer:
    if _regular(evidence) is None:
        return not_checked(_why_no_file(evidence, diagnosis))
    line = observations.recorded(evidence, "file name", evidence.claim.name)
    return not_checked("not_answered", line) if "claimants" in evidence.unanswered else ok(line)


def name(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    if not evidence.claim.name:
        return not_checked("no_path")
    return ok(observations.recorded(evidence, "file name", evidence.claim.name))


def _regular(evidence: Evidence) -> AudioFacts | None:
    audio = evidence.audio
    return audio if audio and audio.presence is Presence.REGULAR else None


def _owner_and_mode(audio: AudioFacts) -> Observation:
    return observations.seen(audio, "mode", f"{audio.owner} {audio.mode}".strip())


def why_no_path(evidence: Evidence) -> str:
    kind = evidence.claim.kind
    if kind is ClaimKind.BLANK:
        return "no_path" if evidence.record.status == "completed" else "not_completed"
    return "remote" if kind is ClaimKind.REMOTE else "unsafe"


def _why_no_file(evidence: Evidence, diagnosis: Diagnosis) -> str:
    audio = evidence.audio
    if evidence.claim.kind is not ClaimKind.INSIDE:
        return why_no_path(evidence)
    if evidence.store.problem or (audio and audio.presence is Presence.ERROR):
        return "no_store"
    if diagnosis.state in (State.SETTLING, State.EXPIRED):
        return "settling" if diagnosis.state is State.SETTLING else "cleared"
    if audio and audio.presence in (Presence.UNREADABLE, Presence.OUTSIDE):
        return "unreadable" if audio.presence is Presence.UNREADABLE else "unsafe"
    return "no_file" if evidence.record.status == "completed" else "not_completed"
