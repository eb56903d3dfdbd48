#!/bin/sh
# Print what things cost, each beside a peer measured in the same run (docs/performance.md).
set -eu

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=kiosk/lib.sh
. "$ROOT/kiosk/lib.sh"
# shellcheck source=kiosk/packages.sh
. "$ROOT/kiosk/packages.sh"

make_scratch
# shellcheck disable=SC2086 # a list of words on purpose
install_packages $TEST_PACKAGES
install_python test requirements-test.lock
clean_up
cd "$ROOT"
exec "$VENV/bin/python" -m tests.bench.figures
