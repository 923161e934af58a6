#!/usr/bin/env bash
# Prints what to apply for an overlay, with every placeholder filled in.
#
#   PROJECT_ID=my-project REGION=europe-west1 \
#   IMAGE=.../anirec@sha256:... TRAIN_IMAGE=.../anirec-train@sha256:... \
#   [DOMAIN=anime.example.org] [DATABASE=yes] \
#   deploy/kubernetes/render.sh staging|production | kubectl apply --filename -
#
# Images go by digest, as deploy/image/push.sh prints them: a tag can change after it was tested.
# With DOMAIN there is HTTPS at that domain in place of the bare load balancer; with DATABASE feedback
# and kept lists are stored, and a Job that bears the image's digest in its name migrates the database.
set -euo pipefail
cd "$(dirname "$0")"

fail() {
  echo "render.sh: $1" >&2
  exit 2
}

overlay=${1:-}
case $overlay in
  staging | production) ;;
  *) fail "no overlay '$overlay': staging or production (for local: kubectl kustomize deploy/kubernetes/overlays/local)" ;;
esac
command -v kubectl >/dev/null || fail "kubectl is missing: https://kubernetes.io/docs/tasks/tools"

demand() { # NAME PATTERN WHAT
  [[ ${!1-} =~ ^$2$ ]] || fail "$1 must be $3 (it is '${!1-}')"
}
demand PROJECT_ID '[a-z][a-z0-9-]{4,28}[a-z0-9]' "the id of a Google Cloud project"
demand REGION '[a-z]+-[a-z]+[0-9]+' "a region, such as europe-west1"
demand IMAGE '[a-z0-9./:_-]+@sha256:[0-9a-f]{64}' "an image by digest, NAME@sha256:..."
demand TRAIN_IMAGE '[a-z0-9./:_-]+@sha256:[0-9a-f]{64}' "an image by digest, NAME@sha256:..."
components=()
if [ -n "${DOMAIN-}" ]; then
  demand DOMAIN '([a-z0-9-]+\.)+[a-z]+' "a domain, such as anime.example.org"
  components+=(../components/ingress)
fi
migration=""
if [ -n "${DATABASE-}" ]; then
  demand DATABASE 'yes' "yes, or left out"
  components+=(../components/database)
  # The template of a Job cannot be changed: each release has one of its own.
  name=migrate-${IMAGE#*@sha256:}
  migration="patches:
  - target: {kind: Job, name: migrate}
    options: {allowNameChange: true}
    patch: |
      - {op: replace, path: /metadata/name, value: ${name:0:20}}"
fi

# kustomize reads its own file from a directory only, and other directories by relative paths.
here=$(mktemp --directory ./.render-XXXXXX)
trap 'rm -r "$here"' EXIT
cat >"$here/kustomization.yaml" <<EOF
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: anirec
resources: [../overlays/$overlay]
components: [$(IFS=,; echo "${components[*]-}")]
$migration
images:
  - name: REGION-docker.pkg.dev/PROJECT_ID/anirec/anirec
    newName: ${IMAGE%@*}
    digest: ${IMAGE#*@}
  - name: REGION-docker.pkg.dev/PROJECT_ID/anirec/anirec-train
    newName: ${TRAIN_IMAGE%@*}
    digest: ${TRAIN_IMAGE#*@}
EOF
rendered=$(kubectl kustomize "$here")
rendered=${rendered//PROJECT_ID/$PROJECT_ID}
rendered=${rendered//DOMAIN/${DOMAIN-}}
printf '%s\n' "$rendered"
