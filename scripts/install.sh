#!/usr/bin/env bash
# Install a dependency group and the package, editable, into the active virtual environment.
# Usage: install.sh GROUP EXTRAS [BUILD_DIRECTORY]
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build
exec 9>build/.install.lock
flock 9

echo "Installing the dependency group '$1' and the extras '$2' into $(dirname "$(dirname "$(command -v python)")"): a minute or two, once"
pip() { python -m pip --disable-pip-version-check --quiet --quiet "$@"; }
pip install --upgrade 'pip>=25.1' # the first that knows dependency groups
# Not compiled: most of these packages' modules are never imported.
pip install --no-compile --group "$1"
set -m # the build gets a process group, by which it is ended if this is
scripts/extension.sh "${3:-build/dev}" & # needs no more than what is there, and takes longest
building=$!
set +m
trap 'kill -- "-$building" 2>/dev/null || true' EXIT
# Only the path to src/ and the command are installed: the extension is built in there.
pip install --no-build-isolation --config-settings wheel.cmake=false \
  --config-settings editable.mode=inplace --editable ".[$2]"
wait "$building"
