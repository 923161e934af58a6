#!/usr/bin/env bash
# Installs npm-groovy-lint, which brings Groovy along, in ~/.cache/anirec and prints where it is.
#
#   deploy/jenkins/linter.sh
#
# Needs npm, and Java 17 or later to run what it installs.
set -euo pipefail
# shellcheck source=deploy/scripts/help.sh
source "$(dirname "$0")/../scripts/help.sh"

version=16.2.0
for program in npm java; do
  if ! command -v $program >/dev/null; then
    echo "linter.sh: $program is missing: apt-get install npm default-jre-headless" >&2
    exit 1
  fi
done
place=${XDG_CACHE_HOME:-$HOME/.cache}/anirec/groovy-lint-$version
if [ ! -e "$place" ]; then
  mkdir -p "${place%/*}"
  fresh=$(mktemp -d "$place.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  npm install --prefix "$fresh" --no-package-lock --no-audit --no-fund --silent \
    "npm-groovy-lint@$version" >&2
  # Of two that install at once, the second finds the first one's.
  mv --no-target-directory "$fresh" "$place" 2>/dev/null || [ -e "$place" ]
fi
echo "$place/node_modules/npm-groovy-lint"
