#!/bin/sh
# Keeps what the project needs of the contract of timescale/timescaledb-ha's entry point:
# PGDATA, POSTGRES_HOST_AUTH_METHOD=trust, POSTGRES_INITDB_ARGS, the arguments of the server.
set -eu
: "${PGDATA:?}"
[ "${1:-}" = postgres ] || { echo "the first argument must be postgres" >&2; exit 64; }
[ "${POSTGRES_HOST_AUTH_METHOD:-}" = trust ] || { echo "only trust is known here" >&2; exit 64; }
shift

in_socket_server() { psql --host=/tmp --username=postgres --quiet --set=ON_ERROR_STOP=1 "$@"; }

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    # shellcheck disable=SC2086  # several options in one variable, as in the official image
    initdb --username=postgres --auth-local=trust --auth-host=trust ${POSTGRES_INITDB_ARGS:-}
    echo "host all all all trust" >> "$PGDATA/pg_hba.conf"
    echo "unix_socket_directories = '/tmp'" >> "$PGDATA/postgresql.conf"
    # A server with a socket only, and the caller's settings, as in the official image.
    options=$(for part in "$@" -c listen_addresses=; do printf "'%s' " "$part"; done)
    pg_ctl -D "$PGDATA" -o "$options" --wait --silent start
    in_socket_server --dbname=template1 --command="CREATE EXTENSION IF NOT EXISTS timescaledb"
    in_socket_server --dbname=postgres --command="CREATE EXTENSION IF NOT EXISTS timescaledb"
    pg_ctl -D "$PGDATA" --mode=fast --wait --silent stop
fi
exec postgres "$@"
