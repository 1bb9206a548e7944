#!/bin/sh
# Puts Plotly's cartesian bundle in, at the version that the installed Python package writes for.
set -eu
cd "$(dirname "$0")/.."
version=$(.venv/bin/python -c 'from plotly.offline import get_plotlyjs_version as v; print(v())')
folder=$PWD/src/basetype_benchmark/benchmark/charts
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
cd "$unpacked"
tar -xzf "$(npm pack --silent "plotly.js-cartesian-dist-min@$version")"
rm -f "$folder"/plotly-cartesian-*.min.js
cp package/plotly-cartesian.min.js "$folder/plotly-cartesian-$version.min.js"
cp package/LICENSE "$folder/plotly-LICENSE.txt"
echo "now say PLOTLY_JS_VERSION = \"$version\" in benchmark/charts/charts.py"
