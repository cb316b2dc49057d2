#!/bin/bash
# seed-library.sh URL KEY_FILE FOLDER: gathers pictures and films for three segments, twice, through the API alone. The first time they are downloaded from a provider, the second
# time they are here. FOLDER gets what scripts/stock-demo.py has to offer.
set -euo pipefail
(($# == 3)) || { echo "seed-library.sh URL KEY_FILE FOLDER" >&2; exit 2; }
URL=$1/api/v1
KEY_FILE=$2
FOLDER=$3
# shellcheck source=scripts/seeding.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/seeding.sh"

PLACES=(harbour market lighthouse)
LOOKS=(dawn noon dusk)
COLOURS=(0x224466 0xcc8844 0x441133 0x88bbaa 0xeecc66 0x113322)

seed_offers() {
    local n m id list=()
    for n in "${!PLACES[@]}"; do
        for m in 0 1 2 3 4; do
            id=$((100 * (n + 1) + m))
            picture "stock-$id.jpg" "gradients=s=1800x1200:nb_colors=4:c0=${COLOURS[(n + m) % 6]}:c1=0xffffff:c2=${COLOURS[(n + m + 2) % 6]}:c3=${COLOURS[(m + 4) % 6]}:seed=$id"
            list+=("{\"id\":$id,\"type\":\"photo\",\"file\":\"stock-$id.jpg\",\"width\":1800,\"height\":1200,\"title\":\"${PLACES[n]^} at ${LOOKS[m % 3]}\",\"tags\":[\"${PLACES[n]}\",\"${LOOKS[m % 3]}\"]}")
        done
        id=$((900 + n))
        film "stock-$id.mp4" "gradients=s=640x360:r=25:seed=$id:speed=0.05:c0=${COLOURS[n]}:c1=${COLOURS[n + 3]}"
        list+=("{\"id\":$id,\"type\":\"video\",\"file\":\"stock-$id.mp4\",\"width\":640,\"height\":360,\"seconds\":4,\"title\":\"${PLACES[n]^}\",\"tags\":[\"${PLACES[n]}\"]}")
    done
    (IFS=,; printf '[%s]\n' "${list[*]}") >"$FOLDER/catalogue.json"
}

number() { grep -o "\"$1\":[0-9]*" "$ANSWER" | head -n 1 | cut -d: -f2; }

# gather TITLE: all three segments, and what came of it.
gather() {
    local n status manifest segments=()
    for n in "${!PLACES[@]}"; do segments+=("{\"key\":\"${PLACES[n]}\",\"tags\":[\"${PLACES[n]}\",\"${LOOKS[n]}\"]}"); done
    status=$(ask POST /library/gather -H 'Content-Type: application/json' --data-binary "{\"title\":\"$1\",\"segments\":[$(IFS=,; echo "${segments[*]}")]}")
    expect "$status" 201 202
    manifest=$(id_of_answer)
    while
        status=$(ask GET "/manifests/$manifest/gathering")
        expect "$status" 200
        grep -q '"status":"running"' "$ANSWER"
    do sleep 0.5; done
    echo "  $1: $(number downloaded) downloaded, $(number reused) reused, $(number searches_saved) searches of providers saved; manifest $manifest"
}

first() { gather "The first time"; }
again() { gather "The second time"; }

step "A provider with fifteen pictures and three films." seed_offers
step "Three segments, from wherever there is something." first
step "The same once more." again
echo "GET /library/stats and /library/search?type=image&tags=harbour show what is here now."
