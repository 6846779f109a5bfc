"""Where the demo host keeps its state: one folder, and the names inside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

AUDIO_FOLDER = Path("static", "generated_music", "long_sequences")


@dataclass(frozen=True, slots=True)
class Place:
    root: Path

    @property
    def database(self) -> Path:
        return self.root / "host.sqlite3"

    @property
    def audio(self) -> Path:
        return self.root / AUDIO_FOLDER

    @property
    def worker_pid(self) -> Path:
        return self.root / "worker.pid"

    @property
    def serve_pid(self) -> Path:
        return self.root / "serve.pid"

    @property
    def control(self) -> Path:
        """Small files by which the commands and the running processes speak with each other."""
        return self.root / "control"

    @property
    def kept(self) -> Path:
        """What a fault took away, so that `mend` can bring it back."""
        return self.root / "kept"

    @property
    def small_disk(self) -> Path:
        """Where a file system of a few kilobytes is mounted for the worker that is to meet a full disk."""
        return self.root / "small_disk"

    def reservation(self, session_id: int) -> Path:
        """While this file is there, the worker leaves the session to another one."""
        return self.control / f"reserved_{session_id}"

    def told(self, session_id: int) -> Path:
        """While this file is there, the worker still has to look at the session that it was told of."""
        return self.control / f"told_{session_id}"

    @property
    def requests_held(self) -> Path:
        """While this file is there, nobody asks for new sessions."""
        return self.control / "requests_held"

    @property
    def worker_held(self) -> Path:
        """While this file is there, a worker that died is not started again."""
        return self.control / "worker_held"

    def serving(self, session_id: int | None) -> Path:
        """How the server is to answer for the file of this session, or for all audio; the name of a way of `ways`."""
        return self.control / f"serving_{session_id or 'all'}"

    def stale_answer(self, session_id: int) -> Path:
        """What the status call tells of this session instead of its row; `null`: that there is none."""
        return self.control / f"answer_{session_id}.json"

    @property
    def create_forgets(self) -> Path:
        """While this file is there, the create call does not tell which session it made."""
        return self.control / "create_forgets"

    @property
    def engine(self) -> Path:
        """How the engine is to fail when it is tried; a name in `engine`."""
        return self.control / "engine"

    @property
    def holder_pid(self) -> Path:
        """Who holds the database, so that nobody else can write to it."""
        return self.control / "holder.pid"

    @property
    def server_url(self) -> Path:
        """Where the server answers, or answered last."""
        return self.control / "server_url"

    @property
    def certificate(self) -> Path:
        """By which the server answers over https as well; key and certificate."""
        return self.control / "certificate.pem"

    @property
    def availability(self) -> Path:
        """The small file in which the dashboard tells whether new requests are to be taken."""
        return self.root / "availability.json"

    @property
    def link_key(self) -> Path:
        """What signed links are signed with; made when the first one is."""
        return self.control / "link_key"

    def make_folders(self) -> None:
        for folder in (self.audio, self.control, self.kept, self.small_disk):
            folder.mkdir(parents=True, exist_ok=True)


def from_environment() -> Place:
    """DEMO_ROOT, else `var/demo` beside this package."""
    named = os.environ.get("DEMO_ROOT")
    return Place(Path(named).absolute() if named else Path(__file__).resolve().parent.parent / "var" / "demo")
