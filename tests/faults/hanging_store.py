"""A helper whose looks really hang: one function of `os` blocks in the kernel, below the audio root, while a pipe is there.

Run as the helper of `probes.store_client`, with the function's name and the named pipe before the helper's own arguments.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from diagnostics.probes import store_helper


def main(name: str, pipe: str, *arguments: str) -> None:
    real = getattr(os, name)
    setattr(os, name, hanging(real, pipe))
    store_helper.main(*arguments)


def hanging(real: Callable[..., Any], pipe: str, read: Callable[..., int] = os.open) -> Callable[..., Any]:
    def call(*arguments: Any, **options: Any) -> Any:
        is_ours = isinstance(arguments[0], int) or b"/audio" in os.fsencode(arguments[0])
        if is_ours and os.path.lexists(pipe):
            with open(f"{pipe}.looks", "a") as looks:
                looks.write(f"{os.getpid()}\n")
            os.close(read(pipe, os.O_RDONLY))  # blocks until somebody writes
        return real(*arguments, **options)

    return call


if __name__ == "__main__":
    main(*sys.argv[1:])
