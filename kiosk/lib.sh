# What run.sh and test.sh share: install what is missing, say what is happening, stop clearly.
# shellcheck shell=sh
# Everything said goes to standard error: standard output belongs to the program that is run.

EXIT_MACHINE=3
VENV="$ROOT/.venv"
STARTED=$(date +%s)
NEEDED_KB=900000
CHILD=

say() { printf '%s\n' "$*" >&2; }

# die TITLE [WHAT TO DO...]: the machine cannot do it; exit 3.
die() {
    printf '\niies-tui: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit "$EXIT_MACHINE"
}

elapsed() { echo $(($(date +%s) - STARTED)); }

# show TEXT: on a terminal one line that is rewritten; elsewhere a line every ten seconds at most.
SHOWN=0
show() {
    now=$(elapsed)
    if [ -t 2 ]; then
        printf '\r\033[K%s (%s s)' "$1" "$now" >&2
    elif [ "$now" -ge "$SHOWN" ]; then
        printf '%s (%s s)\n' "$1" "$now" >&2
        SHOWN=$((now + 10))
    fi
}

show_end() {
    SHOWN=0
    if [ -t 2 ]; then printf '\r\033[K' >&2; fi
    say "$1 ($(elapsed) s)"
}

# A background child of a script ignores Ctrl-C, so it is ended by hand.
clean_up() {
    trap - EXIT INT TERM HUP
    if [ -n "$CHILD" ]; then
        kill "$CHILD" 2>/dev/null || true
        wait "$CHILD" 2>/dev/null || true
    fi
    rm -rf "$SCRATCH" ${FILES:+"$FILES"}
    [ -z "${POLICY_MADE:-}" ] || as_root rm -f "$POLICY"
}

make_scratch() {
    SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/iies-tui.XXXXXX") ||
        die "There is no room for a scratch directory in ${TMPDIR:-/tmp}."
    trap clean_up EXIT
    trap 'clean_up; exit 130' INT TERM HUP
}

# follow DESCRIBE: show what DESCRIBE prints each second until CHILD ends; its exit code.
follow() {
    while kill -0 "$CHILD" 2>/dev/null; do
        show "$("$1")"
        sleep 1
    done
    code=0
    wait "$CHILD" || code=$?
    CHILD=
    return "$code"
}

# -- Debian packages ------------------------------------------------------------------------

missing_packages() {
    for package in "$@"; do
        status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) || status=
        [ "$status" = "install ok installed" ] || printf ' %s' "$package"
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

may_be_root() {
    [ "$(id -u)" -eq 0 ] && return 0
    command -v sudo >/dev/null 2>&1 || return 1
    if [ -t 0 ]; then sudo -v >&2; else sudo -n true 2>/dev/null; fi
}

describe_apt() {
    awk -F: -v what="$APT_STEP" '
        $1 == "dlstatus" || $1 == "pmstatus" { percent = $3; text = $4 }
        END { printf "%s: %d %% %s", what, percent, text }' "$SCRATCH/apt.status"
}

# apt STEP ARGUMENTS...: apt-get with progress; its words only when it fails.
apt() {
    APT_STEP=$1
    shift
    : >"$SCRATCH/apt.status"
    as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 LC_ALL=C \
        apt-get -o APT::Status-Fd=2 -o DPkg::Lock::Timeout=120 "$@" \
        >"$SCRATCH/apt.log" 2>"$SCRATCH/apt.status" </dev/null &
    CHILD=$!
    follow describe_apt
}

explain_apt() {
    tail -n 12 "$SCRATCH/apt.log" "$SCRATCH/apt.status" | grep -vE '^(dl|pm)status' >&2 || true
    if grep -qE 'No space left|enough free space' "$SCRATCH/apt.log" "$SCRATCH/apt.status"; then
        die "The disk is full." "Free some space and run this again."
    fi
    if grep -qE 'Could not resolve|Temporary failure|Could not connect|Network is unreachable|Failed to fetch|Unable to connect' \
        "$SCRATCH/apt.log" "$SCRATCH/apt.status"; then
        die "Debian's packages cannot be fetched: no network?" \
            "Connect this machine, or install by hand:" "  apt-get install$MISSING"
    fi
    die "apt-get failed; its words are above." "Once that is put right, run this again." \
        "To install by hand: apt-get install$MISSING"
}

# No service is started by what we install: the tests start a private cupsd of their own.
POLICY=/usr/sbin/policy-rc.d
forbid_services() {
    [ ! -e "$POLICY" ] || return 0
    printf '#!/bin/sh\nexit 101\n' >"$SCRATCH/policy-rc.d"
    POLICY_MADE=yes
    as_root install -m 0755 "$SCRATCH/policy-rc.d" "$POLICY"
}

allow_services() {
    [ -n "${POLICY_MADE:-}" ] || return 0
    as_root rm -f "$POLICY"
    POLICY_MADE=
}

# install_packages NAMES...: those that are not there.
install_packages() {
    command -v dpkg-query >/dev/null 2>&1 ||
        die "This is no Debian: dpkg is not here." "iies-tui is set up on Debian 12 or 13."
    MISSING=$(missing_packages "$@")
    [ -n "$MISSING" ] || return 0
    say "Debian packages to install:$MISSING"
    may_be_root ||
        die "You have no right to install Debian packages, and sudo is not at hand." \
            "Run this as root, or ask an administrator for:" "  apt-get install$MISSING"
    forbid_services
    if ! ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1; then
        apt "Reading Debian's lists" update || explain_apt
    fi
    # shellcheck disable=SC2086 # a list of words on purpose
    if ! apt "Debian packages" install -y --no-install-recommends $MISSING; then
        apt "Reading Debian's lists" update || explain_apt
        # shellcheck disable=SC2086
        apt "Debian packages" install -y --no-install-recommends $MISSING || explain_apt
    fi
    allow_services
    show_end "Debian packages: installed"
}

# -- Python ---------------------------------------------------------------------------------

find_python() {
    found=
    for candidate in ${PYTHON:-/usr/bin/python3 python3}; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])') || continue
        case $version in
        3.11 | 3.12 | 3.13)
            PYTHON=$candidate
            return 0
            ;;
        esac
        found="$found $candidate is $version;"
    done
    die "No fitting Python:${found:- none found}" \
        "iies-tui needs Python 3.11, 3.12 or 3.13 (Debian 12 and 13 have one)." \
        "To name another: PYTHON=/path/to/python3.11 sh $0"
}

# What an environment was installed from: the locks, the package's metadata, its place.
fingerprint() {
    (cd "$ROOT" && { cat pyproject.toml "$@"; pwd; } | sha256sum | cut -d ' ' -f 1)
}

describe_pip() {
    awk -v what="$PIP_STEP" -v all="$PIP_COUNT" '
        /^ *Collecting / { n++; text = $2 }
        /^ *Building wheel/ { text = "building " $4 }
        /^Installing collected/ { text = "unpacking" }
        END { printf "%s: %d of %d %s", what, n, all, text }' "$SCRATCH/pip.log"
}

explain_pip() {
    [ ! -t 2 ] || printf '\n' >&2
    grep -E '^ *(ERROR|error|fatal)|: error: ' "$SCRATCH/pip.log" >"$SCRATCH/pip.errors" ||
        cp "$SCRATCH/pip.log" "$SCRATCH/pip.errors"
    tail -n 12 "$SCRATCH/pip.errors" >&2
    if grep -q 'No space left on device' "$SCRATCH/pip.log"; then
        die "The disk is full." "Free about $((NEEDED_KB / 1000)) MB and run this again."
    fi
    if grep -q 'Permission denied' "$SCRATCH/pip.log"; then
        die "You have no right to write $VENV." "Run this as its owner: $(owner "$VENV")."
    fi
    if grep -q 'DO NOT MATCH THE HASHES' "$SCRATCH/pip.log"; then
        die "A package is not the one that the lock names." \
            "Nothing of it was installed. Do not go on before it is known why."
    fi
    if grep -qE 'CERTIFICATE_VERIFY_FAILED|SSLError' "$SCRATCH/pip.log"; then
        die "The package server's certificate is not trusted by this machine." \
            "Is the clock right? Does your network put its own certificate in between (set PIP_CERT)?"
    fi
    if grep -qE 'NewConnectionError|name resolution|Connection refused|unreachable|timed out|ConnectionError|ProxyError' \
        "$SCRATCH/pip.log"; then
        die "Python packages cannot be fetched: no network?" "Connect this machine and run this again."
    fi
    die "pip failed; its words are above." "Once that is put right, run this again."
}

owner() { stat -c %U "$1" 2>/dev/null || echo unknown; }

# pip STEP COUNT ARGUMENTS...
pip() {
    PIP_STEP=$1 PIP_COUNT=$2
    shift 2
    : >"$SCRATCH/pip.log"
    LC_ALL=C "$VENV/bin/python" -m pip --disable-pip-version-check --no-input install \
        --progress-bar off --retries 2 "$@" >"$SCRATCH/pip.log" 2>&1 </dev/null &
    CHILD=$!
    follow describe_pip || explain_pip
}

count_locked() { grep -E '^[A-Za-z0-9]' "$1" | grep -vc "sys_platform == 'win32'"; }

check_space() {
    free=$(df -Pk "$ROOT" | awk 'NR == 2 { print $4 }')
    [ "$free" -ge "$NEEDED_KB" ] ||
        die "Too little room on the disk: $((free / 1000)) MB free, $((NEEDED_KB / 1000)) MB needed." \
            "Free some and run this again."
}

make_environment() {
    if [ ! -x "$VENV/bin/python" ] || ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then
        say "Making the Python environment $VENV"
        "$PYTHON" -m venv --clear "$VENV" >"$SCRATCH/venv.log" 2>&1 || {
            cat "$SCRATCH/venv.log" >&2
            die "The Python environment cannot be made in $VENV."
        }
    fi
}

# install_python KIND LOCK: KIND (run, test or check) is noted beside the fingerprint when all is there.
# check is test without pycups, which is built against CUPS.
# pip's --require-hashes does not cover what a build asks for, so pycups, the one package without
# a wheel, is built from tools that were locked and installed before.
install_python() {
    kind=$1 lock=$2
    mark="$kind $(fingerprint requirements-build.lock "$lock")"
    stamp="$VENV/.iies-installed"
    [ -x "$VENV/bin/python" ] && grep -qxF "$mark" "$stamp" 2>/dev/null && return 0
    # One installer at a time: the lock is on the directory itself.
    exec 9<"$ROOT"
    flock -n 9 || {
        say "Another installation is under way here; waiting for it."
        flock 9
    }
    if ! grep -qxF "$mark" "$stamp" 2>/dev/null; then
        install_locked
        printf '%s\n' "$mark" >"$stamp.new"
        if [ "$kind" = test ]; then
            printf 'run %s\n' "$(fingerprint requirements-build.lock requirements.lock)" >>"$stamp.new"
            printf 'check %s\n' "${mark#test }" >>"$stamp.new"
        fi
        mv "$stamp.new" "$stamp"
        show_end "Python packages: installed"
    fi
    exec 9<&-
}

install_locked() {
    [ -w "$ROOT" ] || die "You have no right to write $ROOT." "Run this as its owner: $(owner "$ROOT")."
    find_python
    check_space
    make_environment
    pip "Build tools" "$(count_locked "$ROOT/requirements-build.lock")" \
        --require-hashes --only-binary=:all: -r "$ROOT/requirements-build.lock"
    # The lock is the whole closure, so nothing is resolved: Debian 12's pip takes the newest
    # release for a dependency with an extra, whatever the lock says.
    awk -v without="$([ "$kind" != check ] || echo pycups)" '
        /^[A-Za-z0-9]/ { kept = without == "" || index($0, without "==") != 1 } kept' \
        "$ROOT/$lock" >"$SCRATCH/packages.lock"
    pip "Python packages" "$(count_locked "$SCRATCH/packages.lock")" --no-deps --require-hashes \
        --no-build-isolation --use-pep517 --only-binary=:all: --no-binary=pycups \
        -r "$SCRATCH/packages.lock"
    pip "iies-tui" 1 --no-deps --no-build-isolation --use-pep517 --editable "$ROOT"
    # Less what requirements-overrides.in leaves out on purpose.
    awk '/^[A-Za-z]/ { print "requires " $1 ", which is not installed" }' \
        "$ROOT/requirements-overrides.in" >"$SCRATCH/left-out"
    [ "$kind" != check ] || echo "requires pycups, which is not installed" >>"$SCRATCH/left-out"
    "$VENV/bin/python" -m pip --disable-pip-version-check check >"$SCRATCH/check.log" 2>&1 || true
    if grep -vF -f "$SCRATCH/left-out" "$SCRATCH/check.log" | grep -v '^No broken' >&2; then
        die "The Python packages do not fit together; pip's words are above." \
            "The lock file $lock is not whole: it is to be made anew with kiosk/lock.sh."
    fi
}
