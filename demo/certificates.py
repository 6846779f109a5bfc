"""https beside http on the server's one port, by a certificate that nobody vouches for and that is made on demand."""

from __future__ import annotations

import socket
import ssl
import subprocess
from pathlib import Path

HANDSHAKE = b"\x16"  # the first byte of a listener who speaks TLS
HANDSHAKE_SECONDS = 30.0
OPENSSL_SECONDS = 30


def make(path: Path) -> None:
    """Writes key and certificate into one file, which openssl keeps from everybody else. Raises FileNotFoundError where there is no openssl."""
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", *names]
    subprocess.run(
        [*command, "-keyout", str(path), "-out", str(path.with_suffix(".crt"))],
        capture_output=True, timeout=OPENSSL_SECONDS, check=True,
    )  # fmt: skip
    with path.open("ab") as both:
        both.write(path.with_suffix(".crt").read_bytes())
    path.with_suffix(".crt").unlink()


def met(connection: socket.socket, certificate: Path) -> socket.socket:
    """The same connection, secured where its listener begins with TLS and there is a certificate. Raises OSError."""
    connection.settimeout(HANDSHAKE_SECONDS)
    if not certificate.exists() or connection.recv(1, socket.MSG_PEEK) != HANDSHAKE:
        return connection
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context.wrap_socket(connection, server_side=True)
