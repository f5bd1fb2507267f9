#!/usr/bin/env bash
# Build and run the C++ tests of a preset; the report goes to REPORTS/ctest-PRESET.txt.
# Usage: ctest.sh PRESET REPORTS
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1 reports=$2
mkdir -p "$reports"
cmake --preset "$preset" --log-level=WARNING >/dev/null
cmake --build --preset "$preset" -- --quiet

# The thread sanitizer of older compilers cannot map its shadow memory where the kernel randomises
# addresses over 32 bits; without randomisation it always can.
run=()
if [[ $preset == tsan ]] && setarch "$(uname -m)" --addr-no-randomize true 2>/dev/null; then
  run=(setarch "$(uname -m)" --addr-no-randomize)
fi
"${run[@]}" ctest --preset "$preset" 2>&1 | tee "$reports/ctest-$preset.txt"
