#!/bin/sh
# One test needs Debian's PostgreSQL, for gradebooks that are no SQLite. Install it where we may; otherwise say how.
set -eu
if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq postgresql >/dev/null
    ls /usr/lib/postgresql/*/bin/initdb
    exit 0
fi
echo "One test needs PostgreSQL. Install it first: sudo apt-get update && sudo apt-get install -y postgresql" >&2
exit 1
