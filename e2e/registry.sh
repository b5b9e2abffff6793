#!/usr/bin/env bash
# Carries out what asks a real registry. Arguments: [--update] [guide.md…]
set -euo pipefail
cd "$(dirname "$0")/.."

# The commands of a Debian package: unpacked below build/ if it is not installed.
provide() {
  local unpacked=build/e2e/$1
  if command -v "$1" >/dev/null; then return; fi
  if [ ! -d "$unpacked/usr/bin" ]; then
    echo "$1 is missing: unpacking Debian's below build/" >&2
    mkdir -p "$unpacked"
    (
      cd "$unpacked"
      apt-get download "$1" || { apt-get update -qq && apt-get download "$1"; } || exit 1
      dpkg -x "$1"_*.deb .
    ) >&2 || return 1
  fi
  PATH=$PWD/$unpacked/usr/bin:$PATH
}

provide docker-registry || {
  echo "e2e: skipped, for docker-registry is not to be had"
  [ -z "${CI:-}" ]
  exit
}
provide notary || [ -z "${CI:-}" ]

exec node build/e2e/registry/main.js "$@"
