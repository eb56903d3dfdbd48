#!/bin/sh
# Run before cupsd starts: what had been let go and was not finished when cupsd ended is not begun
# again, for its page may be out. CUPS finds the job without its file and gives it up; iies-tui then
# asks the clerk. Held jobs are kept.
#   before-start.sh [CACHE-DIRECTORY [SPOOL-DIRECTORY]]
set -eu
cache=${1:-/var/cache/cups}
spool=${2:-/var/spool/cups}
[ -f "$cache/job.cache" ] || exit 0

# IPP job states (RFC 8011 section 5.3.7): 3 pending, 5 processing, 6 stopped.
awk '/^<Job / { job = $2 + 0 } /^State / && ($2 == 3 || $2 == 5 || $2 == 6) { print job }' \
    "$cache/job.cache" |
    while read -r job; do
        rm -f "$spool/d$(printf %05d "$job")"-*
    done
sync -f "$spool"
