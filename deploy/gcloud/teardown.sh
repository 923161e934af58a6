#!/usr/bin/env bash
# Removes what create.sh made, once you have typed the project's id. Buckets stay, for they hold what
# cannot be made again, unless you say --with-data.
#
#   deploy/gcloud/teardown.sh PROJECT_ID [--region=europe-west1] [--with-data] [--dry-run]
set -euo pipefail
with_data=false
# shellcheck source=deploy/gcloud/names.sh
source "$(dirname "$0")/names.sh"

if ! $dry_run; then
  what="the cluster, images, service accounts, secret and address of anirec"
  if $with_data; then what+=", AND ALL BUNDLES AND DATA,"; fi
  printf 'This removes %s in %s.\nType the id of the project to go on: ' "$what" "$project" >&2
  read -r typed || typed=""
  if [ "$typed" != "$project" ]; then
    echo "teardown.sh: nothing was removed" >&2
    exit 1
  fi
fi

there() { # like exists, but a dry run takes all of it to be there
  $dry_run || exists "$@"
}

if there gcloud container clusters describe "$cluster" --project="$project" --location="$region"; then
  # First what made load balancers outside of the cluster: they would outlive it, and cost.
  run gcloud container clusters get-credentials "$cluster" --project="$project" --location="$region"
  run kubectl delete namespace anirec --ignore-not-found --timeout=10m
  run gcloud container clusters delete "$cluster" --project="$project" --location="$region" --quiet
fi
if there gcloud compute addresses describe "$address" --project="$project" --global; then
  run gcloud compute addresses delete "$address" --project="$project" --global --quiet
fi
if there gcloud artifacts repositories describe "$repository" --project="$project" --location="$region"; then
  run gcloud artifacts repositories delete "$repository" --project="$project" --location="$region" --quiet
fi
if there gcloud secrets describe "$secret" --project="$project"; then
  run gcloud secrets delete "$secret" --project="$project" --quiet
fi
for account in "${accounts[@]}"; do
  if there gcloud iam service-accounts describe "$(email "$account")" --project="$project"; then
    run gcloud iam service-accounts delete "$(email "$account")" --project="$project" --quiet
  fi
done
if $with_data; then
  for bucket in "$registry_bucket" "$data_bucket"; do
    if there gcloud storage buckets describe "$bucket" --project="$project"; then
      run gcloud storage rm --recursive --all-versions "$bucket" --project="$project"
    fi
  done
fi
