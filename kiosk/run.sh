#!/bin/sh
# Open iies-tui, after installing what it lacks. Arguments go to iies-tui; none: the terminal UI.
set -eu

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=kiosk/lib.sh
. "$ROOT/kiosk/lib.sh"
# shellcheck source=kiosk/packages.sh
. "$ROOT/kiosk/packages.sh"

make_scratch
# shellcheck disable=SC2086 # a list of words on purpose
install_packages $RUN_PACKAGES
install_python run requirements.lock
clean_up
exec "$VENV/bin/iies-tui" "$@"
