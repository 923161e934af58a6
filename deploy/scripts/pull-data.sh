#!/usr/bin/env bash
# Brings what DVC versions, and the runs it remembers, from the remote to here.
#
#   deploy/scripts/pull-data.sh
#
# From the environment, both optional and kept in .dvc/config.local:
#   ANIREC_DVC_REMOTE  gs://BUCKET/PREFIX or a directory, which becomes the default remote
#   ANIREC_DVC_CACHE   a directory for the cache, where it is to outlive this checkout
# A remote in Google Cloud also needs GOOGLE_APPLICATION_CREDENTIALS.
set -euo pipefail
# shellcheck source=deploy/scripts/help.sh
source "$(dirname "$0")/help.sh"
cd "$(dirname "$0")/../.."
PATH=$PATH:$PWD/.venv/bin

if [ -n "${ANIREC_DVC_REMOTE-}" ]; then
  dvc config --local remote.anirec.url "$ANIREC_DVC_REMOTE"
  dvc config --local core.remote anirec
fi
[ -z "${ANIREC_DVC_CACHE-}" ] || dvc cache dir --local "$ANIREC_DVC_CACHE"
# What no run has made yet is not on the remote; if it is raw data that lacks, train.sh says so.
dvc pull --run-cache --allow-missing
