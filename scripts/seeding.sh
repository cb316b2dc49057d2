#!/bin/bash
# What the seeds share: records made through the API alone, as any client does. Sourced by them; URL, FOLDER and KEY_FILE are set before.
# What is there already, known by its external_id, is left as it is, so that a seed may run again, also where it broke off.
# Pictures and films are made by ffmpeg, in FOLDER.
CONFIG=$(mktemp) # the key stands in no argument list
ANSWER=$(mktemp)
trap 'rm -f "$CONFIG" "$ANSWER"' EXIT
printf 'header = "X-Api-Key: %s"\n' "$(<"$KEY_FILE")" >"$CONFIG"
mkdir -p "$FOLDER"
MADE=0

# ask METHOD PATH [ARGUMENT of curl]...: the answer lies in $ANSWER, its status is printed. A request that is sent again is answered once.
ask() {
    local method=$1 path=$2
    shift 2
    curl -sS --retry 5 --retry-connrefused --max-time 120 -K "$CONFIG" -X "$method" -H "Idempotency-Key: $(</proc/sys/kernel/random/uuid)" -o "$ANSWER" -w '%{http_code}' "$@" "$URL$path"
}

# expect STATUS...: what the last one has to be.
expect() {
    local status=$1
    shift
    [[ " $* " == *" $status "* ]] && return
    echo "seed: HTTP $status instead of $*:" >&2
    cat "$ANSWER" >&2
    exit 1
}

id_of_answer() { grep -o '"id":"[^"]*"' "$ANSWER" | head -n 1 | cut -d'"' -f4 || true; } # nothing where there is none

# learn LIST: which records of an earlier run it has.
declare -A KNOWN=()
learn() {
    local status id name
    status=$(ask GET "/$1?external_id%5Bstarts_with%5D=seed-&count=none&limit=200&_fields=id,external_id")
    expect "$status" 200
    while IFS=$'\t' read -r id name; do KNOWN[$name]=$id; done < <(
        grep -o '{[^{}]*"external_id":"seed-[^{}]*}' "$ANSWER" | sed -E 's/.*"id":"([^"]*)".*"external_id":"([^"]*)".*/\1\t\2/'
    )
}

# known EXTERNAL_ID: in $ID, the record of that name, if it is there.
known() {
    ID=${KNOWN[$1]:-}
    [[ -n $ID ]]
}

# create LIST EXTERNAL_ID FIELDS: in $ID, a record made of the fields, members of JSON.
create() {
    local status
    status=$(ask POST "/$1" -H 'Content-Type: application/json' --data-binary "{\"external_id\":\"$2\",$3}")
    expect "$status" 201
    ID=$(id_of_answer)
    MADE=$((MADE + 1))
}

# media FILE TITLE TAGS: in $ID, the asset of these bytes.
media() {
    local status
    status=$(ask POST /media/upload -F "file=@$FOLDER/$1" -F "title=$2" -F "tags=$3" -F on_trashed=restore)
    expect "$status" 200 201 202
    ID=$(id_of_answer)
}

ffmpeg_makes() {
    local file=$1
    shift
    if [[ -s $FOLDER/$file ]]; then return; fi
    ffmpeg -nostdin -v error -y "$@" -bitexact "$FOLDER/new.${file##*.}"
    mv "$FOLDER/new.${file##*.}" "$FOLDER/$file"
}

# picture FILE FILTER, film FILE FILTER
picture() { ffmpeg_makes "$1" -f lavfi -i "$2" -frames:v 1 -q:v 4; }
film() {
    ffmpeg_makes "$1" -f lavfi -i "$2" -f lavfi -i "sine=frequency=220:sample_rate=48000" -t 4 -c:v libx264 -preset veryfast -crf 32 -pix_fmt yuv420p -c:a aac -b:a 64k \
        -timecode 01:00:00:00 -shortest
}

# pick N WORD...: the n-th, and after the last the first again.
pick() { local n=$1; shift; n=$((n % $# + 1)); printf '%s' "${!n}"; }

# step WHAT DO: says what takes its time.
step() { echo "$1"; "$2"; }
