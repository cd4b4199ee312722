#!/bin/sh
# Stops the processes that start-all.sh started; --help says more.
set -eu
exec node "$(dirname "$0")/bootstrap.mjs" stop-all "$@"
