#!/usr/bin/env bash
# Repeat the result lines of the last test run, so that they end the log.
# Usage: summary.sh REPORTS
set -euo pipefail
reports=$1
echo
echo "pytest      $(tail -n 1 "$reports/pytest.txt")"
echo "clients     $(tail -n 1 "$reports/clients.txt")"
for preset in asan tsan; do
  echo "ctest $preset  $(grep -E 'tests passed' "$reports/ctest-$preset.txt")"
done
