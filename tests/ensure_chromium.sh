#!/bin/sh
# The browser tests need Debian's chromium. Install it where we may; otherwise say how. Never skip.
set -eu
if command -v chromium >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq chromium >/dev/null
    command -v chromium
    exit 0
fi
echo "The browser tests need Chromium. Install it first: sudo apt-get update && sudo apt-get install -y chromium" >&2
exit 1
