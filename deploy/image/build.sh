#!/usr/bin/env bash
# Builds an image of the Dockerfile, labelled with version and revision, and prints its name.
#
#   deploy/image/build.sh [serve|train] [FURTHER OPTIONS OF THE ENGINE'S BUILD]
#
# pip's index and certificate on this machine hold in the build too, as secrets that no layer keeps.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=deploy/image/engine.sh
source deploy/image/engine.sh

target=${1:-serve}
case $target in
  serve) name=anirec ;;
  train) name=anirec-train ;;
  *)
    echo "build.sh: no image '$target': serve or train" >&2
    exit 2
    ;;
esac
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
revision=$(git rev-parse HEAD)
# What is not committed must not pass for what is.
[ -z "$(git status --porcelain -- Dockerfile .dockerignore pyproject.toml README.md LICENSE requirements src)" ] ||
  revision+=-dirty

secrets=$(mktemp -d)
trap 'rm -r "$secrets"' EXIT
pip_setting() { # from the environment (PIP_INDEX_URL, ...), else from pip's files
  local variable=PIP_${1//-/_}
  variable=${variable^^}
  if [ -n "${!variable-}" ]; then
    echo "${!variable}"
  else
    python3 -m pip config get "global.$1" 2>/dev/null || true
  fi
}
{
  echo "[global]"
  for setting in index-url trusted-host; do
    value=$(pip_setting "$setting")
    [ -z "$value" ] || echo "$setting = $value"
  done
  certificate=$(pip_setting cert)
  if [ -n "$certificate" ]; then
    cp "$certificate" "$secrets/ca.pem"
    echo "cert = /run/secrets/ca.pem"
  fi
} >"$secrets/pip.conf"
touch "$secrets/ca.pem"

"$engine" build \
  --file Dockerfile \
  --target "$target" \
  --build-arg VERSION="$version" \
  --build-arg REVISION="$revision" \
  --secret id=pip.conf,src="$secrets/pip.conf" \
  --secret id=ca.pem,src="$secrets/ca.pem" \
  --tag "$name:$revision" \
  "${@:2}" . >&2
echo "$name:$revision"
