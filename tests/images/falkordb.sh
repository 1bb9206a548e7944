#!/bin/sh
# Start with the variables of the official image: REDIS_ARGS and FALKORDB_ARGS, of several words
# each; arguments are not heeded.
set -euf
# shellcheck disable=SC2086
exec redis-server --bind 0.0.0.0 --protected-mode no --dir /var/lib/falkordb/data ${REDIS_ARGS:-} \
  --loadmodule /var/lib/falkordb/bin/falkordb.so ${FALKORDB_ARGS:-}
