#!/usr/bin/env bash
# Looks for known vulnerabilities in images and fails on serious ones that have a fix.
#
#   deploy/scripts/scan.sh IMAGE...
#
# IMAGE is what deploy/image/build.sh printed. Needs trivy and its database: without either the scan
# fails, for a scan that compared with nothing must not count. The reports are left in build/reports.
# A finding that does not matter goes into .trivyignore, with the reason.
set -euo pipefail
# shellcheck source=deploy/scripts/help.sh
source "$(dirname "$0")/help.sh"
cd "$(dirname "$0")/../.."
: "${1:?an image, as deploy/image/build.sh printed it}"
# shellcheck source=deploy/image/engine.sh
source deploy/image/engine.sh

if ! command -v trivy >/dev/null; then
  echo "scan.sh: trivy is not installed, so nothing was scanned: see https://trivy.dev" >&2
  exit 1
fi
if ! trivy image --download-db-only --no-progress; then
  echo "scan.sh: the database of vulnerabilities cannot be had, so nothing was scanned" >&2
  exit 1
fi
mkdir -p build/reports
archive=build/scanned.tar
trap 'rm -f "$archive"' EXIT
failed=()
for image in "$@"; do
  name=${image##*/}
  # As a file: trivy then needs no socket of the engine.
  rm -f "$archive"
  "$engine" save --output "$archive" "$image"
  scan=(trivy image --skip-db-update --no-progress --input "$archive")
  "${scan[@]}" --format json --output "build/reports/vulnerabilities-${name%%:*}.json"
  "${scan[@]}" --severity HIGH,CRITICAL --ignore-unfixed --exit-code 1 || failed+=("$image")
done
if [ "${#failed[@]}" -gt 0 ]; then
  echo "scan.sh: ${failed[*]} does not pass, see above; where there is a fix, renew the base image or" \
    "the requirements (make lock)" >&2
  exit 1
fi
