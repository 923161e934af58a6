#!/usr/bin/env bash
# Creates what anirec needs in a Google Cloud project: images, buckets, cluster, rights, a secret and an
# address. What is there already stays as it is, so that it can be run again after a failure.
#
#   deploy/gcloud/create.sh PROJECT_ID [--region=europe-west1] [--dry-run]
#
# The project exists and has billing; you are logged in (gcloud auth login). It costs money
# (docs/kubernetes.md); teardown.sh removes it.
set -euo pipefail
# shellcheck source=deploy/gcloud/names.sh
source "$(dirname "$0")/names.sh"

run gcloud services enable --project="$project" \
  artifactregistry.googleapis.com compute.googleapis.com container.googleapis.com iam.googleapis.com \
  monitoring.googleapis.com secretmanager.googleapis.com storage.googleapis.com

# Images.
exists gcloud artifacts repositories describe "$repository" --project="$project" --location="$region" ||
  run gcloud artifacts repositories create "$repository" --project="$project" --location="$region" \
    --repository-format=docker

# Bundles and raw data. A version of an object that was replaced or deleted can be had back.
for bucket in "$registry_bucket" "$data_bucket"; do
  exists gcloud storage buckets describe "$bucket" --project="$project" || {
    run gcloud storage buckets create "$bucket" --project="$project" --location="$region" \
      --uniform-bucket-level-access --public-access-prevention
    run gcloud storage buckets update "$bucket" --project="$project" --versioning
  }
done

# Who acts: servers read bundles; retraining also writes them; nodes pull images. Jenkins acts as two, so
# that what handles data cannot deploy, and what deploys cannot touch data.
for account in "${accounts[@]}"; do
  exists gcloud iam service-accounts describe "$(email "$account")" --project="$project" ||
    run gcloud iam service-accounts create "$account" --project="$project" --display-name="$account"
done

# A new account is not known everywhere at once, and granting twice changes nothing.
grant() {
  local attempt
  for attempt in 1 2 3 4 5 6; do
    if [ "$attempt" -gt 1 ]; then sleep 5; fi
    if run "$@" >"$granted"; then
      if $dry_run; then cat "$granted"; fi
      return
    fi
  done
  return 1
}
granted=$(mktemp)
trap 'rm "$granted"' EXIT

on_bucket() { # BUCKET ACCOUNT ROLE
  grant gcloud storage buckets add-iam-policy-binding "$1" --project="$project" \
    --member="serviceAccount:$(email "$2")" --role="$3"
}
on_images() { # ACCOUNT ROLE
  grant gcloud artifacts repositories add-iam-policy-binding "$repository" --project="$project" \
    --location="$region" --member="serviceAccount:$(email "$1")" --role="$2"
}
on_project() { # ACCOUNT ROLE
  grant gcloud projects add-iam-policy-binding "$project" --condition=None \
    --member="serviceAccount:$(email "$1")" --role="$2"
}
on_bucket "$registry_bucket" anirec-web roles/storage.objectViewer
on_bucket "$registry_bucket" anirec-retrain roles/storage.objectUser
on_bucket "$data_bucket" anirec-retrain roles/storage.objectUser
on_bucket "$registry_bucket" anirec-storage roles/storage.objectUser
on_bucket "$data_bucket" anirec-storage roles/storage.objectUser
on_project anirec-nodes roles/container.defaultNodeServiceAccount
on_project anirec-metrics roles/monitoring.viewer
on_project anirec-deployer roles/container.developer
on_images anirec-nodes roles/artifactregistry.reader
on_images anirec-deployer roles/artifactregistry.writer

# The content is for you to add: gcloud secrets versions add anirec-comet-config --data-file=.comet.config
exists gcloud secrets describe "$secret" --project="$project" ||
  run gcloud secrets create "$secret" --project="$project" --replication-policy=automatic
# The add-on reads it as the service account that the pod acts as.
grant gcloud secrets add-iam-policy-binding "$secret" --project="$project" \
  --member="serviceAccount:$(email anirec-retrain)" --role=roles/secretmanager.secretAccessor

# The address that your domain points at.
exists gcloud compute addresses describe "$address" --project="$project" --global ||
  run gcloud compute addresses create "$address" --project="$project" --global

# Autopilot: nodes over three zones, network policies, Workload Identity and managed Prometheus are on.
exists gcloud container clusters describe "$cluster" --project="$project" --location="$region" ||
  run gcloud container clusters create-auto "$cluster" --project="$project" --location="$region" \
    --release-channel=regular --enable-secret-manager --service-account="$(email anirec-nodes)"

# Which pods act as whom; the pool is there once the project has had its first cluster.
acts_as() { # NAMESPACE/SERVICE_ACCOUNT ACCOUNT
  grant gcloud iam service-accounts add-iam-policy-binding "$(email "$2")" --project="$project" \
    --role=roles/iam.workloadIdentityUser --member="serviceAccount:$project.svc.id.goog[$1]"
}
acts_as anirec/web anirec-web
acts_as anirec/retrain anirec-retrain
acts_as monitoring/frontend anirec-metrics

run gcloud container clusters get-credentials "$cluster" --project="$project" --location="$region"
