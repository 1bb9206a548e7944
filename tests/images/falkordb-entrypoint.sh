#!/bin/sh
# Keeps the contract of falkordb/falkordb's start script: REDIS_ARGS and FALKORDB_ARGS, taken apart
# at their spaces; its arguments are not heeded.
set -eu
# shellcheck disable=SC2086
exec redis-server ${REDIS_ARGS:-} --protected-mode no --dir /var/lib/falkordb/data \
    --loadmodule /var/lib/falkordb/bin/falkordb.so ${FALKORDB_ARGS:-}
