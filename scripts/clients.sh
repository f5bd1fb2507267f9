#!/usr/bin/env bash
# Make the clients' virtual environment: libraries written for Gymnasium, and no Gymnasium.
# Usage: clients.sh DIRECTORY
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$1
mkdir -p build
exec 9>build/.install.lock
flock 9

echo "Installing the dependency groups 'clients-need', 'clients' and 'clients-of-then' into $venv"
[[ -x $venv/bin/python ]] || python3 -m venv "$venv"
pip() { "$venv/bin/python" -m pip --disable-pip-version-check --quiet --quiet "$@"; }
pip install --upgrade 'pip>=25.1' # the first that knows dependency groups
# Not compiled: most of these packages' modules are never imported.
pip install --no-compile --group clients-need
pip install --no-compile --no-deps --group clients # each of them would bring Gymnasium along
pip install --no-compile --no-deps --target "$venv/of-then" --upgrade --group clients-of-then
pip install --no-deps --no-build-isolation --config-settings wheel.cmake=false \
  --config-settings editable.mode=inplace --editable .
"$venv/bin/python" -c 'import importlib.util, sys
sys.exit("Gymnasium must not be installed here" if importlib.util.find_spec("gymnasium") else 0)'
