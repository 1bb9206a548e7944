#!/bin/sh
# Entry point with the variables of the usual PostgreSQL images: POSTGRES_PASSWORD or
# POSTGRES_HOST_AUTH_METHOD=trust, POSTGRES_USER, POSTGRES_DB, POSTGRES_INITDB_ARGS, PGDATA.
set -eu
[ "${1:-postgres}" = postgres ] || exec "$@"
user=${POSTGRES_USER:-postgres} database=${POSTGRES_DB:-${POSTGRES_USER:-postgres}}
method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ "$method" != trust ] && [ -z "${POSTGRES_PASSWORD:-}" ]; then
    echo "FATAL: the cluster is new, and POSTGRES_PASSWORD says no password" >&2
    exit 1
  fi
  secret=$(mktemp)
  printf '%s\n' "${POSTGRES_PASSWORD:-unused}" > "$secret"
  # The options are several words on purpose.
  # shellcheck disable=SC2086
  initdb --no-sync --username "$user" --pwfile "$secret" \
    --auth-local trust --auth-host "$method" ${POSTGRES_INITDB_ARGS:-}
  rm "$secret"
  echo "host all all all $method" >> "$PGDATA/pg_hba.conf"
  cat >> "$PGDATA/postgresql.conf" <<END
listen_addresses = '*'
shared_preload_libraries = 'timescaledb'
unix_socket_directories = '/tmp'
END
  # As in those images, a server with a socket only runs first.
  pg_ctl --wait --silent --options "-c listen_addresses=''" start
  run() { psql --host /tmp --username "$user" --quiet -v ON_ERROR_STOP=1 --dbname "$1" --command "$2"; }
  [ "$database" = postgres ] || run postgres "CREATE DATABASE \"$database\""
  for place in template1 "$database"; do
    run "$place" "CREATE EXTENSION IF NOT EXISTS timescaledb"
  done
  pg_ctl --wait --silent --mode fast stop
fi
[ $# -eq 0 ] || shift
exec postgres "$@"
