#!/bin/sh
# Run words of the Makefile one after the other; at the end, or at the first that fails, print how
# long each took.
#
#   sh scripts/stages.sh lint unit attacks

set -u

failed=
times=
began=$(date +%s)
for stage; do
    start=$(date +%s)
    "${MAKE:-make}" --no-print-directory "$stage" || failed=$stage
    times="$times$(printf '%-16s%5d s' "$stage" $(($(date +%s) - start)))
"
    [ -z "$failed" ] || break
done

printf '\n%s%-16s%5d s\n' "$times" 'together' $(($(date +%s) - began))
[ -z "$failed" ] || {
    printf 'stages: %s failed; what came after it was not run\n' "$failed" >&2
    exit 1
}
