#!/bin/bash
# seed-episodes.sh URL KEY_FILE FOLDER [EPISODES]: a show of thirty episodes, or fewer, with all that belongs to them, through the API alone, as any client.
set -euo pipefail
(($# == 3 || $# == 4)) || { echo "seed-episodes.sh URL KEY_FILE FOLDER [EPISODES]" >&2; exit 2; }
URL=$1/api/v1
KEY_FILE=$2
FOLDER=$3
COUNT=${4:-30}
ITEM_COUNT=24 OUTFIT_COUNT=12 FILM_COUNT=6
if ((COUNT < 10)); then ITEM_COUNT=12 OUTFIT_COUNT=6 FILM_COUNT=2; fi
# shellcheck source=scripts/seeding.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/seeding.sh"

# day N: of the week that is N weeks from this one.
day() { date -u -d "$(date -u +%F) $(($1 * 7 + ${2:-0})) days" +%F; }

COLORS=(nude champagne black navy ivory burgundy gold cognac)
CODES=(e3bc9a f7e7ce 202124 1f2a44 f5f1e6 6d1f2f c9a227 9a4e1c)
BRANDS=(Equipment Theory "Christian Louboutin" "Saint Laurent" Vince Reformation)
TITLES=("New Year Style Reset" "The Capsule Closet" "One Dress, Five Evenings" "Shoes First" "Packing for Lisbon" "The Quiet Colours" "Denim, Again" "A Rooftop Dinner" "What the Light Does" "Mended, Not New")
PLACES=("Main closet, New York" "Studio B" "Rooftop, Brooklyn" "Photo studio, SoHo" "Lisbon, Alfama")
SOURCES=(Lala JustAWomanInHerPrime "Guest - Sarah Johnson")
RATINGS=(hero good maybe reject good)
SHOTS=("enters and turns to the mirror" "shows the seam in a close-up" "laughs, and starts over" "walks towards the window" "explains why the shoes come first")
CLIP_STATUSES=(pending_review approved approved rejected approved)
SLOTS=(top bottom shoes purse earrings outerwear)
KINDS=("silk blouse" "wide-leg trousers" "pointed toe pumps" "structured tote" "medium hoops" "belted trench")
WEARERS=(Lala JustAWomanInHerPrime)
BACKGROUND_NAMES=("Main closet" "White seamless" "Rooftop at sunset" "Marble hall" "Night market" "Garden gate")
ELEMENT_NAMES=("Golden mouse" "Skyline login" "Champagne exit" "Marble icon holder")
CAMERAS=("Two Sony FX6, 35 and 85 mm" "One Canon C70 on a slider" "Three iPhones")
MOVING=(
    testsrc2=s=320x180:r=25
    mandelbrot=s=320x180:r=25
    life=s=320x180:r=25:ratio=0.2:seed=7:mold=10:life_color=0xf7e7ce:death_color=0x6d1f2f
    gradients=s=320x180:r=25:seed=9:speed=0.05
    rgbtestsrc=s=320x180:r=25
    cellauto=s=320x180:r=25:seed=3:rule=110
)

seed_wardrobe() {
    local n slot color name count=${#SLOTS[@]} pieces
    learn wardrobe-items
    ITEMS=()
    for ((n = 0; n < ITEM_COUNT; n++)); do
        color=$((n * 5 % 8))
        name="${COLORS[color]^} $(pick "$n" "${KINDS[@]}")"
        if ! known "seed-item-$n"; then
            slot=$(pick "$n" "${SLOTS[@]}")
            picture "item-$n.jpg" "gradients=s=600x800:nb_colors=3:c0=0x${CODES[color]}:c1=0xffffff:c2=0x${CODES[(color + 3) % 8]}:seed=$n:x0=0:y0=0:x1=600:y1=800"
            media "item-$n.jpg" "$name" "wardrobe,$slot"
            create wardrobe-items "seed-item-$n" "\"slot\":\"$slot\",\"name\":\"$name\",\"style\":\"$(pick "$n" "${KINDS[@]}")\",\"color\":\"${COLORS[color]}\",
                \"brand\":\"$(pick "$n" "${BRANDS[@]}")\",\"size\":\"$((34 + n % 8))\",\"asset_id\":\"$ID\",\"tags\":[\"$slot\",\"${COLORS[color]}\"],\"attributes\":{\"care\":\"dry clean\"}"
        fi
        ITEMS+=("$ID")
    done

    learn outfits
    OUTFITS=()
    for ((n = 0; n < OUTFIT_COUNT; n++)); do
        if ! known "seed-outfit-$n"; then
            pieces='' # one of each slot: item i is of slot i % count
            for ((slot = 0; slot < count; slot++)); do pieces+=",{\"item_id\":\"${ITEMS[slot + count * ((n + slot) % (ITEM_COUNT / count))]}\"}"; done
            picture "outfit-$n.jpg" "gradients=s=900x1200:nb_colors=4:c0=0x${CODES[n % 8]}:c1=0xffffff:c2=0x${CODES[(n + 5) % 8]}:c3=0x${CODES[(n + 2) % 8]}:seed=$((100 + n))"
            media "outfit-$n.jpg" "Outfit $((n + 1))" wardrobe,outfit
            create outfits "seed-outfit-$n" "\"name\":\"${COLORS[n % 8]^} No. $((n + 1))\",\"outfit_type\":\"separates\",\"worn_by\":\"$(pick "$n" "${WEARERS[@]}")\",
                \"asset_id\":\"$ID\",\"tags\":[\"${COLORS[n % 8]}\"],\"items\":[${pieces#,}]"
        fi
        OUTFITS+=("$ID")
    done
}

seed_shared_assets() {
    local n name
    learn backgrounds
    BACKGROUNDS=()
    for n in {0..5}; do
        if ! known "seed-background-$n"; then
            name=$(pick "$n" "${BACKGROUND_NAMES[@]}")
            picture "background-$n.jpg" "mandelbrot=s=1280x720:start_x=-0.7$((n * 3))6:start_y=0.1$n:start_scale=0.$((n + 1))"
            media "background-$n.jpg" "$name" background
            create backgrounds "seed-background-$n" "\"name\":\"$name\",\"asset_id\":\"$ID\",\"tags\":[\"set\"]"
        fi
        BACKGROUNDS+=("$ID")
    done

    learn ui-elements
    ELEMENTS=()
    for n in {0..3}; do
        if ! known "seed-element-$n"; then
            name=$(pick "$n" "${ELEMENT_NAMES[@]}")
            picture "element-$n.png" "gradients=s=256x256:nb_colors=2:c0=0x${CODES[n + 1]}:c1=0x${CODES[n + 4]}:seed=$((200 + n)):type=radial"
            media "element-$n.png" "$name" ui
            create ui-elements "seed-element-$n" "\"name\":\"$name\",\"asset_id\":\"$ID\""
        fi
        ELEMENTS+=("$ID")
    done
}

seed_episodes() {
    local n season week status outfit
    learn shows
    known seed-show || create shows seed-show '"title":"In Her Prime","description":"A wardrobe a week.","tags":["fashion"]'
    SHOW=$ID

    learn episodes
    EPISODES=()
    for ((n = 0; n < COUNT; n++)); do
        if ! known "seed-episode-$n"; then
            season=$((n / 10 + 1)) week=$((n - 20))
            outfit=$((n % 5 == 4 ? (n - 2) % OUTFIT_COUNT : n % OUTFIT_COUNT)) # every fifth wears what was worn two weeks before, which is within the cool-down
            status=published
            ((n < 20)) || status=ready_for_publish
            ((n < 22)) || status=ready_for_edit
            ((n < 24)) || status=in_production
            ((n < 26)) || status=draft
            create episodes "seed-episode-$n" "\"show_id\":\"$SHOW\",\"title\":\"$(pick "$n" "${TITLES[@]}")$( ((n < 10)) || echo ", part $season")\",\"season\":$season,\"episode_number\":$((n % 10 + 1)),
                \"status\":\"$status\",\"filming_date\":\"$(day "$week" -28)\",\"edit_deadline\":\"$(day "$week" -10)\",\"publish_date\":\"$(day "$week")\",\"duration_seconds\":$((1200 + n * 13)),
                \"language\":\"en-US\",\"location\":\"$(pick "$n" "${PLACES[@]}")\",\"geographic_availability\":[\"us\",\"eu\"],\"tags\":[\"fashion\",\"season $season\",\"$(pick "$n" "${COLORS[@]}")\"],
                \"description\":\"Episode $((n % 10 + 1)) of season $season: what to wear, what to leave, and why.\",
                \"production_notes\":{\"camera_setup\":\"$(pick "$n" "${CAMERAS[@]}")\",\"lighting_setup\":\"Soft key, low fill\",\"color_palette\":\"$(pick "$n" "${COLORS[@]}")\"},
                \"content\":{\"trailer\":\"s3://bucket/trailers/episode-$n.mp4\"},\"wardrobe\":{\"outfit_id\":\"${OUTFITS[outfit]}\"},
                \"backgrounds\":{\"main_closet\":{\"background_id\":\"${BACKGROUNDS[0]}\"},\"event\":{\"background_id\":\"${BACKGROUNDS[n % 5 + 1]}\"}},
                \"ui_elements\":{\"login_screen\":{\"ui_element_id\":\"${ELEMENTS[1]}\"},\"computer_mouse\":{\"ui_element_id\":\"${ELEMENTS[n % 2 * 2]}\"}}"
        fi
        EPISODES+=("$ID")
    done
}

# Two of an episode, parts of a few films; every tenth waits in the library.
seed_clips() {
    local n source film films=() in
    learn clips
    for ((n = 0; n < 2 * COUNT; n++)); do
        if known "seed-clip-$n"; then continue; fi
        film=$((n % FILM_COUNT))
        if [[ -z ${films[film]:-} ]]; then
            film "film-$film.mp4" "${MOVING[film]}"
            media "film-$film.mp4" "Reel $((film + 1))" footage,reel
            films[film]=$ID
        fi
        source=$(pick "$n" "${SOURCES[@]}")
        in=$((n / FILM_COUNT % 3))
        create clips "seed-clip-$n" "$( ((n % 10 == 9)) || printf '"episode_id":"%s",' "${EPISODES[n / 2]}")\"talent_source\":\"$source\",\"asset_id\":\"${films[film]}\",
            \"clip_type\":\"$(pick "$n" b_roll raw raw raw)\",\"timecode_in\":\"01:00:0$in:00\",\"timecode_out\":\"01:00:0$((in + 1)):12\",\"frame_rate\":25,\"duration_seconds\":1.48,
            \"scene_description\":\"${source#Guest - } $(pick "$n" "${SHOTS[@]}")\",\"take_number\":$((n % 4 + 1)),\"quality_rating\":\"$(pick "$n" "${RATINGS[@]}")\",
            \"status\":\"$(pick "$n" "${CLIP_STATUSES[@]}")\",\"tags\":[\"reel $((film + 1))\"]"
    done
}

# scripts EPISODE_NUMBER PATH VERSIONS: adds those that are missing.
script_versions() {
    local there status number text path=/episodes/${EPISODES[$1]}/$2
    status=$(ask GET "$path/versions")
    expect "$status" 200 404
    there=0
    if [[ $status == 200 ]]; then there=$(grep -o '"number":' "$ANSWER" | wc -l); fi
    for ((number = there + 1; number <= $3; number++)); do
        text="INT. ${PLACES[$1 % 5]^^} – DAY\\n\\nLALA\\nThis is $(pick "$1" "${TITLES[@]}"), take $number.\\n\\n<She holds the $(pick "$1" "${COLORS[@]}") $(pick $(($1 + number)) "${KINDS[@]}") against the light.>\\n"
        ((number < 2)) || text+="\\nJUSTAWOMAN\\nKeep it. And wear it on Tuesday.\\n"
        ((number < 3)) || text+="\\nLALA\\nOn Tuesday, then.\\n"
        status=$(ask POST "$path/versions" -H 'Content-Type: application/json' --data-binary "{\"text\":\"$text\",\"author\":\"Ann Lee\",\"change_notes\":\"Draft $number\",\"activate\":true}")
        expect "$status" 201
        MADE=$((MADE + 1))
    done
}

seed_scripts() {
    local n
    for ((n = 0; n < COUNT; n++)); do
        script_versions "$n" script $((n % 3 + 1))
        if ((n % 5 == 0)); then script_versions "$n" trailer/script 1; fi
    done
}

step "Wardrobe: $ITEM_COUNT items and $OUTFIT_COUNT outfits, with their pictures." seed_wardrobe
step "Six backgrounds and four UI elements." seed_shared_assets
step "$COUNT episodes." seed_episodes
step "$((2 * COUNT)) clips of $FILM_COUNT films." seed_clips
step "Their scripts." seed_scripts
echo "In Her Prime ($SHOW): $COUNT episodes in three seasons, with wardrobe, clips, scripts and what they share; $MADE records are new."
