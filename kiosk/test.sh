#!/bin/sh
# Install what the tests need and run every gate: format, lint, types, layers, unused names, tests.
#   sh kiosk/test.sh [--full] [--coverage] [-- PYTEST ARGUMENTS...]
# --full runs every full count (docs/verification.md) and writes tests/full-results.json; with pytest's
# arguments it replaces the figures of those tests alone. --coverage, which is no gate, makes the tests slower.
# The last line is "N passed, N failed"; the exit code is 0 only when every gate passed and no test
# was left out.
set -eu

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=kiosk/lib.sh
. "$ROOT/kiosk/lib.sh"
# shellcheck source=kiosk/packages.sh
. "$ROOT/kiosk/packages.sh"

full='' coverage=''
while [ $# -gt 0 ]; do
    case $1 in
    --full) full=yes ;;
    --coverage) coverage=yes ;;
    --)
        shift
        break
        ;;
    *)
        say "usage: sh kiosk/test.sh [--full] [--coverage] [-- PYTEST ARGUMENTS...]"
        exit 2
        ;;
    esac
    shift
done

make_scratch
# shellcheck disable=SC2086 # a list of words on purpose
install_packages $TEST_PACKAGES
install_python test requirements-test.lock

# shellcheck source=kiosk/gates.sh
. "$ROOT/kiosk/gates.sh"
static_gates
keep_files_in_memory

# Twice as many workers as the two cores of the smallest machine: half of a test of the screens or of
# the whole program is waiting.
set -- --numprocesses 4 --dist worksteal --durations 30 --junitxml "$SCRATCH/junit.xml" "$@"
if [ -n "$full" ]; then
    : >"$SCRATCH/figures.jsonl"
    set -- --full --figures "$SCRATCH/figures.jsonl" "$@"
fi
tests=0
# SlipCover writes its marks into our modules as they are loaded (docs/adr/0125-coverage-by-marks.md).
if [ -n "$coverage" ]; then
    set -- slipcover --branch --source iies_tui --json --out "$SCRATCH/coverage.json" -m pytest "$@"
else
    set -- pytest "$@"
fi
python -m "$@" || tests=$?
[ -f "$SCRATCH/junit.xml" ] || die "pytest ended with $tests before any test ran."
python kiosk/test_summary.py "$SCRATCH" "$tests" "$(elapsed)" ${full:+--full} \
    ${failed_gates:+--failed-gates "$failed_gates"}
