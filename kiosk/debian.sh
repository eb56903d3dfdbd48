#!/bin/sh
# Set up and test this checkout in a fresh Debian of its own, as a stranger's machine would.
#   sh kiosk/debian.sh SUITE [--busy N] [--runs N] [--log FILE] [ARGUMENTS OF test.sh...]
# SUITE is 12 (bookworm) or 13 (trixie). What is committed is tested: a clone of HEAD.
# --busy N runs N loops that never rest beside the tests: a slow machine, made on any.
# --runs N runs test.sh so often, one after the other; the first that fails ends it.
# Packages come from where this machine gets its own: its apt sources with the suite's name put in,
# its pip settings, its proxies and certificates. Nothing is left behind but the log: the tests run
# in a process and mount namespace, which end with them, and the folder is removed.
# Needs root, mmdebstrap and git. The exit code is test.sh's.
set -eu

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=kiosk/lib.sh
. "$ROOT/kiosk/lib.sh"
NEEDED_KB=4000000
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

usage() {
    say "usage: sh kiosk/debian.sh 12|13 [--busy N] [--runs N] [--log FILE] [ARGUMENTS OF test.sh...]"
    exit 2
}

case ${1:-} in
12 | bookworm) suite=bookworm ;;
13 | trixie) suite=trixie ;;
*) usage ;;
esac
shift
busy=0
runs=1
log=${TMPDIR:-/tmp}/iies-tui-$suite-$(date +%Y%m%d-%H%M%S).log
while [ $# -ge 2 ]; do
    case $1 in
    --busy) busy=$2 ;;
    --runs) runs=$2 ;;
    --log) log=$2 ;;
    *) break ;;
    esac
    shift 2
done
case $busy$runs in *[!0-9]*) usage ;; esac

[ "$(id -u)" -eq 0 ] || die "A Debian of its own is made by root only." "Run this as root (sudo)."
for tool in mmdebstrap git unshare; do
    command -v "$tool" >/dev/null 2>&1 ||
        die "$tool is not installed." "  apt-get install mmdebstrap git util-linux"
done
TMPDIR=${TMPDIR:-/var/tmp}
make_scratch
check_space
debian="$SCRATCH/root"

# This machine's Debian sources, with the suite's name in place of its own.
sources() {
    own=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    # shellcheck disable=SC2016 # apt's own variables
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v own="$own" -v suite="$suite" -v key="$KEYRING" '
            $3 == "main" && sub("^" own, suite, $2) && $2 ~ "^" suite "(-updates|-security)?$" {
                print "deb [signed-by=" key "] " $1 " " $2 " main"
            }' | sort -u
}

# What of this machine's apt settings concerns fetching (proxies, certificates, dates).
apt_settings() {
    apt-config dump | grep -E '^Acquire::(http|https|Check-|Retries)' | grep -v ' "";$' || true
}

# Files that a setting names (certificates, constraints) are copied to /host; folders are not.
under_host() { sed -E 's,(^|[ =])(/[^ ]+),\1/host\2,g'; }

# pip's settings of this machine as one file: "global.cert='/x'" becomes "cert = /x" in [global].
pip_settings() {
    python3 -m pip config list 2>/dev/null | sed 's/\\n/ /g' |
        sed -nE "s/^([a-z]+)\.([a-z-]+)='(.*)'\$/\1 \2 = \3/p" | sort |
        awk '$1 != section { section = $1; print "[" section "]" } { sub(/^[a-z]+ /, ""); print }'
}

# The environment that says how to reach a network, as NAME=VALUE lines.
network_environment() {
    env | grep -E '^([a-z]+_proxy|[A-Z]+_PROXY|PIP_[A-Z_]+|SSL_CERT_FILE|REQUESTS_CA_BUNDLE)=' || true
}

copy_settings() {
    cp -L /etc/resolv.conf /etc/hosts "$debian/etc/"
    pip_settings >"$SCRATCH/pip.conf"
    network_environment >"$SCRATCH/own-environment"
    under_host <"$SCRATCH/pip.conf" >"$debian/etc/pip.conf"
    under_host <"$SCRATCH/own-environment" >"$SCRATCH/environment"
    cat "$debian/etc/pip.conf" "$SCRATCH/environment" | grep -oE '/host/[^ ]+' | sort -u |
        while read -r place; do
            [ -f "${place#/host}" ] || continue
            mkdir -p "$debian${place%/*}"
            cp -L "${place#/host}" "$debian$place"
        done
}

describe_debian() { printf 'Making Debian %s' "$suite"; }

make_debian() {
    sources >"$SCRATCH/sources.list"
    [ -s "$SCRATCH/sources.list" ] ||
        die "This machine's apt names no Debian source." "Debian is made from where its own packages come."
    apt_settings >"$SCRATCH/apt.conf"
    mmdebstrap --mode=root --variant=minbase --aptopt="$SCRATCH/apt.conf" \
        "$suite" "$debian" - <"$SCRATCH/sources.list" >"$SCRATCH/mmdebstrap.log" 2>&1 &
    CHILD=$!
    follow describe_debian || {
        tail -n 20 "$SCRATCH/mmdebstrap.log" >&2
        die "Debian $suite cannot be made; mmdebstrap's words are above."
    }
    copy_settings
    git clone --quiet --no-hardlinks "$ROOT" "$debian/iies-tui"
    show_end "Debian $suite: made"
}

# Run in a namespace of its own: mounts and processes end with it. $1 is the scratch directory.
INSIDE='
set -eu
root=$1 busy=$2
shift 2
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount --bind /dev "$root/dev"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
mount --bind "$root/dev/pts/ptmx" "$root/dev/ptmx"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
while [ "$busy" -gt 0 ]; do
    sh -c "while :; do :; done" &
    busy=$((busy - 1))
done
code=0
chroot "$root" "$@" </dev/null || code=$?
exit "$code"
'

run_tests() {
    while IFS= read -r variable; do set -- "$variable" "$@"; done <"$SCRATCH/environment"
    unshare --mount --pid --fork --kill-child sh -c "$INSIDE" inside "$debian" "$busy" \
        env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        HOME=/root LANG=C.UTF-8 TERM=linux "$@" >"$SCRATCH/out" 2>&1 &
    CHILD=$!
    tail --pid="$CHILD" -n +1 -f "$SCRATCH/out" | tee -a "$log" >&2
    code=0
    wait "$CHILD" || code=$?
    CHILD=
    say "Debian $suite, run $run of $runs: test.sh ended with $code; its log is $log"
    return "$code"
}

make_debian
: >"$log"
run=0 code=0
while [ "$run" -lt "$runs" ] && [ "$code" -eq 0 ]; do
    run=$((run + 1))
    run_tests sh /iies-tui/kiosk/test.sh "$@" || code=$?
done
exit "$code"
