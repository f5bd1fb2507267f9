#!/usr/bin/env bash
# Build the extension module into src/dromos with the active Python; nothing changed, nothing done.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build
exec 9>build/.extension.lock
flock 9
cmake --preset dev --log-level=WARNING -DPython_EXECUTABLE="$(command -v python)" >/dev/null
cmake --build --preset dev -- --quiet
