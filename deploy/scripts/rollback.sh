#!/usr/bin/env bash
# Undoes what deploy.sh and, if it was the bundle, gate.sh did, until the service answers again.
#
#   deploy/scripts/rollback.sh URL
#
# First the Deployment goes back to the revision noted in build/release/before. If the smoke test then
# still fails, it was not the image: ANIREC_REGISTRY goes back to the bundle before the one noted in
# build/release/promoted. Fails if the service does not answer even then.
set -euo pipefail
# shellcheck source=deploy/scripts/help.sh
source "$(dirname "$0")/help.sh"
cd "$(dirname "$0")/../.."
PATH=$PATH:$PWD/.venv/bin
# shellcheck source=deploy/scripts/cluster.sh
source deploy/scripts/cluster.sh
: "${1:?the address of the service, such as https://staging.example.org}"
: "${ANIREC_REGISTRY:?the registry of bundles: a directory or gs://BUCKET/PREFIX}"

if [ -e build/release/before ]; then
  before=$(<build/release/before)
  if [ "$before" = none ]; then
    echo "rollback.sh: deployed for the first time: there is no revision to go back to" >&2
  elif [ "$before" = "$(revision)" ]; then
    echo "rollback.sh: $deployment was not changed" >&2
  else
    in_cluster rollout undo "$deployment" --to-revision "$before"
    in_cluster rollout status "$deployment" --timeout 10m ||
      echo "rollback.sh: revision $before does not become ready" >&2
  fi
fi
if deploy/scripts/smoke.sh "$1"; then
  echo "rolled back: the image was at fault"
  exit
fi
if [ ! -e build/release/promoted ]; then
  echo "rollback.sh: the service does not answer, and no bundle was promoted that could be at fault" >&2
  exit 1
fi
promoted=$(<build/release/promoted)
current=$(anirec promote --registry "$ANIREC_REGISTRY" --json |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["current"])')
if [ "$current" != "$promoted" ]; then
  echo "rollback.sh: somebody made $current current since: the bundle is left alone" >&2
  exit 1
fi
anirec rollback --registry "$ANIREC_REGISTRY" --why "smoke test failed with $promoted"
deploy/scripts/smoke.sh "$1"
echo "rolled back: the bundle $promoted was at fault"
