#!/bin/sh
# Rewrite the lock files from pyproject.toml, for every Python and platform that it admits.
set -eu
cd "$(dirname "$0")/.."
compile() {
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
    --no-annotate --no-emit-index-url --no-emit-find-links "$@" pyproject.toml
}
compile --extra embedded --extra docker --output-file requirements/run.txt
compile --all-extras --constraint requirements/run.txt --output-file requirements/dev.txt
