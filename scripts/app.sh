# shellcheck shell=bash disable=SC2153
# ./dev up, down, reset, status, logs, psql, seed and operator: the platform for a developer, with its state under .local. Sourced by ./dev.

# Everything that a build depends on, by content: a checkout that only touches times rebuilds nothing.
sources_stamp() {
    (
        cd "$ROOT" || exit
        dotnet --version
        find "$@" Directory.Build.props Directory.Build.targets Directory.Packages.props global.json .editorconfig MediaPlatform.sln -type f -not -path '*/bin/*' -not -path '*/obj/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
    ) | sha256sum | cut -c1-16
}

# Each version of the programs gets a directory of its own, app/<stamp>: what runs is never overwritten. The compiler's
# own files lie apart from the tree's bin and obj as well, so that a build here and one in an editor or ./dev test agree.
build_app() {
    APP=$STATE/app/$(sources_stamp src db)
    if [[ -d $APP ]]; then return; fi
    local project new=$STATE/app/new
    say "Building the API and the worker (first about a minute, later some seconds)."
    rm -rf "$new"
    for project in Api Worker; do
        dotnet publish "$ROOT/src/$project/MediaPlatform.$project.csproj" -c Release -v quiet -nologo -clp:NoSummary -nodeReuse:false \
            --artifacts-path "$STATE/build" -o "$new/${project,,}" </dev/null 9>&- || die "the build failed."
    done
    mv "$new" "$APP"
}

forget_old_apps() {
    local dir
    for dir in "$STATE"/app/*; do
        if [[ $dir != "$APP" ]]; then rm -rf "$dir"; fi
    done
}

# One role that owns one database; not a superuser, as in production. Asked each time, so that a kill in between does no harm.
make_database() {
    pg_sql postgres postgres -XqAt -v ON_ERROR_STOP=1 < <(
        printf "\\set password '%s'\n" "$(secret mediaplatform)" # not as an argument: see start_app
        cat <<'SQL'
select format('create role mediaplatform login password %L', :'password')
where not exists (select from pg_roles where rolname = 'mediaplatform') \gexec
select 'create database mediaplatform owner mediaplatform'
where not exists (select from pg_database where datname = 'mediaplatform') \gexec
SQL
    )
}

# What the API and the worker are told, one NAME=value each.
app_environment() {
    local broker=true
    [[ $(cat "$STATE/broker" 2>/dev/null) == off ]] && broker=false
    printf '%s\n' \
        DOTNET_ENVIRONMENT=Production ASPNETCORE_ENVIRONMENT=Production \
        "Database__ConnectionString=Host=127.0.0.1;Port=$(port_of postgres);Database=mediaplatform;Username=mediaplatform;Password=$(secret mediaplatform)" \
        "Broker__Enabled=$broker" Broker__Host=127.0.0.1 "Broker__Port=$(port_of rabbitmq || echo 5672)" Broker__VirtualHost=/ \
        Broker__Username=mediaplatform "Broker__Password=$(secret rabbitmq)" \
        "Media__ScratchRoot=$STATE/scratch" "Storage__Root=$STATE/media" Storage__SigningKeyId=k1 "Storage__SigningKeys__k1=$(key signing-key)" \
        Sealing__KeyId=k1 "Sealing__Keys__k1=$(key sealing-key)"
    if [[ $(cat "$STATE/s3" 2>/dev/null) == on ]]; then
        printf '%s\n' "S3__Bucket=$S3_BUCKET" "S3__ServiceUrl=http://127.0.0.1:$(port_of s3-proxy)" S3__AccessKey=mediaplatform:s3 "S3__SecretKey=$(secret s3)"
    fi
    if alive stock; then # what ./dev seed library downloads from
        printf '%s\n' Stock__Pexels__Key=demonstration "Stock__Pexels__BaseUrl=http://127.0.0.1:$(port_of stock)" \
            Fetch__Ports__0=80 Fetch__Ports__1=443 "Fetch__Ports__2=$(port_of stock)" Fetch__AllowedNetworks__0=127.0.0.1/32
    fi
}

# Settings that stand before ./dev up, such as Fetch__Ports__0=8090: the programs inherit them.
given_settings() { env | grep -E '^([A-Z][A-Za-z0-9]*__|MEDIA_)[A-Za-z0-9_]+=' | LC_ALL=C sort || true; }

worker_command() {
    local environment
    mapfile -t environment < <(app_environment)
    (cd "$APP/worker" && export "${environment[@]}" && dotnet "$APP/worker/MediaPlatform.Worker.dll" "$@" </dev/null 9>&-)
}

ready() { listens "$1" && curl -fsS -o /dev/null --max-time 5 "http://127.0.0.1:$(port_of "$1")/health/ready"; }

# What a process was started with, programs and settings: when either changes it has to be started again.
wanted() { { echo "$APP"; app_environment; given_settings; } | sha256sum; }

up_to_date() { alive "$1" && [[ $(cat "$STATE/run/$1.started-with" 2>/dev/null) == "$(wanted)" ]]; }

# When one of them is of another version or has other settings, neither goes on.
stop_outdated() {
    local name
    for name in api worker; do
        if alive "$name" && ! up_to_date "$name"; then stop_apps; return; fi
    done
}

# start_app NAME FIRST_PORT ASSEMBLY: does not wait.
start_app() {
    local name=$1 environment port
    if alive "$name"; then say "The $name is already running."; return; fi
    port=$(choose_port "$name" "$2")
    mapfile -t environment < <(app_environment)
    # Settings are exported, not given to env: an argument list is readable by every user of the machine.
    # The directory is its own, because ASP.NET reads its settings file and serves its content from there.
    (export "${environment[@]}" "ASPNETCORE_URLS=http://127.0.0.1:$port" &&
        launch "$name" env -C "$APP/$name" dotnet "$APP/$name/$3")
    wanted >"$STATE/run/$name.started-with"
}

# Between the choice of a port and its use another program may have taken it: then once more, with another port.
await_app() {
    local name=$1 trouble
    if trouble=$(await "$name" 60 ready "$name" 2>&1); then return; fi
    if ! alive "$name" && port_taken "$(port_of "$name")"; then
        start_app "$@"
        await "$name" 60 ready "$name" && return
    else
        warn "$trouble"
    fi
    die "the $name did not start."
}

cmd_up() {
    local broker=on s3=off needs=(curl postgres ffmpeg libvips exiftool heic avif) broker_job='' new_key=false
    while (($#)); do
        case $1 in
        --no-broker) broker=off ;;
        --s3) s3=on ;;
        *) die "up takes no argument but --no-broker and --s3." ;;
        esac
        shift
    done
    if [[ $broker == on ]]; then needs+=(rabbitmq); fi
    claim_state
    need "${needs[@]}"
    if [[ $s3 == on ]]; then need_s3; fi
    lock_state
    use_home "$STATE"
    make_data
    mkdir -p "$STATE"/{media,scratch}
    chmod 700 "$STATE"/{media,scratch}
    echo $broker >"$STATE/broker"
    echo $s3 >"$STATE/s3"

    # The broker is the slowest to start: the rest goes on beside it.
    if [[ $broker == on ]]; then
        prepare_rabbitmq
        start_rabbitmq &
        broker_job=$!
        trap wait EXIT # when something else fails, it does not go on behind the prompt
    fi
    start_postgres -c max_connections=300
    if [[ $s3 == on ]]; then
        prepare_s3
        start_s3 keep
    fi
    build_app
    make_database
    stop_outdated # the schema changes under nobody
    if ! alive worker || ! alive api; then
        say "Migrating the database."
        worker_command migrate || die "the migration failed."
    fi
    if [[ $s3 == on ]]; then worker_command prepare-storage || die "the bucket could not be made."; fi
    [[ -s $STATE/api-key ]] || new_key=true
    worker_command local-key --file "$STATE/api-key" || die "the local API key could not be made."
    if [[ -n $broker_job ]]; then wait "$broker_job" || die "RabbitMQ did not start (./dev up --no-broker works without it)."; fi

    start_app api 8080 MediaPlatform.Api.dll
    start_app worker '' MediaPlatform.Worker.dll
    await_app api 8080 MediaPlatform.Api.dll
    await_app worker '' MediaPlatform.Worker.dll
    if [[ $broker == off ]]; then stop_rabbitmq; fi
    if [[ $s3 == off ]]; then stop_s3; fi
    forget_old_apps
    greet $new_key
}

greet() {
    local url key="\$(cat .local/api-key)"
    url=http://127.0.0.1:$(port_of api)
    cat <<TEXT

MediaPlatform is ready.
  Swagger UI   $url/swagger
  API key      .local/api-key (send it as X-Api-Key)
TEXT
    if $1; then say "               X-Api-Key: $(cat "$STATE/api-key")"; fi
    cat <<TEXT

Upload a picture (the answer has its variants), and fetch one of them into .local/thumb.jpg:
  ID=\$(curl -s -H "X-Api-Key: $key" -H "Prefer: wait=10" -F file=@docs/samples/photo.jpg -F title="Seahorse valley" -F tags=blue,fractal $url/api/v1/media/upload | tee -a /dev/stderr | grep -o '"id":"[^"]*"' | head -1 | cut -d'"' -f4)
  curl -sL -H "X-Api-Key: $key" -o .local/thumb.jpg $url/api/v1/media/\$ID/variants/thumb
A video:
  curl -s -H "X-Api-Key: $key" -H "Prefer: wait=10" -F file=@docs/samples/video.mp4 $url/api/v1/media/upload

./dev status, logs, psql, down; ./dev help for all.
TEXT
}

# Both at once, since each may take its 20 s to finish what it holds.
stop_apps() {
    local name jobs=()
    for name in worker api; do
        stop "$name" TERM 25 &
        jobs+=($!)
    done
    wait "${jobs[@]}"
}

cmd_down() {
    if [[ ! -d $STATE/run ]]; then say "Nothing to stop."; return; fi
    claim_state
    lock_state
    stop_all
    say "Stopped. The data stays in .local; ./dev up goes on with it."
}

stop_all() {
    stop_apps
    stop stock TERM 5
    stop_s3
    stop_rabbitmq
    stop_postgres
}

cmd_reset() {
    if [[ ${1:-} != --yes ]]; then
        local answer
        [[ -t 0 ]] || die "reset deletes the database, the media and the keys under .local; say --yes."
        read -rp "Delete the database, the media and the keys under .local? [y/N] " answer
        [[ $answer == [yY]* ]] || die "nothing was deleted."
    fi
    [[ -d $STATE ]] || return 0
    claim_state
    lock_state
    stop_all
    drop_data
    # A test run has its own state below test/ and may be at work.
    find "$STATE" -mindepth 1 -maxdepth 1 ! -name test ! -name lock -exec rm -rf {} +
    say "Stopped and deleted."
}

cmd_status() {
    local name pid port state
    for name in api worker postgres rabbitmq; do
        port=$(port_of "$name" || true)
        if ! pid=$(pid_of "$name"); then
            state=stopped pid=-
            if [[ $name == rabbitmq && $(cat "$STATE/broker" 2>/dev/null) == off ]]; then state="off (--no-broker)"; fi
        elif case $name in postgres) postgres_answers ;; rabbitmq) rabbitmq_answers ;; *) ready "$name" 2>/dev/null ;; esac; then
            state=ready
        else
            state="running, not ready"
        fi
        printf '%-9s %-18s pid %-8s 127.0.0.1:%s\n' "$name" "$state" "$pid" "${port:--}"
    done
}

cmd_logs() {
    local files=() follow=() readable=(perl "$ROOT/scripts/readable-logs.pl")
    while (($#)); do
        case $1 in
        -f) follow=(-F) ;;
        --json) readable=(cat) ;;
        api | worker | postgres | rabbitmq) files+=("$STATE/logs/$1.log") ;;
        *) die "logs takes api, worker, postgres, rabbitmq, -f and --json." ;;
        esac
        shift
    done
    if ((${#files[@]} == 0)); then
        local file
        for file in "$STATE"/logs/{api,worker,postgres,rabbitmq}.log; do
            if [[ -f $file ]]; then files+=("$file"); fi
        done
    fi
    ((${#files[@]})) || die "there are no logs yet; ./dev up makes them."
    perl -MJSON::PP -e 1 2>/dev/null || readable=(cat) # came with exiftool, but nothing here depends on it
    tail -n 100 "${follow[@]}" "${files[@]}" | "${readable[@]}"
}

cmd_psql() {
    alive postgres || die "PostgreSQL is not running; ./dev up starts it."
    pg_sql mediaplatform mediaplatform "$@"
}

cmd_seed() {
    [[ ${1:-} =~ ^(episodes|production|library)$ && $# -eq 1 ]] || die "seed takes what to make: episodes, production or library."
    ready api || die "the API is not running; ./dev up starts it."
    need curl ffmpeg
    if [[ $1 == library ]]; then start_stock; fi
    "$ROOT/scripts/seed-$1.sh" "http://127.0.0.1:$(port_of api)" "$STATE/api-key" "$STATE/seed"
}

# A provider of stock media, with which the API and the worker start anew: unless they have a key of a real one.
start_stock() {
    if given_settings | grep -qE '^Stock__[A-Za-z]+__Key=.'; then return; fi
    APP=$(ls -dt "$STATE"/app/*/ | head -n 1)
    APP=${APP%/}
    alive stock && up_to_date api && return
    need python
    lock_state
    use_home "$STATE"
    mkdir -p "$STATE/seed"
    echo '[]' >"$STATE/seed/catalogue.json"
    if ! alive stock; then
        choose_port stock 8090 >/dev/null
        launch stock python3 "$ROOT/scripts/stock-demo.py" "$(port_of stock)" "$STATE/seed"
        await stock 20 listens stock
    fi
    say "A provider of stock media is at 127.0.0.1:$(port_of stock), until ./dev down; the API and the worker start anew to ask it."
    stop_apps
    start_app api 8080 MediaPlatform.Api.dll
    start_app worker '' MediaPlatform.Worker.dll
    await_app api 8080 MediaPlatform.Api.dll
    await_app worker '' MediaPlatform.Worker.dll
}

cmd_operator() {
    APP=$(ls -dt "$STATE"/app/*/ 2>/dev/null | head -n 1)
    [[ -n $APP ]] || die "nothing is built yet; ./dev up does so."
    APP=${APP%/}
    worker_command "$@"
}
