#!/bin/sh
# The tests of JupyterHub need its proxy, which comes from npm. Put it beside JupyterHub; otherwise say how. Never skip.
set -eu
VERSION=5.3.0
WHERE=.venv
if [ "$("$WHERE/bin/configurable-http-proxy" --version 2>/dev/null)" = "$VERSION" ]; then
    exit 0
fi
if ! command -v npm >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq nodejs npm >/dev/null
fi
if command -v npm >/dev/null 2>&1; then
    npm install --global --prefix "$PWD/$WHERE" --ignore-scripts --no-audit --no-fund --silent "configurable-http-proxy@$VERSION"
    "$WHERE/bin/configurable-http-proxy" --version
    exit 0
fi
echo "The tests of JupyterHub need Node.js. Install it first: sudo apt-get update && sudo apt-get install -y nodejs npm" >&2
exit 1
