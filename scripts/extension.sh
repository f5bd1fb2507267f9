#!/usr/bin/env bash
# Build the extension module into src/dromos with the active Python; nothing changed, nothing done.
# Usage: extension.sh [DIRECTORY]; other Pythons build in one of their own, such as build/dev-3.10.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/dev}
mkdir -p build
exec 9>build/.extension.lock
flock 9
quiet=--quiet
if [[ ! -e $build/build.ninja ]]; then
  echo "Compiling the C++ core: one to three minutes, once"
  if [[ -t 1 ]]; then quiet=; fi # ninja counts the files in one line
fi
cmake --preset dev -B "$build" --log-level=WARNING \
  -DPython_EXECUTABLE="$(command -v python)" >/dev/null
cmake --build "$build" -- $quiet
