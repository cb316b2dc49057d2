#!/bin/bash
# seed-production.sh URL KEY_FILE FOLDER [SESSIONS]: labels, people and eight sessions, or fewer, with their pictures, and sets that were published of them with what they credit, through the API alone, as any client.
set -euo pipefail
(($# == 3 || $# == 4)) || { echo "seed-production.sh URL KEY_FILE FOLDER [SESSIONS]" >&2; exit 2; }
URL=$1/api/v1
KEY_FILE=$2
FOLDER=$3
# shellcheck source=scripts/seeding.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/seeding.sh"

SESSION_COUNT=${4:-8}
PICTURES=$((SESSION_COUNT < 8 ? 2 : 4)) SET_COUNT=$((SESSION_COUNT * 3))
LABEL_NAMES=("Atelier Nine" "Harbour Light" "Studio Mirabel")
CHANNEL_NAMES=("Daylight Weekly" "The Ninth Hour" "Nachtausgabe, wöchentlich")
PEOPLE=("Zoë Lindqvist" "Mara Ito" "Inès Kerr" "Ana Sol" "Екатерина Жуковская" "佐藤美咲" "Kofi Oduya" "Petra van der Zijl")
TYPES=(model model model model model model photographer both)
ALIASES=("Zoe L." "MARA" "Ines K." "Ana S." "Katya Zh." "Misaki Sato" "K. Oduya" "P. vd Zijl")
PLACES=("Studio B, Lisbon" "Rooftop, Porto" "Harbour shed 4" "Garden, Sintra")
TITLES=("Winter light" "Harbour, early" "The white room" "Paper moon" "Glasshouse" "Low tide")

# put PATH BODY: what is said of two records, once more or for the first time; post PATH BODY STATUS...
put() { local status; status=$(ask PUT "$1" -H 'Content-Type: application/json' --data-binary "$2"); expect "$status" 200 201; }
post() { local path=$1 body=$2 status; shift 2; status=$(ask POST "$path" -H 'Content-Type: application/json' --data-binary "$body"); expect "$status" "$@"; }

# record LIST EXTERNAL_ID FIELDS: in $ID, the record of that name, made where it is not there.
record() { known "$2" || create "$@"; }

seed_labels() {
    local n
    for n in networks labels channels people sessions; do learn "$n"; done
    record networks seed-network '"name":"Northlight"'
    NETWORK=$ID
    LABELS=() CHANNELS=()
    for n in "${!LABEL_NAMES[@]}"; do
        record labels "seed-label-$n" "\"name\":\"${LABEL_NAMES[n]}\""
        LABELS[n]=$ID
        put "/labels/$ID/networks/$NETWORK" '{"notes":"Since 2019"}'
        record channels "seed-channel-$n" "\"name\":\"${CHANNEL_NAMES[n]}\""
        CHANNELS[n]=$ID
        put "/channels/$ID/labels/${LABELS[n]}" "{\"confidence\":0.$((8 - n)),\"notes\":\"By its imprint\"}"
    done
}

seed_people() {
    local n
    PERSONS=()
    for n in "${!PEOPLE[@]}"; do
        if ! known "seed-person-$n"; then
            create people "seed-person-$n" "\"display_name\":\"${PEOPLE[n]}\",\"type\":\"${TYPES[n]}\""
            post "/people/$ID/aliases" "{\"alias\":\"${ALIASES[n]}\"}" 201
        fi
        PERSONS[n]=$ID
    done
}

seed_sessions() {
    local n p status
    SESSIONS=()
    for ((n = 0; n < SESSION_COUNT; n++)); do
        record sessions "seed-session-$n" "\"label_id\":\"${LABELS[n % 3]}\",\"produced_start_at\":\"2026-0$((n + 1))-1${n}T09:00:00Z\",\"produced_end_at\":\"2026-0$((n + 1))-1${n}T17:30:00Z\",\"location\":\"$(pick "$n" "${PLACES[@]}")\""
        SESSIONS[n]=$ID
        put "/sessions/$ID/participants/${PERSONS[n % 6]}/model" '{}'
        put "/sessions/$ID/participants/${PERSONS[(n + 1) % 6]}/model" '{}'
        put "/sessions/$ID/participants/${PERSONS[6 + n % 2]}/photographer" '{}'
        status=$(ask POST "/sessions/$ID/confirm")
        expect "$status" 200 423
        for ((p = 0; p < PICTURES; p++)); do
            picture "session-$n-$p.jpg" "gradients=s=640x800:nb_colors=4:seed=$((100 + n * 10 + p)):x0=0:y0=0:x1=640:y1=800"
            status=$(ask POST /media/upload -F "file=@$FOLDER/session-$n-$p.jpg" -F "title=$(pick "$n" "${PLACES[@]}"), $p" -F tags=production -F on_trashed=restore -F "session_id=${SESSIONS[n]}")
            expect "$status" 200 201 202
        done
    done
}

# Names as they are published: right, in capitals, with a letter wrong, with somebody else in them.
seed_sets() {
    local n name sets=''
    for ((n = 0; n < SET_COUNT; n++)); do
        name=${PEOPLE[n % 6]}
        case $((n % 4)) in
        1) name=${ALIASES[n % 6]^^} ;;
        2) name="$name (feat. ${ALIASES[(n + 1) % 6]})" ;;
        3) name="${name:0:3}${name:4} " ;;
        esac
        sets+="${sets:+,}{\"title\":\"$(pick "$n" "${TITLES[@]}") $((n / 6 + 1))\",\"channel\":\"${CHANNEL_NAMES[n % 3]}\",\"published_at\":\"2026-$(printf '%02d' $((n % 8 + 2)))-$(printf '%02d' $((n + 1)))\",\"models\":[\"$name\",\"${PEOPLE[(n + 1) % 6]}\"],\"photographer\":\"${ALIASES[6 + n % 2]}\",\"external_id\":\"seed-set-$n\"}"
    done
    post /imports/sets "{\"sets\":[$sets]}" 201
    learn sets
}

seed_resolutions() {
    local n status
    for n in 0 1 4; do
        status=$(ask POST /credits/resolve-matching -H 'Content-Type: application/json' --data-binary "{\"name\":\"${PEOPLE[n]}\",\"person_id\":\"${PERSONS[n]}\",\"preview\":false}")
        expect "$status" 200 422 # none is left
    done
}

# The first sets show a session each; every third shows two, and is a compilation.
seed_shown() {
    local n status session items
    for ((n = 0; n < SESSION_COUNT; n++)); do
        known "seed-set-$n" || continue
        for session in "$n" $((n % 3 == 2 ? (n + 1) % SESSION_COUNT : n)); do
            status=$(ask GET "/sessions/${SESSIONS[session]}/media")
            expect "$status" 200
            items=$(grep -o '"id":"[^"]*"' "$ANSWER" | cut -d: -f2 | paste -sd,)
            post "/sets/$ID/media" "{\"media_item_ids\":[$items]}" 200
        done
        post "/sets/$ID/cover" "{\"media_item_id\":${items%%,*}}" 200
        put "/sets/$ID/evidence/${LABELS[n % 3]}" '{"confidence":0.9,"notes":"Seen on the cover"}'
    done
}

step "A network, three labels, three channels." seed_labels
step "${#PEOPLE[@]} people." seed_people
step "$SESSION_COUNT sessions with $PICTURES pictures each." seed_sessions
step "$SET_COUNT sets, imported." seed_sets
step "Some of their credits, resolved; the others wait in /credits?resolution_status=unresolved." seed_resolutions
step "What they show." seed_shown
echo "Northlight: $SESSION_COUNT sessions and $SET_COUNT sets; $MADE records are new."
