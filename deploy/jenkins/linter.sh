#!/usr/bin/env bash
# Installs npm-groovy-lint, which brings Groovy along, in ~/.cache/anirec and prints where it is.
#
#   deploy/jenkins/linter.sh
#
# Needs npm, and Java 17 or later to run what it installs.
set -euo pipefail
scripts=$(dirname "$0")/../scripts
# shellcheck source=deploy/scripts/help.sh
source "$scripts/help.sh"

if ! command -v java >/dev/null; then
  echo "linter.sh: java is missing: apt-get install default-jre-headless" >&2
  exit 1
fi
"$scripts/npm-package.sh" npm-groovy-lint 16.2.0
