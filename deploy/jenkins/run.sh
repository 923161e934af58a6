#!/usr/bin/env bash
# Runs a Jenkinsfile without Jenkins, in the current directory: every step for real.
#
#   deploy/jenkins/run.sh [JENKINSFILE]
#
# What it takes from the environment is said in run.groovy. Exit status: 0 success, 1 a step failed,
# 2 the file holds what Jenkins would not know; nothing has run then.
set -euo pipefail
# shellcheck source=deploy/scripts/help.sh
source "$(dirname "$0")/../scripts/help.sh"

here=$(cd "$(dirname "$0")" && pwd)
linter=$("$here/linter.sh")
classes=$(printf '%s:' "$linter"/lib/java/groovy/lib/*.jar)
# It lives for minutes at most: the second compiler would only cost.
exec java -XX:TieredStopAtLevel=1 -cp "$classes" groovy.ui.GroovyMain "$here/run.groovy" "${1:-Jenkinsfile}"
