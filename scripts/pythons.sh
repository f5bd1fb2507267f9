#!/usr/bin/env bash
# Run Python tests on the oldest and the newest other Python that is supported and on this machine.
# Usage: pythons.sh [--if-any] GROUP EXTRAS REPORTS [PYTEST_ARGUMENT...]
# The tests need the dependency group and the extras; --if-any: it is no failure if there is none.
set -euo pipefail
cd "$(dirname "$0")/.."
code_if_none=1
if [[ $1 == --if-any ]]; then
  code_if_none=0
  shift
fi
group=$1 extras=$2 reports=$3
shift 3

test_on() {
  local version=$1 python=$2 venv=$PWD/.venv-$1
  local stamp=$venv/.stamp-$group
  shift 2
  [[ -x $venv/bin/python ]] || "$python" -m venv "$venv"
  (
    export PATH=$venv/bin:$PATH
    if [[ ! $stamp -nt pyproject.toml ]]; then
      scripts/install.sh "$group" "$extras" "build/dev-$version"
      touch "$stamp"
    fi
    scripts/extension.sh "build/dev-$version"
    echo "Testing on $("$venv/bin/python" -V)"
    python -m pytest -q "$@" 2>&1 | tee "$reports/pytest-$version.txt"
  )
}

rm -f "$reports"/pytest-3.*.txt
main=$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
found=() missing=()
while read -r version python; do
  [[ $version == "$main" ]] && continue
  if [[ $python ]]; then found+=("$version=$python"); else missing+=("$version"); fi
done < <(python scripts/wheels/interpreters.py)
echo "Other supported Pythons found: ${found[*]:-none}; not found: ${missing[*]:-none}"
if ((${#found[@]} == 0)); then
  echo "To test on one of them, install it with its headers: by apt-get, pyenv or uv." >&2
  exit "$code_if_none"
fi
mkdir -p "$reports"
for one in $(printf '%s\n' "${found[0]}" "${found[-1]}" | uniq); do
  test_on "${one%%=*}" "${one#*=}" "$@"
done
