#!/usr/bin/env bash
# Makes the base image for a machine that cannot pull one: Debian 12 with its Python 3.11, from the
# mirror that apt uses here. Does nothing if the engine has the image. Needs debootstrap and root.
#
#   deploy/image/base.sh
#
# The file system is kept for a week in ~/.cache/anirec.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=deploy/image/engine.sh
source deploy/image/engine.sh

base=$(sed -n 's/^ARG BASE=//p' Dockerfile)
"$engine" image inspect "$base" >/dev/null 2>&1 && exit

release=bookworm
archive=${XDG_CACHE_HOME:-$HOME/.cache}/anirec/base-$release.tar
if [ -z "$(find "$archive" -mtime -7 2>/dev/null)" ]; then
  # shellcheck disable=SC2016  # apt fills these in
  mirror=$(apt-get indextargets --format '$(SITE) $(CODENAME)' 'Created-By: Packages' |
    awk -v release=$release '$2 == release { print $1; exit }')
  if [ -z "$mirror" ]; then
    echo "base.sh: apt here knows no mirror of Debian 12 ($release): pull $base instead" >&2
    exit 1
  fi
  mkdir -p "$(dirname "$archive")"
  workplace=$(mktemp -d)
  trap 'rm -rf "$workplace" "$archive.$$"' EXIT
  root=$workplace/root
  debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates \
    "$release" "$root" "$mirror" >&2
  ln -s python3 "$root/usr/bin/python"
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/*
  tar --create --one-file-system --directory "$root" --exclude='./dev/*' --file "$archive.$$" .
  mv "$archive.$$" "$archive"
fi
"$engine" import "$archive" "$base" >&2
