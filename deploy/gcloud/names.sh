# Sourced by the scripts beside it: arguments, the names of what they make, and how they run commands.
# shellcheck shell=bash disable=SC2034

project=""
region=europe-west1
dry_run=false
for argument in "$@"; do
  case $argument in
    --dry-run) dry_run=true ;;
    --region=*) region=${argument#--region=} ;;
    --with-data) with_data=true ;;
    -*)
      echo "$(basename "$0"): no option '$argument'" >&2
      exit 2
      ;;
    *) project=$argument ;;
  esac
done
if [[ ! $project =~ ^[a-z][a-z0-9-]{4,28}[a-z0-9]$ ]]; then
  echo "$(basename "$0"): which project? Give its id (it was '$project')" >&2
  exit 2
fi
if ! $dry_run && ! command -v gcloud >/dev/null; then
  echo "$(basename "$0"): gcloud is missing: https://cloud.google.com/sdk/docs/install" >&2
  exit 2
fi

cluster=anirec
repository=anirec
address=anirec
secret=anirec-comet-config
registry_bucket=gs://$project-anirec-registry
data_bucket=gs://$project-anirec-data
accounts=(anirec-web anirec-retrain anirec-nodes anirec-metrics anirec-storage anirec-deployer)

email() { # the address of a service account
  echo "$1@$project.iam.gserviceaccount.com"
}

run() { # run a command, or print it
  if $dry_run; then
    printf '%q ' "$@"
    echo
  else
    "$@"
  fi
}

exists() { # ask whether something is there; a dry run asks nothing and takes it as it is told
  ! $dry_run && "$@" >/dev/null 2>&1
}
