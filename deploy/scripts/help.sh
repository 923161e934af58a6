# Sourced by the scripts beside it: --help prints the comment at the head of the script.
# shellcheck shell=bash
case ${1-} in
  -h | --help)
    sed --quiet '2,/^[^#]/ { s/^# \{0,1\}//p }' "$0"
    exit
    ;;
esac
