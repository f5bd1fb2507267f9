#!/usr/bin/env bash
# Make the virtual environment, and first install what the system lacks, or say how.
# Usage: venv.sh DIRECTORY
set -euo pipefail
venv=$1

has_headers='import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))'

missing=()
command -v g++ >/dev/null || missing+=(g++)
if command -v python3 >/dev/null; then
  python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
  python3 -c "$has_headers" || missing+=(python3-dev)
else
  missing+=(python3 python3-venv python3-dev)
fi

"$(dirname "$0")/system.sh" ${missing[@]+"${missing[@]}"}

python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || {
  echo "dromos needs Python 3.10 or newer; $(command -v python3) is $(python3 -V)." >&2
  exit 1
}
[[ -x $venv/bin/python ]] || python3 -m venv "$venv"
