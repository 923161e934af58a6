#!/usr/bin/env bash
# Asks a running service for its health, a recommendation and its bundle.
#
#   deploy/scripts/smoke.sh URL
#
# From the environment:
#   ANIREC_REGISTRY       whose current bundle is expected: a directory or gs://BUCKET/PREFIX
#   ANIREC_SMOKE_SECONDS  how long to ask again, 180 if not set: servers need a while to swap bundles
# Needs curl.
set -euo pipefail
# shellcheck source=deploy/scripts/help.sh
source "$(dirname "$0")/help.sh"
cd "$(dirname "$0")/../.."
PATH=$PATH:$PWD/.venv/bin
url=${1:?the address of the service, such as https://staging.example.org}
url=${url%/}
seconds=${ANIREC_SMOKE_SECONDS:-180}
: "${ANIREC_REGISTRY:?the registry of bundles: a directory or gs://BUCKET/PREFIX}"

field() { # nothing, where the answer is something else
  python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]] or "")' "$1" 2>/dev/null
}
expected=$(anirec promote --registry "$ANIREC_REGISTRY" --json | field current)
if [ -z "$expected" ]; then
  echo "smoke.sh: $ANIREC_REGISTRY has no current bundle" >&2
  exit 1
fi

ask() { curl --silent --show-error --fail --max-time 10 "$@"; }
check() { # prints what is wrong, if something is
  local answer
  ask "$url/healthz" >/dev/null || { echo "$url/healthz does not answer"; return; }
  answer=$(ask --header 'Content-Type: application/json' \
    --data '{"history": [{"anime_id": 5114, "rating": 10}], "n": 1}' \
    "$url/api/v1/recommendations") || { echo "$url recommends nothing to a list"; return; }
  answer=$(field recommendations <<<"$answer") || answer=
  [ -n "$answer" ] || { echo "$url found nothing to recommend"; return; }
  answer=$(ask "$url/api/v1" | field bundle) || answer=nothing
  [ "$answer" = "$expected" ] || echo "$url serves $answer, but current is $expected"
}
SECONDS=0
while wrong=$(check) && [ -n "$wrong" ]; do
  if [ "$SECONDS" -ge "$seconds" ]; then
    echo "smoke.sh: $wrong" >&2
    exit 1
  fi
  sleep 5
done
echo "$url lives, recommends and serves $expected"
