#!/usr/bin/env bash
# Rolls images out, by digest, with an overlay of Kubernetes, and waits until they are ready.
#
#   deploy/scripts/deploy.sh OVERLAY IMAGE TRAIN_IMAGE
#
# OVERLAY is staging or production; the images are REPOSITORY@sha256:DIGEST, as deploy/image/push.sh
# printed them. Needs kubectl, signed in, and what deploy/kubernetes/render.sh takes from the
# environment: PROJECT_ID, REGION and, if there is one, DOMAIN.
# Which revision ran before is noted in build/release/before, for rollback.sh.
set -euo pipefail
# shellcheck source=deploy/scripts/help.sh
source "$(dirname "$0")/help.sh"
cd "$(dirname "$0")/../.."
# shellcheck source=deploy/scripts/cluster.sh
source deploy/scripts/cluster.sh
overlay=${1:?an overlay: staging or production}
export IMAGE=${2:?the image that serves: REPOSITORY@sha256:DIGEST}
export TRAIN_IMAGE=${3:?the image that trains: REPOSITORY@sha256:DIGEST}

mkdir -p build/release
rm -f build/release/before
deploy/kubernetes/render.sh "$overlay" >build/release/manifests.yaml
before=$(revision)
echo "${before:-none}" >build/release/before
in_cluster apply --filename build/release/manifests.yaml
in_cluster rollout status "$deployment" --timeout 10m
