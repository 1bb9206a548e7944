#!/bin/sh
# Start with the variables of the official image's script, of several words each; what is put last
# wins.
set -euf
cd /home/arcadedb
: "${ARCADEDB_OPTS_MEMORY=-Xms2G -Xmx2G}"
# shellcheck disable=SC2086
exec jre/bin/java ${JAVA_OPTS:-} $ARCADEDB_OPTS_MEMORY ${JAVA_OPTS_SCRIPT:-} \
  ${ARCADEDB_OPTS_GC:-} ${ARCADEDB_JMX:-} -Darcadedb.server.rootPath=/home/arcadedb \
  ${ARCADEDB_SETTINGS:-} -cp 'lib/*' com.arcadedb.server.ArcadeDBServer "$@"
