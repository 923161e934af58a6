#!/usr/bin/env bash
# Rolls images out, by digest, with an overlay of Kubernetes, and waits until they are ready.
#
#   deploy/scripts/deploy.sh OVERLAY REPOSITORY@sha256:DIGEST...
#
# OVERLAY is a directory of deploy/kubernetes/overlays; the addresses are what deploy/image/push.sh
# printed. An address takes the place of the overlay's image of the same name (its last part).
# Needs kubectl, signed in. What ran before is noted in build/release/before, for rollback.sh.
set -euo pipefail
# shellcheck source=deploy/scripts/help.sh
source "$(dirname "$0")/help.sh"
cd "$(dirname "$0")/../.."
overlay=${1:?an overlay: staging or production}
: "${2:?an image: REPOSITORY@sha256:DIGEST}"
source=deploy/kubernetes/overlays/$overlay
if [ ! -e "$source/kustomization.yaml" ]; then
  echo "deploy.sh: no overlay '$overlay': there is no $source/kustomization.yaml" >&2
  exit 2
fi

mkdir -p build/release
rm -f build/release/before
# A layer over the overlay, so that no file of the checkout is edited.
layer=build/layer
mkdir -p $layer
printf 'resources:\n  - ../../%s\nimages:\n' "$source" >$layer/kustomization.yaml
used=$(kubectl kustomize "$source" | sed -nE 's/^ *(- )?image: *"?([^" ]+)"?$/\2/p' | sort -u)
for address in "${@:2}"; do
  repository=${address%@*}
  digest=${address##*@}
  if [[ ! $digest =~ ^sha256:[0-9a-f]{64}$ ]]; then
    echo "deploy.sh: $address is no address by digest: REPOSITORY@sha256:DIGEST" >&2
    exit 2
  fi
  found=
  for image in $used; do
    image=${image%@*}
    [[ ${image##*/} != *:* ]] || image=${image%:*}
    [ "${image##*/}" = "${repository##*/}" ] || continue
    printf '  - name: %s\n    newName: %s\n    digest: %s\n' "$image" "$repository" "$digest" \
      >>$layer/kustomization.yaml
    found=yes
  done
  if [ -z "$found" ]; then
    echo "deploy.sh: the overlay '$overlay' has no image named ${repository##*/}" >&2
    exit 2
  fi
done
kubectl kustomize $layer >build/release/manifests.yaml

read -r namespace deployment < <(awk -v RS='(^|\n)---\n' '
  /(^|\n)kind: Deployment(\n|$)/ {
    name = ""; namespace = "default"
    n = split($0, lines, "\n")
    for (i = 1; i <= n; i++) {
      if (lines[i] ~ /^[a-z]/) part = lines[i]
      if (part == "metadata:" && lines[i] ~ /^  name: /) name = substr(lines[i], 9)
      if (part == "metadata:" && lines[i] ~ /^  namespace: /) namespace = substr(lines[i], 14)
    }
    print namespace, name
    exit
  }' build/release/manifests.yaml)
revision=$(kubectl --namespace "$namespace" get deployment "$deployment" --ignore-not-found \
  --output 'jsonpath={.metadata.annotations.deployment\.kubernetes\.io/revision}')
echo "$namespace $deployment ${revision:-none}" >build/release/before

kubectl apply --filename build/release/manifests.yaml
kubectl --namespace "$namespace" rollout status "deployment/$deployment" --timeout 10m
