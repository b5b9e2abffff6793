#!/usr/bin/env bash
# Carries out what asks a real registry: Debian's, unpacked below build/ if it is not installed. Arguments: [--update]
set -euo pipefail
cd "$(dirname "$0")/.."

program=$(command -v docker-registry || true)
unpacked=build/e2e/docker-registry
if [ -z "$program" ] && [ ! -x "$unpacked/usr/bin/docker-registry" ]; then
  echo "docker-registry is missing: unpacking Debian's below build/" >&2
  mkdir -p "$unpacked"
  (
    cd "$unpacked"
    apt-get download docker-registry || { apt-get update -qq && apt-get download docker-registry; }
    dpkg -x docker-registry_*.deb .
  ) >&2 || {
    echo "e2e: skipped, for docker-registry is not to be had"
    [ -z "${CI:-}" ]
    exit
  }
fi

exec node build/e2e/registry/main.js "${program:-$unpacked/usr/bin/docker-registry}" "$@"
