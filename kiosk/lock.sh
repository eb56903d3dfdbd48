#!/bin/sh
# Renew the lock files from requirements*.in, for Python 3.11 to 3.13. Needs uv (.venv/bin/uv or in
# the PATH); uv is a tool of the developers and no dependency.
set -eu

cd "$(dirname -- "$0")/.."
uv=.venv/bin/uv
[ -x "$uv" ] || uv=$(command -v uv) || {
    echo "lock.sh: uv is not here; install it into .venv or the PATH." >&2
    exit 3
}
# Only the default index, or the mirror a developer has set for it: nothing local may add a hash.
unset UV_EXTRA_INDEX_URL UV_INDEX UV_FIND_LINKS UV_TORCH_BACKEND 2>/dev/null || true

# lock NAME [OPTIONS...]: NAME.in to NAME.lock.
lock() {
    name=$1
    shift
    "$uv" pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
        --overrides requirements-overrides.in --no-emit-index-url --no-emit-find-links --no-emit-build-options \
        --custom-compile-command "sh kiosk/lock.sh" "$@" "$name.in" --output-file "$name.lock"
    if grep -nE '://|^ *--(extra-index|index|find-links|trusted-host)' "$name.lock"; then
        echo "lock.sh: $name.lock names a place to fetch from (above)." >&2
        exit 1
    fi
    echo "$name.lock: $(grep -cE '^[A-Za-z0-9]' "$name.lock") packages"
}

lock requirements-build "$@"
lock requirements "$@"
# The tests run on the versions that are shipped.
lock requirements-test --constraints requirements.lock "$@"
