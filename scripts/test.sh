# shellcheck shell=bash
# ./dev test and ./dev bench: programs built in the tree, run against throw-away servers. Sourced by ./dev.

TESTS=$STATE/test
CHILD=''   # the running dotnet, in a process group of its own
STARTER='' # the background job that starts the servers
KEPT=false # whether the current servers stay
HUGE_PAGES=/proc/sys/vm/nr_hugepages
HUGE_PAGES_BEFORE='' # of the kernel, while a bench has others
COMPILER=mediaplatform-$$ # the name of the compiler of this run

# ---- Throw-away servers

# new_home KIND: a home that knows whose it is, so that what a killed run left behind is found and cleared by the next.
new_home() {
    use_home "$(mktemp -d "$TESTS/$1-XXXXXX")"
    write_pid_file owner $$
}

clear_remains_of_killed_runs() {
    local dir
    for dir in "$TESTS"/run-* "$TESTS"/bench-*; do
        [[ -d $dir ]] || continue
        HOME_DIR=$dir
        if ! alive owner; then drop_home; fi
    done
}

drop_home() {
    stop_servers
    drop_data
    rm -rf "$HOME_DIR"
}

stop_servers() {
    # Nothing here is worth an orderly goodbye: the data goes as well.
    stop_s3
    stop rabbitmq KILL 5
    stop epmd TERM 5
    stop postgres QUIT 5
}

# Memory makes a database from a template several times faster than a disk; a small /dev/shm would only run full.
fast_place() {
    local free
    free=$(df --output=avail -B1 /dev/shm 2>/dev/null | tail -n 1 || echo 0)
    if ((free >= 2 * 1024 * 1024 * 1024)) && [[ -w /dev/shm ]]; then echo /dev/shm; else echo /tmp; fi
}

start_test_servers() {
    start_s3 &
    local s3=$!
    start_both 'raft.wal_max_size_bytes = 32000000' -- \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=256MB
    wait "$s3"
}

# A quarter of the memory for PostgreSQL, as its manual has it for a server of its own: what is measured is in memory, and not what the kernel still has of a file.
start_bench_servers() {
    start_both -- -c max_connections=400 -c shared_buffers="$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB$/\1/p' /proc/meminfo) / 4096))MB" -c max_wal_size=4GB
}

# As PostgreSQL's manual has it for that much: without, each of its processes pays for each page that it reads for the first time.
reserve_huge_pages() {
    local wanted=$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB$/\1/p' /proc/meminfo) / 4 / 2048 + 300)) # with what PostgreSQL has beside its buffers
    HUGE_PAGES_BEFORE=$(cat "$HUGE_PAGES" 2>/dev/null || true)
    { echo "$wanted" >"$HUGE_PAGES"; } 2>/dev/null || true
    (($(cat "$HUGE_PAGES" 2>/dev/null || echo 0) >= wanted)) ||
        warn "The kernel gives no huge pages ($HUGE_PAGES); latencies are those of a server without."
}

# start_both [LINE of rabbitmq.conf]... -- [-c setting=value]...
start_both() {
    local lines=() broker
    while [[ $1 != -- ]]; do lines+=("$1"); shift; done
    shift
    start_rabbitmq "${lines[@]}" &
    broker=$!
    start_postgres "$@"
    wait "$broker"
}

export_servers() {
    MEDIAPLATFORM_TEST_POSTGRES="Host=127.0.0.1;Port=$(port_of postgres);Username=postgres;Password=$(secret postgres);Database=postgres"
    MEDIAPLATFORM_TEST_RABBITMQ="amqp://mediaplatform:$(secret rabbitmq)@127.0.0.1:$(port_of rabbitmq)/"
    export MEDIAPLATFORM_TEST_POSTGRES MEDIAPLATFORM_TEST_RABBITMQ
}

# ---- Running, and stopping whatever happens

# In the background with wait, so that a signal is acted on at once, and in a session of its own, so that all of its
# children can be ended together.
run() {
    local code=0
    setsid "$@" </dev/null 7>&- 8>&- 9>&- &
    CHILD=$!
    wait "$CHILD" || code=$?
    CHILD=''
    return "$code"
}

finish() {
    local code=$?
    trap '' INT TERM HUP
    set +e
    if [[ -n $CHILD ]]; then
        kill -TERM -- "-$CHILD" 2>/dev/null
        for _ in {1..50}; do kill -0 -- "-$CHILD" 2>/dev/null && sleep 0.1; done
        kill -KILL -- "-$CHILD" 2>/dev/null
    fi
    stop_compiler
    if [[ -n $STARTER ]]; then wait "$STARTER"; fi
    if ! $KEPT; then drop_home; fi
    if [[ -n $HUGE_PAGES_BEFORE ]]; then { echo "$HUGE_PAGES_BEFORE" >"$HUGE_PAGES"; } 2>/dev/null; fi
    exit "$code"
}

stop_whatever_happens() {
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

# ---- Building in the tree

tested_sources() { sources_stamp src tests bench db docs; }

# What the build left, too: a build by hand from other sources is noticed.
outputs_stamp() {
    (cd "$ROOT" && find src tests bench -path '*/bin/Release/*' -name 'MediaPlatform.*.dll' -printf '%p %s %T@\n') | LC_ALL=C sort | sha256sum
}

# is_built [PROJECT]...: those of tests/ with what they refer to, or without a name all.
is_built() {
    local now project
    now="$(tested_sources) $(outputs_stamp)"
    if [[ $now == "$(cat "$TESTS/built" 2>/dev/null)" ]]; then return; fi
    $KEPT && (($#)) || return 1
    for project in "$@"; do [[ $now == "$(cat "$TESTS/built-$project" 2>/dev/null)" ]] || return 1; done
}

# build_tree [PROJECT]...: whoever names a project waits for that and what it refers to alone.
# Leaves a shared hold on the tree's bin directories (fd 8): a build by another ./dev would swap them under running tests.
build_tree() {
    local told=false sources project
    exec 8>"$TESTS/build.lock"
    while true; do
        flock -s 8
        if is_built "$@"; then return; fi
        flock -u 8
        if flock -n 8; then break; fi
        $told || say "Another ./dev test or bench of this clone uses the programs, and the sources have changed since; waiting for it."
        told=true
        sleep 2
    done
    say "Building."
    sources=$(tested_sources) # before, since somebody may edit meanwhile
    if (($# == 0)); then
        build "$ROOT/MediaPlatform.sln"
        echo "$sources $(outputs_stamp)" >"$TESTS/built"
    else
        for project in "$@"; do build "$ROOT/tests/$project"; done
        if $KEPT; then for project in "$@"; do echo "$sources $(outputs_stamp)" >"$TESTS/built-$project"; done; fi
    fi
    flock -s 8
}

# restored PROJECT: no project file, lock file or list of versions is newer than what its last restore left.
restored() {
    local assets=$1/obj/project.assets.json
    [[ -f $assets && -z $(find "$ROOT"/Directory.* "$ROOT"/global.json "$ROOT"/{src,tests}/*/{*.csproj,packages.lock.json} -newer "$assets") ]]
}

# One compiler serves all projects, since a warm one is more than twice as fast as one for each; it ends with the build. Whoever keeps the
# servers for the next time keeps a compiler and a builder, too; all end with --stop. Of projects that are named, without analyzers:
# Directory.Build.targets sees that the next build of all catches up.
build() {
    local code=0 compiler=(-nodeReuse:false -p:UseSharedCompilation=true "-p:SharedCompilationId=$COMPILER")
    if $KEPT; then
        compiler=(-nodeReuse:true -p:UseSharedCompilation=true)
        unset MSBUILDDISABLENODEREUSE
        if restored "$1"; then compiler+=(--no-restore); fi
        if [[ $1 != *.sln ]]; then compiler+=(-p:RunAnalyzers=false); fi
    fi
    run dotnet build "$1" -c Release -v quiet -nologo -clp:NoSummary "${compiler[@]}" || code=$?
    stop_compiler
    ((code == 0)) || die "the build failed."
    if [[ -d $1 ]]; then touch "$1/obj/project.assets.json"; fi # a restore that finds nothing to do leaves it as old as it was
}

stop_compiler() { pkill -f -- "-pipename:$COMPILER( |\$)" || true; } # none where nothing was to be compiled

# ---- ./dev test

cmd_test() {
    local projects=() named=() arguments=() keep=false
    while (($#)); do
        case $1 in
        --keep) keep=true ;;
        --stop) stop_kept_servers; return ;;
        *.Tests)
            [[ -d $ROOT/tests/$1 ]] || die "there is no tests/$1."
            projects+=("$1")
            ;;
        *) arguments+=("$@"); break ;;
        esac
        shift
    done
    named=("${projects[@]}")
    if ((${#projects[@]} == 0)); then
        local dir
        for dir in "$ROOT"/tests/*.Tests; do projects+=("${dir##*/}"); done
    fi

    claim_state
    need curl postgres rabbitmq ffmpeg libvips exiftool heic avif node npm
    need_s3
    mkdir -p "$TESTS"
    take_test_home $keep
    stop_whatever_happens
    make_data "$(fast_place)"
    prepare_rabbitmq
    prepare_s3
    start_test_servers &
    STARTER=$!
    build_tree "${named[@]}"
    wait "$STARTER" || { STARTER=''; die "the servers for the tests did not start."; }
    STARTER=''
    export_servers
    MEDIAPLATFORM_TEST_S3="http://mediaplatform:s3:$(secret s3)@127.0.0.1:$(port_of s3-proxy)/" # user info: access key, then secret key behind its last colon
    export MEDIAPLATFORM_TEST_S3
    # Most code of a test runs a few times, in many short processes: watching it for what to optimise, protecting what was compiled, and a
    # thread that collects beside the others cost more than they give.
    export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0 DOTNET_gcConcurrent=0
    run_projects "${projects[@]}" -- "${arguments[@]}"
}

# The kept servers if there are any (or are to be) and no other run has them; else new ones.
take_test_home() {
    exec 9>"$TESTS/lock"
    flock 9
    clear_remains_of_killed_runs
    exec 7>"$TESTS/kept.lock"
    if { $1 || [[ -d $TESTS/kept ]]; } && flock -n 7; then
        KEPT=true
        use_home "$TESTS/kept"
    else
        new_home run
    fi
    flock -u 9
}

stop_kept_servers() {
    [[ -d $TESTS/kept ]] || { say "No servers were kept."; return; }
    exec 7>"$TESTS/kept.lock"
    flock -n 7 || die "a test run is using the kept servers."
    HOME_DIR=$TESTS/kept
    drop_home
    dotnet build-server shutdown --vbcscompiler --msbuild >/dev/null
    say "Stopped."
}

# run_projects PROJECT... -- ARGUMENT...: one after another, since each uses both cores by itself, and a crash then has a name.
run_projects() {
    local projects=() project code counters total executed good bad passed=0 failed=0 skipped=0
    local results=$TESTS/results/${HOME_DIR##*/} # stays, for whoever wants to look; the last five do
    while [[ $1 != -- ]]; do projects+=("$1"); shift; done
    shift
    rm -rf "$results"
    mkdir -p "$results"
    # shellcheck disable=SC2012 # the names are ours
    ls -dt "$TESTS"/results/* | tail -n +6 | xargs -r rm -rf
    for project in "${projects[@]}"; do
        say "$project"
        code=0
        run dotnet test "$ROOT/tests/$project/bin/Release/net10.0/MediaPlatform.$project.dll" --results-directory "$results" \
            --logger "console;verbosity=minimal" --logger "trx;LogFileName=$project.trx" "$@" || code=$?
        counters=$(grep -os '<Counters [^>]*>' "$results/$project.trx" || true) # no file where nothing was found to run
        read -r total executed good < <(sed -E 's/.* total="([0-9]+)" executed="([0-9]+)" passed="([0-9]+)".*/\1 \2 \3/' <<<"${counters:-0 0 0}")
        bad=$((executed - good))
        if ((code != 0 && bad == 0)); then
            warn "$project ended with code $code and without a result for every test: counted as one failure."
            bad=1
        elif ((total == 0 && $# == 0)); then
            warn "$project has no test that was found: counted as one failure." # a lost adapter must not pass for success
            bad=1
        fi
        ((passed += good, failed += bad, skipped += total - executed)) || true
    done
    if ((passed + failed == 0)); then warn "No test ran."; fi
    say "$passed passed, $failed failed, $skipped skipped"
    ((failed == 0 && passed > 0))
}

# ---- ./dev bench

cmd_bench() {
    claim_state
    need curl postgres rabbitmq ffmpeg libvips exiftool heic avif vips-tools wrk node npm
    mkdir -p "$TESTS"
    exec 9>"$TESTS/lock"
    flock 9
    clear_remains_of_killed_runs
    new_home bench
    flock -u 9
    stop_whatever_happens
    make_data
    prepare_rabbitmq
    reserve_huge_pages
    start_bench_servers &
    STARTER=$!
    wait "$STARTER" || { STARTER=''; die "the servers for the measurements did not start."; }
    STARTER=''
    build_tree
    export_servers
    MEDIAPLATFORM_BENCH_PGBENCH=$(pg_bin)/pgbench
    MEDIAPLATFORM_BENCH_BROKER=$ROOT/scripts/bench-broker.sh # kill or start, of the broker of the home
    MEDIAPLATFORM_BENCH_HOME=$HOME_DIR
    export MEDIAPLATFORM_BENCH_PGBENCH MEDIAPLATFORM_BENCH_BROKER MEDIAPLATFORM_BENCH_HOME
    run dotnet run -c Release --project "$ROOT/bench/MediaPlatform.Bench.csproj" --no-build -- "$@"
}
