"""Commands to a Redis server within one deadline, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from redis.connection import Connection
from redis.exceptions import AuthenticationError, InvalidResponse, RedisError, ResponseError

from diagnostics.probes.parts.connecting import Wire, connected
from diagnostics.probes.parts.server_address import NoAnswer, ServerAddress
from diagnostics.probes.parts.told import PartTold

Word = str | bytes | int
Command = Sequence[Word]

# First word of a refusal -> (state, problem).
MEANINGS = {
    "LOADING": ("impaired", "loading"),
    "BUSY": ("impaired", "busy_script"),
    "MISCONF": ("impaired", "no_writes"),
    "MASTERDOWN": ("impaired", "no_master"),
    "CLUSTERDOWN": ("impaired", "no_master"),
    "NOAUTH": ("down", "denied"),
    "WRONGPASS": ("down", "denied"),
    "NOPERM": ("down", "denied"),
    "DENIED": ("down", "denied"),  # without a password, only whoever is on the same machine may speak
}
FULL_HOUSE = "max number of clients reached"


class Talk:
    """A connection over which commands go together, each with a reply or a refusal of its own."""

    def __init__(self, connection: Connection, database: int) -> None:
        self._connection, self.database = connection, database

    def ask(self, *commands: Command) -> list[Any]:
        """Return a reply for each: bytes, numbers and lists as the server sent them, or a ResponseError where it refused."""
        self._connection.send_packed_command(self._connection.pack_commands(commands))
        return [self._reply() for _ in commands]

    def ask_one(self, *command: Word) -> Any:
        """Return the reply. Raises RedisError where the server refused."""
        (reply,) = self.ask(command)
        if isinstance(reply, ResponseError):
            raise reply
        return reply

    def _reply(self) -> Any:
        try:
            return self._connection.read_response()
        except ResponseError as refusal:
            return refusal


class _Bounded(Connection):
    def __init__(self, address: ServerAddress, deadline: float) -> None:
        self._address, self._deadline = address, deadline
        super().__init__(
            host=address.host,
            port=address.port,
            db=address.database,
            username=address.user or None,
            password=address.password or None,
            protocol=2,  # which every server speaks
            driver_info=None,
        )

    def _connect(self) -> Wire:
        return connected(self._address, self._deadline)


def look_at(address: ServerAddress, deadline: float, look: Callable[[Talk], PartTold]) -> PartTold:
    """Connect, log in, choose the database and look; tell of whatever the server does instead of answering."""
    try:
        with _talk(address, deadline) as speaking:
            return look(speaking)
    except NoAnswer as error:
        return error.told()
    except RedisError as error:
        return PartTold(*meaning_of(error), address.words(error))
    except Exception as error:  # nonsense can make the client stumble over anything
        return PartTold("down", "protocol", type(error).__name__)


@contextmanager
def _talk(address: ServerAddress, deadline: float) -> Iterator[Talk]:
    connection = _Bounded(address, deadline)
    try:
        connection.connect()
        yield Talk(connection, address.database)
    finally:
        connection.disconnect()


def meaning_of(refusal: RedisError) -> tuple[str, str]:
    """State and problem that a refusal stands for."""
    code = refusal.status_code or str(refusal).partition(" ")[0]
    if code in MEANINGS:
        return MEANINGS[code]
    if isinstance(refusal, AuthenticationError):
        return MEANINGS["WRONGPASS"]
    if str(refusal) == FULL_HOUSE:
        return "impaired", "too_many_clients"
    if isinstance(refusal, ResponseError):
        return "impaired", "error"
    return "down", "protocol" if isinstance(refusal, InvalidResponse) else "closed"


def info_of(reply: object) -> Mapping[str, str]:
    """The lines of INFO by name; empty where the server does not tell us."""
    if not isinstance(reply, bytes):
        return {}
    pairs = (line.partition(":") for line in reply.decode(errors="replace").splitlines())
    return {name: value for name, mark, value in pairs if mark}
