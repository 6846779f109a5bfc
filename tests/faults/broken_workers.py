"""Workers that really fail, each in a process of its own: what Python and the kernel say of them is what a host records."""

from __future__ import annotations

import signal
import subprocess
import sys

NOBODY = 65_534
# In the child: give up root's rights, for which no permission is a bar.
AS_NOBODY = f"import os\nif os.geteuid() == 0: os.setgroups([]), os.setgid({NOBODY}), os.setuid({NOBODY})\n"
# The shape of a worker: the reason is raised some frames below.
WORKER = """
import sys

def compose(segment):
    {body}

def generate():
    for segment in range(3):
        compose(segment)

generate()
"""


def last_words(*lines: str, arguments: tuple[str, ...] = (), is_nobody: bool = False) -> str:
    """Run a worker whose composing is these lines, and return the traceback that it ends with."""
    source = (AS_NOBODY if is_nobody else "") + WORKER.format(body="\n    ".join(lines))
    done = subprocess.run([sys.executable, "-c", source, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode != 0, "the worker did not fail"
    assert done.stderr.startswith("Traceback"), done.stderr
    return done.stderr


def killed_by(number: signal.Signals) -> int:
    """Start a worker, kill it in the middle of its work, and return its exit code as Python tells it."""
    worker = subprocess.Popen(
        [sys.executable, "-c", "import time\nprint('at work', flush=True)\ntime.sleep(60)"], stdout=subprocess.PIPE
    )
    assert worker.stdout is not None
    with worker.stdout as output:
        assert output.readline()
        worker.send_signal(number)
        return worker.wait(10)
