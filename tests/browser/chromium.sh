#!/bin/sh
# Makes sure that there is a Chromium for the tests of pages, on Debian and as root.
set -eu
command -v chromium > /dev/null && exit 0
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
  chromium fonts-dejavu-core > /dev/null
chromium --version
