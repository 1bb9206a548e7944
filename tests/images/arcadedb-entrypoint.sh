#!/bin/sh
# Keeps the contract of arcadedata/arcadedb's start script: options in variables, taken apart at
# their spaces, in this order. Like it, it makes the users anew in every container.
set -eu
cd /home/arcadedb
: "${ARCADEDB_OPTS_MEMORY=-Xms2G -Xmx2G}"
# shellcheck disable=SC2086
exec java ${JAVA_OPTS:-} $ARCADEDB_OPTS_MEMORY ${JAVA_OPTS_SCRIPT:-} ${ARCADEDB_JMX:-} \
    ${ARCADEDB_SETTINGS:-} -cp "/home/arcadedb/lib/*" "$@" com.arcadedb.server.ArcadeDBServer
