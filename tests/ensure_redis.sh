#!/bin/sh
# The test of the live workshop with more doors needs Debian's Redis. Install it where we may; otherwise say how. Never skip.
set -eu
if command -v redis-server >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq redis-server >/dev/null
    command -v redis-server
    exit 0
fi
echo "The tests of the live workshop need Redis. Install it first: sudo apt-get update && sudo apt-get install -y redis-server" >&2
exit 1
