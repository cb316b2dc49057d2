#!/bin/bash
# run-docs.sh FILE.md...: runs the sh blocks of each page, one page in one shell and in the clone, and ends at the first command that
# fails. The pages are written for a running ./dev up.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
for page in "$@"; do
    echo "== $page"
    awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$page" | bash -eu # no pipefail: a reader that has had enough is no fault
done
