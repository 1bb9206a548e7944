#!/bin/sh
# Make a virtual environment in $1 with the Python in $2; on Debian, install what `venv` lacks.
set -eu
venv=$1 python=$2
if ! command -v "$python" >/dev/null; then
  echo "make: there is no $python here; install Python 3.11, 3.12 or 3.13, or say PYTHON=..." >&2
  exit 3
fi
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || {
  echo "make: $("$python" --version) cannot run this; Python 3.11 to 3.13 can: say PYTHON=python3.11" >&2
  exit 3
}
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "make: $python lacks the venv module; on Debian and Ubuntu: sudo apt-get install $package" >&2
    exit 3
  fi
  echo "Installing $package, which this Python lacks"
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null
fi
"$python" -m venv "$venv"
