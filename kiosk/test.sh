#!/bin/sh
# Install what the tests need and run every gate: format, lint, types, layers, tests with coverage.
#   sh kiosk/test.sh [--full] [-- PYTEST ARGUMENTS...]
# --full runs every count that the issues name and writes tests/full-results.json; with pytest's
# arguments it replaces the figures of those tests alone.
# The last line is "N passed, N failed"; the exit code is 0 only when every gate passed and no test
# was left out.
set -eu

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=kiosk/lib.sh
. "$ROOT/kiosk/lib.sh"
# shellcheck source=kiosk/packages.sh
. "$ROOT/kiosk/packages.sh"

full=
while [ $# -gt 0 ]; do
    case $1 in
    --full) full=yes ;;
    --)
        shift
        break
        ;;
    *)
        say "usage: sh kiosk/test.sh [--full] [-- PYTEST ARGUMENTS...]"
        exit 2
        ;;
    esac
    shift
done

make_scratch
# shellcheck disable=SC2086 # a list of words on purpose
install_packages $TEST_PACKAGES
install_python test requirements-test.lock

# The tests talk to nobody's print server but their own.
unset CUPS_SERVER CUPS_USER IPP_PORT 2>/dev/null || true
cd "$ROOT"
PATH="$VENV/bin:/usr/sbin:/sbin:$PATH"
export PATH
failed_gates=

# gate NAME COMMAND...: run it; a failure is remembered, the next gate runs all the same.
gate() {
    name=$1
    shift
    began=$(date +%s)
    if "$@" >"$SCRATCH/gate.log" 2>&1; then
        say "$name: passed ($(($(date +%s) - began)) s)"
    else
        cat "$SCRATCH/gate.log" >&2
        say "$name: FAILED"
        failed_gates="$failed_gates $name"
    fi
}

gate format ruff format --check --quiet iies_tui tests kiosk
gate lint ruff check --quiet iies_tui tests kiosk
gate types mypy
gate layers lint-imports
gate unused vulture

set -- --numprocesses 3 --dist worksteal --junitxml "$SCRATCH/junit.xml" \
    --cov --cov-report "json:$SCRATCH/coverage.json" "$@"
if [ -n "$full" ]; then
    : >"$SCRATCH/figures.jsonl"
    set -- --full --figures "$SCRATCH/figures.jsonl" "$@"
fi
tests=0
COVERAGE_FILE="$SCRATCH/coverage" python -m pytest "$@" || tests=$?
[ -f "$SCRATCH/junit.xml" ] || die "pytest ended with $tests before any test ran."
python kiosk/test_summary.py "$SCRATCH" "$tests" "$(elapsed)" ${full:+--full} \
    ${failed_gates:+--failed-gates "$failed_gates"}
