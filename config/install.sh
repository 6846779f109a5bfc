#!/bin/sh
# Makes .venv where it is absent and installs a requirements file into it, unless that very file is installed already.
# Usage: sh config/install.sh requirements.txt
set -eu
cd "$(dirname "$0")/.."
wanted=$1
stamp=.venv/installed-$wanted

fail() {
    echo "$1" >&2
    exit 1
}

# The first Python that is new enough: the system's own, else a newer one beside it.
find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
}

make_environment() {
    [ -w . ] || fail "$(pwd) cannot be written by $(id -un): make the folder yours, then try again."
    command -v python3 >/dev/null || fail "Python is missing. Install it: sudo apt install python3 python3-venv"
    python=$(find_python)
    [ -n "$python" ] || fail "$(python3 --version) is too old: 3.11 or newer is needed (sudo apt install python3.11 python3.11-venv)."
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "Python's venv is missing. Install it: sudo apt install python3-venv (or python$version-venv)"
    echo "Making .venv with Python $version …"
    rm -rf .venv 2>/dev/null || fail "$(pwd)/.venv belongs to somebody else: remove it, then try again."
    "$python" -m venv .venv || fail "The folder .venv cannot be made in $(pwd): see the message above."
}

# A virtual environment that was moved, or whose Python was removed, does not start any more and is made anew.
.venv/bin/python -m pip --version >/dev/null 2>&1 || make_environment
if cat requirements*.txt | cmp -s - "$stamp"; then
    exit 0
fi
# What the development requirements hold includes the run-time ones.
if [ "$wanted" = requirements.txt ] && cat requirements*.txt | cmp -s - .venv/installed-requirements-dev.txt; then
    exit 0
fi
echo "Installing $wanted …"
.venv/bin/python -m pip install -qq --disable-pip-version-check --requirement "$wanted" ||
    fail "$wanted could not be installed: see pip's message above (is the package index reachable? is the disk full?)."
cat requirements*.txt >"$stamp"
