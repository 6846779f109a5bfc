"""A certificate of a server's own at localhost, which nobody vouches for."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Certificate:
    key: Path
    path: Path


def made_in(folder: Path) -> Certificate:
    certificate = Certificate(folder / "key.pem", folder / "certificate.pem")
    files = ("-keyout", str(certificate.key), "-out", str(certificate.path))
    names = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *files, *names)
    subprocess.run(made, check=True, capture_output=True)
    return certificate
