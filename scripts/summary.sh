#!/usr/bin/env bash
# Repeat the result lines of the last test run, so that they end the log.
# Usage: summary.sh REPORTS
set -euo pipefail
reports=$1
echo
echo "pytest      $(tail -n 1 "$reports/pytest.txt")"
for report in "$reports"/pytest-3.*.txt; do
  [[ ! -e $report ]] || echo "$(basename "$report" .txt) $(tail -n 1 "$report")"
done
echo "clients     $(tail -n 1 "$reports/clients.txt")"
for preset in asan tsan; do
  echo "ctest $preset  $(grep -E 'tests passed' "$reports/ctest-$preset.txt")"
done
