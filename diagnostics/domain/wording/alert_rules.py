"""What is said of each rule of `domain.alerts.rules` in English; `alert_rules_chinese` says the same in Chinese."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleWords:
    """One rule in one language, with placeholders that `alerts` fills.

    `meaning` tells what is measured, over what and of what. `bad` and `well` are one clause each, without a full stop: what
    is wrong, and the same measure where it is in order; `at_end` stands in place of both where the value has reached zero,
    `without` in place of `well` where there is no value to tell, or it is 0.
    `users_see` is what a user of the host notices, `first_check` the one thing to look at first.
    """

    title: str
    meaning: str
    bad: str
    well: str
    users_see: str
    first_check: str
    at_end: str = ""
    without: str = ""


ENGLISH: dict[str, RuleWords] = {
    "success_rate": RuleWords(
        title="Playable rate",
        meaning="The share of the sessions finished in the last {window} that could be played: completed, and their file was "
        "whole when it was first looked at after finishing. Counted are these, those whose file was not whole, those "
        "that failed, and those stuck past their limit. Left out is what could not be checked, or not yet. "
        "With fewer than {smallest} sessions nothing is said.",
        bad="only {value} of the {sessions} finished in the last {window} could be played",
        well="{value} of the {sessions} finished in the last {window} could be played",
        users_see="Users wait for their audio, and get an error or a player that cannot play it.",
        first_check="See on the page of rates which cause grew most, and open one of its sessions.",
    ),
    "generation_time": RuleWords(
        title="Generation time",
        meaning="The mean time that the sessions completed in the last {window} took to be generated. Times below zero or "
        "longer than a day are left out; what is still being generated is not in it. With fewer than {smallest} sessions "
        "nothing is said.",
        bad="the {sessions} completed in the last {window} took {value} on average",
        well="the {sessions} completed in the last {window} took {value} on average",
        users_see="Users wait longer than usual; a client that gives up after a set time shows a failure though the audio "
        "comes later.",
        first_check="See on the page of resources whether the queue is long, and whether processor or disk is busy.",
    ),
    "disk_used": RuleWords(
        title="Disk space used",
        meaning="How much of a file system is used, of what an ordinary user can use: used ÷ (used + free), as df reckons it.",
        bad="{subject}: {value} of the disk space is used",
        well="{subject}: {value} of the disk space is used",
        users_see="Nothing yet. Once the disk is full, generations fail or leave files that are cut off.",
        first_check="See on the page of resources for how many more sessions there is room, and what takes the space.",
    ),
    "failures": RuleWords(
        title="Failures",
        meaning="How many sessions failed in the last {window}, by the time at which they ended. Unlike a rate it needs no "
        "number of sessions to compare with.",
        bad="{failed} failed in the last {window}",
        well="{failed} failed in the last {window}",
        users_see="Users are told that their audio could not be made.",
        first_check="Open the sessions that failed last, and see whether they share an error.",
    ),
    "condition": RuleWords(
        title="Trouble above all sessions",
        meaning="Something that a whole pass ran into, and that concerns all sessions or many: the storage, the host, its table.",
        bad="{subject}",
        well="no longer so: {subject}",
        users_see="It depends on the trouble; at the least, nobody can tell for now whether their audio is in order.",
        first_check="Do what the band at the top of the page advises.",
    ),
    "disk_full_soon": RuleWords(
        title="Disk full soon",
        meaning="Hours until fewer than {room} more sessions fit on a file system, if it goes on filling as in the last "
        "{window}.",
        bad="{subject}: if it goes on filling as in the last {window}, fewer than {room} more sessions fit in {value}",
        well="{subject}: if it goes on filling as in the last {window}, fewer than {room} more sessions fit in {value}",
        users_see="Nothing yet. Once the disk is full, generations fail or leave files that are cut off.",
        first_check="See on the page of resources what fills the disk, and clear away old audio while there is time.",
        at_end="{subject}: fewer than {room} more sessions fit already",
        without="{subject}: it is not filling up",
    ),
    "inodes_used": RuleWords(
        title="Inodes used",
        meaning="How many of a file system's inodes are used: with none left no file can be made, however much space there is.",
        bad="{subject}: {value} of the inodes are used",
        well="{subject}: {value} of the inodes are used",
        users_see="Nothing yet. Once no inode is left, generations fail although the disk has room.",
        first_check="Look for a folder with very many small files: often temporary ones.",
    ),
    "queue_still": RuleWords(
        title="Queue not moving",
        meaning="How long ago anything last moved (a session was taken up, made progress or ended), while sessions wait.",
        bad="with {sessions} waiting, nothing has moved for {value}",
        well="with {sessions} waiting, something last moved {value} ago",
        without="nothing waits that does not move",
        users_see="Users who begin a session wait, and see no progress.",
        first_check="See whether the host's generating processes run, and whether one hangs.",
    ),
    "worker_silent": RuleWords(
        title="Dashboard’s worker silent",
        meaning="How long ago a worker of this dashboard was last seen that was not stopped on purpose.",
        bad="this dashboard's worker {subject} was last seen {value} ago",
        well="this dashboard's worker {subject} was last seen {value} ago",
        users_see="Nothing. But nobody checks any more: what these pages show grows old.",
        first_check="See whether the worker's process runs, and read the last lines of its log.",
    ),
    "pass_late": RuleWords(
        title="Pass late",
        meaning="How long the next complete pass is overdue: the time since the last one, beyond the interval of passes.",
        bad="the next complete pass is overdue by {value}",
        well="the next complete pass is overdue by {value}",
        without="no pass is overdue",
        users_see="Nothing. But what these pages say of sessions grows old.",
        first_check="Look at the last passes: does one fail, hang or take much longer than usual?",
    ),
    "incident_regressed": RuleWords(
        title="Incident came back",
        meaning="An incident that was resolved stands again.",
        bad="{subject} was resolved and is back",
        well="{subject} is resolved again",
        users_see="What they saw when it stood before.",
        first_check="Open the incident: its note says what was done about it the last time.",
    ),
    "part_down": RuleWords(
        title="Part of the host down",
        meaning="A part of the host (audio engine, database, cache, task queue, audio mount) does not work when asked.",
        bad="{subject} is down",
        well="{subject} works",
        users_see="New sessions wait or fail; without the database or the mount, finished audio cannot be opened either.",
        first_check="See on the page of resources what the part answers, and whether its service runs.",
    ),
}  # fmt: skip
