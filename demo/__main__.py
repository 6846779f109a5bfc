"""The commands of the demo host: setup, serve, break, say, mend, fill, reset, engine."""

from __future__ import annotations

import sys

from demo.commands import main

sys.exit(main(sys.argv[1:]))
