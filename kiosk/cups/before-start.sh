#!/bin/sh
# Run before cupsd starts, so that a crash of it never prints a card twice.
#   before-start.sh [CACHE-DIRECTORY [SPOOL-DIRECTORY]]
# What had been let go and was not finished when cupsd ended is not begun again, for its page may be
# out: CUPS finds the job without its file and gives it up; iies-tui then asks the clerk. Held jobs
# are kept.
set -eu
cache=${1:-/var/cache/cups}
spool=${2:-/var/spool/cups}
cd "$spool"

# cupsd writes cNNNNN.N whole, moves cNNNNN to cNNNNN.O, then cNNNNN.N to cNNNNN. Killed on the way
# it would take what is left for jobs of their own.
for new in c*.N c*.O; do
    [ -f "$new" ] || continue
    if [ -f "${new%.?}" ]; then rm -f "$new"; else mv "$new" "${new%.?}"; fi
done
# The list of jobs may be half new, half old; cupsd makes it again from the jobs themselves.
rm -f "$cache"/job.cache*

# "job-state" is an IPP enum (RFC 8011 section 5.3.7): 3 pending, 5 processing, 6 stopped.
unfinished='\x23\x00\x09job-state\x00\x04\x00\x00\x00[\x03\x05\x06]'
for job in c[0-9]*; do
    if [ -f "$job" ] && LC_ALL=C grep -aqP "$unfinished" "$job"; then
        rm -f "d${job#c}"-*
    fi
done
sync -f .
