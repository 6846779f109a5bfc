"""A real file system that takes every question and never answers: whoever looks at it is held by the kernel."""

from __future__ import annotations

import ctypes
import os
import select
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

LIBC = ctypes.CDLL(None, use_errno=True)
MNT_DETACH = 2
# linux/fuse.h: the head of a question, that of an answer, and the answer to FUSE_INIT.
QUESTION, ANSWER, INIT_ANSWER = struct.Struct("=IIQQIIII"), struct.Struct("=IiQ"), struct.Struct("=IIIIHHII36x")
FUSE_INIT, FUSE_ROOT_MODE = 26, "40000"


class HangingMount:
    """Hangs until `end`, after which whoever hung gets an error, and so does whoever asks then, until it is unmounted."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._device = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
        options = f"fd={self._device},rootmode={FUSE_ROOT_MODE},user_id=0,group_id=0,allow_other"
        if LIBC.mount(b"hanging", os.fsencode(place), b"fuse", 0, options.encode()):
            os.close(self._device)
            raise OSError(ctypes.get_errno(), "mount")
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._take_questions, daemon=True)
        self._thread.start()

    def end(self) -> None:
        if not self._is_over.is_set():
            self._is_over.set()
            self._thread.join()
            os.close(self._device)

    def unmount(self) -> None:
        self.end()
        LIBC.umount2(os.fsencode(self.place), MNT_DETACH)

    def _take_questions(self) -> None:
        watch = select.poll()
        watch.register(self._device, select.POLLIN)
        while not self._is_over.is_set():
            if watch.poll(20):
                with suppress(OSError):
                    self._take(os.read(self._device, 1 << 17))

    def _take(self, question: bytes) -> None:
        _, kind, unique, *_ = QUESTION.unpack_from(question)
        if kind == FUSE_INIT:
            body = INIT_ANSWER.pack(7, 31, 0, 0, 0, 0, 4096, 0)
            os.write(self._device, ANSWER.pack(ANSWER.size + len(body), 0, unique) + body)


@contextmanager
def hanging_mount(place: Path) -> Iterator[HangingMount]:
    """Mount one at an empty folder; skip where the kernel or our rights do not let us."""
    try:
        mount = HangingMount(place)
    except OSError as error:
        pytest.skip(f"no file system of our own can be mounted here: {error}")
    try:
        yield mount
    finally:
        mount.unmount()
