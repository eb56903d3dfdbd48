#!/bin/sh
# Before a commit: format, lint, types, layers, unused names and the unit tests, in under a minute.
#   sh kiosk/check.sh
# Needs neither root nor CUPS: what is missing of Python goes into .venv, where pycups, the one
# package that is built against CUPS, is left out. kiosk/test.sh runs everything.
# The exit code is 0 only when every gate passed.
set -eu

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=kiosk/lib.sh
. "$ROOT/kiosk/lib.sh"

make_scratch
install_python check requirements-test.lock

# shellcheck source=kiosk/gates.sh
. "$ROOT/kiosk/gates.sh"
static_gates
keep_files_in_memory
gate "unit tests" python -m pytest --numprocesses 2 --dist worksteal --hypothesis-profile quick \
    tests/domain tests/text tests/issuance tests/session tests/tui/keyboard tests/adapters/encoding
say "gates failed:${failed_gates:- none}; $(elapsed) s in all"
[ -z "$failed_gates" ]
