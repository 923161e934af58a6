#!/usr/bin/env bash
# Evaluates the models, publishes a bundle of them and promotes it, if the gate lets it through.
#
#   deploy/scripts/gate.sh
#
# ANIREC_REGISTRY is the registry of bundles: a directory or gs://BUCKET/PREFIX.
# Reports and model card are left in build/reports; rollback.sh learns from build/release/promoted
# which bundle became current.
set -euo pipefail
# shellcheck source=deploy/scripts/help.sh
source "$(dirname "$0")/help.sh"
cd "$(dirname "$0")/../.."
PATH=$PATH:$PWD/.venv/bin
: "${ANIREC_REGISTRY:?the registry of bundles: a directory or gs://BUCKET/PREFIX}"

mkdir -p build/release build/reports
rm -f build/release/promoted
dvc repro --pull evaluate
dvc push --run-cache
cp -r artifacts/evaluation build/reports/

why="revision $(git rev-parse --short HEAD)"
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]] or "")' "$1"; }
before=$(anirec promote --registry "$ANIREC_REGISTRY" --json | field current)
version=$(anirec publish --out "$ANIREC_REGISTRY" --why "$why" --json | field version)
dvc get-url --force "$ANIREC_REGISTRY/$version/model_card.md" build/reports/model_card.md
anirec promote "$version" --registry "$ANIREC_REGISTRY" --why "$why"
[ "$version" = "$before" ] || echo "$version" >build/release/promoted
