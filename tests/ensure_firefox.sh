#!/bin/sh
# The course as a site is tested in Debian's Firefox too. Install it where we may; otherwise say how. Never skip.
set -eu
if command -v firefox-esr >/dev/null 2>&1 || command -v firefox >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq firefox-esr >/dev/null
    command -v firefox-esr
    exit 0
fi
echo "The browser tests need Firefox. Install it first: sudo apt-get update && sudo apt-get install -y firefox-esr" >&2
exit 1
