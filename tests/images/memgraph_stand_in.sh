#!/bin/sh
# Stands in for memgraph/memgraph, which cannot be had here: takes its flags, heeds the memory limit
# and the data directory, and serves Bolt with ArcadeDB. There, nobody gets in without a password.
# A query may use the whole heap, which with all that Java has besides is more than the container.
set -eu
limit=512 data=/var/lib/memgraph
for flag in "$@"; do
    case "$flag" in
        --memory-limit=*) limit=${flag#*=} ;;
        --data-directory=*) data=${flag#*=} ;;
        --bolt-port=7687 | --bolt-address=0.0.0.0) ;;
        --bolt-*) echo "this stand-in listens on port 7687 alone, not at $flag" >&2; exit 64 ;;
        --*=*) ;;
        *) echo "Memgraph has no argument $flag" >&2; exit 64 ;;
    esac
done
export JAVA_OPTS="-XX:+UseSerialGC" ARCADEDB_OPTS_MEMORY="-Xmx${limit}m"
export ARCADEDB_SETTINGS="-Darcadedb.server.rootPassword=memgraph-stand-in \
-Darcadedb.server.defaultDatabases=memgraph[root] \
-Darcadedb.server.plugins=Bolt:com.arcadedb.bolt.BoltProtocolPlugin \
-Darcadedb.server.databaseDirectory=$data -Darcadedb.server.httpIncomingHost=127.0.0.1 \
-Darcadedb.bolt.host=0.0.0.0 -Darcadedb.queryMaxHeapElementsAllowedPerOp=-1 \
-Darcadedb.queryMaxHeapRAM=1000000"
exec /home/arcadedb/bin/server.sh
