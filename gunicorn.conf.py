"""How gunicorn serves the web application; it reads this file by itself when started in this folder."""

from __future__ import annotations

from pathlib import Path

# Imported before any process is forked: bad settings end the start here, once, with their message.
from config import settings

bind = f"{settings.ADDRESS}:{settings.PORT}"
wsgi_app = "config.wsgi"
worker_class = "gthread"
workers = settings.WEB_PROCESSES
threads = settings.WEB_THREADS
timeout = 60
graceful_timeout = 3
keepalive = 5
# The control socket would offer commands to other processes; nothing here needs it.
control_socket_disable = True
# Heartbeats in memory: a slow disk must not make a healthy process look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
forwarded_allow_ips = "127.0.0.1,::1"
