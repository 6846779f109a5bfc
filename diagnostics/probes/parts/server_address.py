"""The address of a cache or broker taken apart, as the clients of the host write it."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from diagnostics.domain.redaction import HIDDEN, hide_secrets
from diagnostics.probes.parts.told import PartTold

PORTS = {"redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671, "unix": 0}
SECURE = {"rediss", "amqps"}
MOST_CHARACTERS = 300  # of what a server is quoted with
NOT_CHECKED = ("none", "cert_none")


class NoAnswer(Exception):
    """No answer came, or none could be asked for: `problem` as in `domain.parts`, `detail` without any secret."""

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(f"{problem}: {detail}" if detail else problem)
        self.problem, self.detail = problem, detail

    def told(self) -> PartTold:
        """A server that says no is down; of one that says nothing, and of one that has no address, nothing is known."""
        state = "unknown" if self.problem in {"timeout", "bad_address"} else "down"
        return PartTold(state, self.problem, self.detail)


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a server is and who asks it. `path`: a database's number, a virtual host, or the path of a socket."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    path: str = ""
    options: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def database(self) -> int:
        """The number of a Redis database. Raises NoAnswer."""
        text = "" if self.scheme == "unix" else self.path.strip("/")
        text = text or self.options.get("db") or self.options.get("virtual_host") or "0"
        if not (text.isascii() and text.isdecimal()):
            raise NoAnswer("bad_address", "the database is no number")
        return int(text)

    def secured(self) -> ssl.SSLContext | None:
        """How to speak TLS, or None where it is not spoken. Raises NoAnswer for certificates that cannot be read."""
        if self.scheme not in SECURE:
            return None
        try:
            return self._context()
        except (OSError, ValueError) as error:
            raise NoAnswer("bad_address", f"the certificates of the address: {error}") from None

    def _context(self) -> ssl.SSLContext:
        """The options are those of redis-py and kombu; unlike with the latter, a certificate is checked unless told not to."""
        options = self.options
        context = ssl.create_default_context(cafile=options.get("ssl_ca_certs"))
        is_unchecked = options.get("ssl_cert_reqs", "").lower() in NOT_CHECKED
        if is_unchecked or options.get("ssl_check_hostname", "").lower() == "false":
            context.check_hostname = False
        if is_unchecked:
            context.verify_mode = ssl.CERT_NONE
        if options.get("ssl_certfile"):
            context.load_cert_chain(options["ssl_certfile"], options.get("ssl_keyfile"))
        return context

    def words(self, said: object) -> str:
        """What a server said, short, and without the password even where the server repeats it."""
        text = str(said)
        if self.password:
            text = text.replace(self.password, HIDDEN)
        return hide_secrets(text)[:MOST_CHARACTERS]


def address_of(url: str) -> ServerAddress:
    """Take the address of a cache or broker apart. Raises NoAnswer."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NoAnswer("bad_address", "the address cannot be read") from None
    if parts.scheme not in PORTS or not (parts.hostname or parts.scheme == "unix"):
        raise NoAnswer("bad_address", "the address cannot be read")
    return ServerAddress(
        scheme=parts.scheme,
        host=unquote(parts.hostname or ""),
        port=port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        path=unquote(parts.path),
        options=dict(parse_qsl(parts.query)),
    )
