#!/usr/bin/env bash
# Signs gcloud, kubectl and the container engine in with a service account's key.
#
#   deploy/scripts/google-login.sh
#
# From the environment:
#   GOOGLE_APPLICATION_CREDENTIALS  the key, a file
#   ANIREC_IMAGE_REGISTRY           REGION-docker.pkg.dev/PROJECT/REPOSITORY
#   PROJECT_ID, REGION              the project and region of the cluster `anirec`
# Where the sign-in is kept follows CLOUDSDK_CONFIG, KUBECONFIG and DOCKER_CONFIG. On a laptop your own
# sign-in will do, and this script is not needed.
set -euo pipefail
# shellcheck source=deploy/scripts/help.sh
source "$(dirname "$0")/help.sh"
: "${GOOGLE_APPLICATION_CREDENTIALS:?the file with the key of a service account}"
: "${ANIREC_IMAGE_REGISTRY:?REGION-docker.pkg.dev/PROJECT/REPOSITORY}"
: "${PROJECT_ID:?the id of a Google Cloud project}"
: "${REGION:?the region of the cluster, such as europe-west1}"

# These files are as good as the key: nobody else reads them.
umask 077
gcloud auth activate-service-account --quiet --key-file "$GOOGLE_APPLICATION_CREDENTIALS"
gcloud auth configure-docker --quiet "${ANIREC_IMAGE_REGISTRY%%/*}"
gcloud container clusters get-credentials anirec --location "$REGION" --project "$PROJECT_ID"
