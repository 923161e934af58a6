# Sourced by the scripts beside it: `engine` is the container engine of this machine.
# shellcheck shell=bash disable=SC2034
if ! engine=$(command -v podman || command -v docker); then
  echo "no container engine: install podman (apt-get install podman buildah runc) or docker" >&2
  exit 1
fi
export BUILDAH_FORMAT=docker # podman's own format has no HEALTHCHECK
export DOCKER_BUILDKIT=1 # the default of newer dockers; build secrets need it
