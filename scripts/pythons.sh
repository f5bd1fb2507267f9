#!/usr/bin/env bash
# Run Python tests on the oldest and the newest other Python that is supported and on this machine.
# Usage: pythons.sh REPORTS [PYTEST_ARGUMENT...]; with IF_FOUND=1, finding none is no failure.
set -euo pipefail
cd "$(dirname "$0")/.."
reports=$1
shift

test_on() {
  local version=$1 python=$2 venv=$PWD/.venv-$1
  shift 2
  [[ -x $venv/bin/python ]] || "$python" -m venv "$venv"
  (
    export PATH=$venv/bin:$PATH
    if [[ ! $venv/.stamp -nt pyproject.toml ]]; then
      scripts/install.sh pythons all "build/dev-$version"
      touch "$venv/.stamp"
    fi
    scripts/extension.sh "build/dev-$version"
    echo "Testing on $("$venv/bin/python" -V)"
    python -m pytest -q "$@" 2>&1 | tee "$reports/pytest-$version.txt"
  )
}

main=$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
found=() missing=()
while read -r version python; do
  [[ $version == "$main" ]] && continue
  if [[ $python ]]; then found+=("$version=$python"); else missing+=("$version"); fi
done < <(python scripts/wheels/interpreters.py)
echo "Other supported Pythons found: ${found[*]:-none}; not found: ${missing[*]:-none}"
if ((${#found[@]} == 0)); then
  if [[ ${IF_FOUND:-} ]]; then exit; fi
  echo "Install one of them, with its headers: by apt-get, pyenv or uv." >&2
  exit 1
fi
mkdir -p "$reports"
trap 'exit 130' INT # else an interrupted run would be one more that failed, and the next begin
failed=()
for one in $(printf '%s\n' "${found[0]}" "${found[-1]}" | uniq); do
  # After `||` or `if`, `set -e` would not hold inside.
  set +e
  (
    set -e
    test_on "${one%%=*}" "${one#*=}" "$@"
  )
  status=$?
  set -e
  ((status == 0)) || failed+=("${one%%=*}")
done
if ((${#failed[@]})); then
  echo "Failed on Python ${failed[*]}" >&2
  exit 1
fi
