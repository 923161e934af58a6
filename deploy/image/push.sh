#!/usr/bin/env bash
# Pushes an image to a repository and prints the address by which to deploy it: REPOSITORY@sha256:...
#
#   deploy/image/push.sh IMAGE REPOSITORY
#
# IMAGE is what build.sh printed; REPOSITORY is HOST/PATH/NAME. The tag goes along, for people.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=deploy/image/engine.sh
source deploy/image/engine.sh

image=${1:?an image, as deploy/image/build.sh printed it}
repository=${2:?where to: HOST/PATH/NAME}
pushed=$repository:${image##*:}

"$engine" tag "$image" "$pushed"
case $engine in
  *podman) # compresses the layers anew, so only the push knows the digest
    file=$(mktemp)
    trap 'rm "$file"' EXIT
    "$engine" push --digestfile "$file" "$pushed" >&2
    echo "$repository@$(<"$file")"
    ;;
  *)
    "$engine" push "$pushed" >&2
    "$engine" image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$pushed" |
      grep --max-count=1 "^$repository@sha256:"
    ;;
esac
