#!/bin/sh
# Starts every process of a topology in the background; --help says more.
set -eu
exec node "$(dirname "$0")/bootstrap.mjs" start-all "$@"
