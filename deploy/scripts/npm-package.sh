#!/usr/bin/env bash
# Installs one version of an npm package in ~/.cache/anirec and prints where it is.
#
#   deploy/scripts/npm-package.sh NAME VERSION
#
# Needs npm. What is installed outlives the checkout; nothing of it enters the repository.
set -euo pipefail
# shellcheck source=deploy/scripts/help.sh
source "$(dirname "$0")/help.sh"

name=${1:?the name of a package}
version=${2:?its version}
if ! command -v npm >/dev/null; then
  echo "npm-package.sh: npm is missing: apt-get install npm" >&2
  exit 1
fi
place=${XDG_CACHE_HOME:-$HOME/.cache}/anirec/$name-$version
if [ ! -e "$place" ]; then
  mkdir -p "${place%/*}"
  fresh=$(mktemp -d "$place.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  npm install --prefix "$fresh" --no-package-lock --no-audit --no-fund --silent "$name@$version" >&2
  # Of two that install at once, the second finds the first one's.
  mv --no-target-directory "$fresh" "$place" 2>/dev/null || [ -e "$place" ]
fi
echo "$place/node_modules/$name"
