#!/usr/bin/env bash
# Fits the models whose data or parameters changed, and shares the result through DVC's remote.
#
#   deploy/scripts/train.sh
#
# Run pull-data.sh first: it says which remote. What was fitted from the same input before, anywhere,
# is taken from there.
set -euo pipefail
# shellcheck source=deploy/scripts/help.sh
source "$(dirname "$0")/help.sh"
cd "$(dirname "$0")/../.."
PATH=$PATH:$PWD/.venv/bin

dvc repro --pull tune
dvc push --run-cache
