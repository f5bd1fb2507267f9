#!/usr/bin/env bash
# Build the extension module into src/dromos with the active Python; nothing changed, nothing done.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build
exec 9>build/.extension.lock
flock 9
cmake --preset dev --log-level=WARNING -DPython_EXECUTABLE="$(command -v python)" >/dev/null
quiet=--quiet
if ! compgen -G 'src/dromos/_core*.so' >/dev/null; then
  echo "Compiling the C++ core: one to three minutes, once"
  if [[ -t 1 ]]; then quiet=; fi # ninja counts the files in one line
fi
cmake --build --preset dev -- $quiet
