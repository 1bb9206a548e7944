#!/bin/sh
# Makes sure that a Docker daemon answers, on Debian and as root: installs and starts one if none
# does. init systems are not asked: in a container or a small virtual machine there may be none.
set -eu
log=${1:-/var/log/dockerd.log}

answers() { command -v dockerd > /dev/null && [ -S /var/run/docker.sock ] && ping_daemon; }
ping_daemon() {
  python3 - << 'END'
import http.client, socket, sys
class Unix(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(5)
        self.sock.connect("/var/run/docker.sock")
try:
    connection = Unix("localhost")
    connection.request("GET", "/_ping")
    sys.exit(connection.getresponse().status != 200)
except OSError:
    sys.exit(1)
END
}

answers && exit 0
if ! command -v dockerd > /dev/null || ! command -v ip > /dev/null; then
  apt-get update -qq
  # tini is the init of containers, iproute2 makes the bridge of a second daemon in the tests.
  DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends \
    docker.io iproute2 iptables tini > /dev/null
fi
answers && exit 0
setsid dockerd > "$log" 2>&1 < /dev/null &
waited=0
until answers; do
  if [ "$waited" -ge 60 ]; then
    echo "no Docker daemon within 60 s; the end of $log:" >&2
    tail -n 20 "$log" >&2
    exit 1
  fi
  waited=$((waited + 1))
  sleep 1
done
