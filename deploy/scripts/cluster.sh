# Sourced by the scripts beside it: the Deployment that they roll out, and how they ask about it.
# shellcheck shell=bash

deployment=deployment/web # in deploy/kubernetes/base

in_cluster() {
  kubectl --namespace anirec "$@"
}

revision() { # nothing, if it was never deployed
  in_cluster get "$deployment" --ignore-not-found \
    --output 'jsonpath={.metadata.annotations.deployment\.kubernetes\.io/revision}'
}
