#!/bin/bash
# What befalls the broker of a running ./dev bench, whose home is MEDIAPLATFORM_BENCH_HOME: bench-broker.sh kill|start
# Started again, it is the home's broker as before, so that ./dev bench stops it in the end.
set -euo pipefail
ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
for part in common install servers; do
    # shellcheck source=/dev/null
    source "$ROOT/scripts/$part.sh"
done
HOME_DIR=${MEDIAPLATFORM_BENCH_HOME:?"./dev bench sets it"}
pid_of owner >/dev/null || die "no ./dev bench runs in $HOME_DIR."

case ${1:-} in
kill) stop rabbitmq KILL 5 ;;
start) start_rabbitmq ;;
*) die "kill or start?" ;;
esac
