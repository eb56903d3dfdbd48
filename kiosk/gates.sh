# The gates that need no root and no CUPS, said once for check.sh and test.sh.
# shellcheck shell=sh
# Reads VENV and SCRATCH of lib.sh; sets failed_gates, and stands in the checkout afterwards.

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

static_gates() {
    gate format ruff format --check --quiet iies_tui tests kiosk
    gate lint ruff check --quiet iies_tui tests kiosk
    gate types mypy
    gate layers lint-imports
    gate unused vulture
}

# The tests write and sync thousands of small files: in memory where there is room and files may run.
keep_files_in_memory() {
    [ -w /dev/shm ] && [ "$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')" -ge 2000000 ] || return 0
    FILES=$(mktemp -d /dev/shm/iies.XXXXXX)
    chmod 1777 "$FILES" # as /tmp: CUPS' filters run as a user of their own
    cp /bin/true "$FILES/runs"
    "$FILES/runs" 2>/dev/null || return 0
    TMPDIR=$FILES
    export TMPDIR
}
