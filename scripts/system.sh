#!/usr/bin/env bash
# Install system packages where that is allowed, or say the line that does.
# Usage: system.sh [PACKAGE...]
set -euo pipefail
(($#)) || exit 0

as_root=()
[[ $EUID -eq 0 ]] || as_root=(sudo -n)
if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
  echo "Installing $*"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@"
else
  echo "The system lacks $*. Install with:" >&2
  echo "  sudo apt-get update && sudo apt-get install -y $*" >&2
  exit 1
fi
