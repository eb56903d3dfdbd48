# The Debian packages we need, for Debian 12 and 13. One list; read by run.sh and test.sh.
# shellcheck shell=sh disable=SC2034

# To run: Python with its headers, and a compiler with libcups for pycups, which has no wheel.
RUN_PACKAGES="python3 python3-venv python3-dev gcc libc6-dev libcups2-dev"

# To test: a real CUPS for the private one, an IPP printer, PDF tools, terminals, system-call faults.
TEST_PACKAGES="$RUN_PACKAGES
  cups cups-client cups-daemon cups-filters cups-ipp-utils ghostscript
  poppler-utils tmux strace libfaketime git"
