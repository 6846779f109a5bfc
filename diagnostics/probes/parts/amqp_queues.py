"""The queues of a broker that speaks AMQP: their length and consumers; no message is ever taken to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, suppress
from typing import Any

from amqp import Connection
from amqp.exceptions import (
    AccessRefused,
    AMQPError,
    ConnectionForced,
    NotAllowed,
    NotFound,
    ResourceLocked,
    UnexpectedFrame,
)
from amqp.sasl import AMQPLAIN, PLAIN
from amqp.transport import AMQP_PROTOCOL_HEADER, TCPTransport

from diagnostics.probes.parts.connecting import Wire, connected
from diagnostics.probes.parts.queue_facts import QueueFacts, told_of
from diagnostics.probes.parts.server_address import NoAnswer, ServerAddress
from diagnostics.probes.parts.told import PartTold

USUAL_USER = USUAL_PASSWORD = "guest"  # noqa: S105  what every broker of this kind begins with
LARGEST_FRAME_BYTES = 131_072  # that we agree to
NAME = "audio diagnostics"


def look(address: ServerAddress, queues: Sequence[str], deadline: float) -> PartTold:
    """Look at queues by declaring them passively, which makes none and takes nothing."""
    try:
        with closing(connected(address, deadline)) as wire:
            return _told(_Bounded(wire, address), queues)
    except NoAnswer as error:
        return error.told()
    except AMQPError as error:
        return PartTold(*_meaning(error), address.words(error.reply_text or error))
    except OSError as error:  # what the client makes of an end of the connection
        return PartTold("down", "closed", address.words(error))
    except Exception as error:  # nonsense can make the client stumble over anything
        return PartTold("down", "protocol", type(error).__name__)


class _Transport(TCPTransport):  # type: ignore[misc]  # the library is untyped
    def __init__(self, wire: Wire) -> None:
        super().__init__("")
        self.sock = wire

    def connect(self) -> None:
        self._setup_transport()
        self._write(AMQP_PROTOCOL_HEADER)
        self.connected = True

    def _read(self, n: int, *arguments: Any, **more: Any) -> Any:
        if n > LARGEST_FRAME_BYTES:
            raise NoAnswer("protocol", "what it says is not AMQP")
        return super()._read(n, *arguments, **more)


class _Bounded(Connection):  # type: ignore[misc]  # the library is untyped
    def __init__(self, wire: Wire, address: ServerAddress) -> None:
        self._wire = wire
        login = address.user or USUAL_USER, address.password or USUAL_PASSWORD
        super().__init__(
            authentication=(PLAIN(*login), AMQPLAIN(*login)),
            virtual_host=address.path[1:] or "/",
            client_properties={"connection_name": NAME},
            frame_max=LARGEST_FRAME_BYTES,
            heartbeat=0,
        )

    def Transport(self, *_arguments: Any, **_more: Any) -> _Transport:
        return _Transport(self._wire)


def _told(connection: _Bounded, queues: Sequence[str]) -> PartTold:
    connection.connect()
    found = [_queue(connection, name) for name in queues]
    consumers = [queue.consumers for queue in found if queue.consumers is not None]
    with suppress(NoAnswer, AMQPError, OSError):  # we know what we wanted to know
        connection.close()
    return told_of(found, "", consumers=sum(consumers) if consumers else None, unacknowledged=None, failed_jobs=None)


def _queue(connection: _Bounded, name: str) -> QueueFacts:
    """A channel for each: the broker closes it where it refuses."""
    try:
        declared = connection.channel().queue_declare(name, passive=True)
    except NotFound:
        return QueueFacts(name, problem="no_queue")
    except AccessRefused:
        return QueueFacts(name, problem="denied")
    except ResourceLocked:
        return QueueFacts(name, problem="locked")
    return QueueFacts(name, declared.message_count, declared.consumer_count)


def _meaning(error: AMQPError) -> tuple[str, str]:
    if isinstance(error, AccessRefused | NotAllowed):  # the login; the virtual host
        return "down", "denied"
    if isinstance(error, ConnectionForced):
        return "down", "closed"
    if isinstance(error, UnexpectedFrame):
        return "down", "protocol"
    return "impaired", "error"
