#!/usr/bin/env bash
# Renders every overlay and holds it against checkov's policies (`make checkov` installs it). What is
# left out carries an annotation checkov.io/skip with its reason, told in docs/kubernetes.md.
#
#   deploy/kubernetes/check.sh
set -euo pipefail
cd "$(dirname "$0")"

checkov=.venv/bin/checkov
[ -x "$checkov" ] || checkov=$(command -v checkov) || {
  echo "check.sh: checkov is missing: make checkov" >&2
  exit 2
}
rendered=$(mktemp --directory)
trap 'rm -r "$rendered"' EXIT
for overlay in local staging production; do
  kubectl kustomize "overlays/$overlay" >"$rendered/$overlay.yaml"
done
digest=sha256:$(printf '0%.0s' {1..64})
PROJECT_ID=my-project REGION=europe-west1 DOMAIN=anime.example.org \
  IMAGE=example.org/anirec@$digest TRAIN_IMAGE=example.org/anirec-train@$digest \
  ./render.sh production >"$rendered/production-domain.yaml"
cp metrics-adapter/frontend.yaml "$rendered"
"$checkov" --framework kubernetes --directory "$rendered" --compact --quiet --skip-download
