#!/usr/bin/env bash
# Lints the Jenkinsfile: syntax and style, by .groovylintrc.json.
#
#   deploy/jenkins/lint.sh
set -euo pipefail
# shellcheck source=deploy/scripts/help.sh
source "$(dirname "$0")/../scripts/help.sh"
cd "$(dirname "$0")/../.."

linter=$(deploy/jenkins/linter.sh)
node "$linter/lib/index.js" --noserver --no-insight --failon info --config "$PWD/.groovylintrc.json" \
  Jenkinsfile
