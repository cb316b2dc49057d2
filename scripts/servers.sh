# shellcheck shell=bash
# A private PostgreSQL cluster and a private RabbitMQ node on loopback, in the current home. Sourced by ./dev.

# Where the servers keep their data: $HOME_DIR/data, a directory, or a link to one where PostgreSQL's user cannot enter
# the home (a clone under /root). make_data PARENT puts it under PARENT in any case.
make_data() {
    local data=$HOME_DIR/data parent=${1:-}
    if [[ -d $data ]]; then return; fi
    if [[ -z $parent ]]; then
        if as_pg test -x "$HOME_DIR" 2>/dev/null; then mkdir "$data"; return; fi
        parent=/var/lib/mediaplatform-dev
        mkdir -p "$parent"
    fi
    local place
    place=$(mktemp -d "$parent/mediaplatform-XXXXXXXX")
    chmod 711 "$place"
    ln -sfn "$place" "$data"
}

drop_data() {
    if [[ -L $HOME_DIR/data ]]; then rm -rf "$(readlink "$HOME_DIR/data")"; fi
    rm -rf "$HOME_DIR/data"
}

data_dir() { echo "$(readlink -f "$HOME_DIR/data")/$1"; }

# ---- PostgreSQL

# The programs of the version that made the cluster: another major version cannot read it.
pg_bin() {
    local version
    version=$(as_pg cat "$(data_dir postgres)/PG_VERSION" 2>/dev/null || true)
    if [[ -z $version ]]; then newest_postgres; return; fi
    [[ -x /usr/lib/postgresql/$version/bin/postgres ]] ||
        die "the data was made by PostgreSQL $version, which is no longer installed; install postgresql-$version, or ./dev reset."
    echo "/usr/lib/postgresql/$version/bin"
}

# pg_sql USER DATABASE [psql arguments]
pg_sql() {
    local user=$1 database=$2
    shift 2
    PGPASSWORD=$(secret "$user") "$(pg_bin)/psql" -h 127.0.0.1 -p "$(port_of postgres)" -U "$user" -d "$database" "$@"
}

postgres_answers() { listens postgres && PGCONNECT_TIMEOUT=2 pg_sql postgres postgres -XqAtc 'select 1' >/dev/null 2>&1; }

# A statement's working memory is kept for the next: taken from the kernel anew, a bitmap of some megabytes costs more than what it is for (docs/operations.md).
PG_MEMORY=(MALLOC_MMAP_THRESHOLD_=67108864 MALLOC_TRIM_THRESHOLD_=134217728 MALLOC_TOP_PAD_=4194304)

# start_postgres [-c setting=value]...
start_postgres() {
    local data bin port
    if alive postgres && await postgres 60 postgres_answers 2>/dev/null; then return; fi
    stop_postgres # if it hangs
    data=$(data_dir postgres)
    bin=$(pg_bin)
    make_cluster "$data" "$bin"
    clear_remains "$data"
    port=$(choose_port postgres)
    # No socket: nothing outside the clone's own port can be reached by accident, and no path can be too long for one.
    launch postgres "${PG_USER[@]}" env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 "${PG_MEMORY[@]}" "$bin/postgres" -D "$data" \
        -c listen_addresses=127.0.0.1 -c "port=$port" -c unix_socket_directories= -c log_line_prefix='%m [%p] %u@%d ' \
        -c timezone=UTC -c log_timezone=UTC "$@"
    await postgres 120 postgres_answers
}

# Made aside and renamed: an interrupted initdb leaves nothing that looks like a cluster.
make_cluster() {
    local data=$1 bin=$2 password=$1.password
    if as_pg test -s "$data/PG_VERSION"; then return; fi
    rm -rf "$data.new"
    mkdir -m 700 "$data.new"
    (umask 077 && secret postgres >"$password")
    if [[ $EUID -eq 0 ]]; then chown postgres:postgres "$data.new" "$password"; fi
    as_pg env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 "$bin/initdb" -D "$data.new" -U postgres --auth=scram-sha-256 \
        --pwfile="$password" --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$HOME_DIR/logs/initdb.log" 2>&1 ||
        { cat "$HOME_DIR/logs/initdb.log" >&2; die "the PostgreSQL cluster could not be made."; }
    rm "$password"
    mv "$data.new" "$data"
}

# After a kill -9 of the postmaster its backends may live for a moment, and the lock file may name a pid that is somebody
# else's by now. Every process of a cluster works in the data directory: when none does, the lock file is stale for certain.
clear_remains() {
    local data=$1 deadline=$((SECONDS + 15)) pids
    while pids=$(processes_in "$data") && [[ -n $pids ]]; do
        # shellcheck disable=SC2086 # one word per pid
        if ((SECONDS > deadline)); then kill -QUIT $pids 2>/dev/null || true; deadline=$((SECONDS + 15)); fi
        sleep 0.2
    done
    as_pg rm -f "$data/postmaster.pid"
}

processes_in() { find /proc -mindepth 2 -maxdepth 2 -name cwd -lname "$1" -printf '%h\n' 2>/dev/null | sed 's,/proc/,,' || true; }

stop_postgres() { stop postgres INT 25; } # INT: fast shutdown, does not wait for clients

# ---- RabbitMQ

# The greeting of the protocol: the broker opens its listener last of all, so that an answer means it is up, and asking
# this way takes no second Erlang machine as rabbitmqctl does.
rabbitmq_answers() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    listens rabbitmq && timeout 5 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" && printf "AMQP\0\0\11\1" >&3 && [[ $(head -c 1 <&3 | od -An -tu1) -eq 1 ]]' \
        bash "$(port_of rabbitmq)" 2>/dev/null
}

# Own names, ports, cookie (in HOME) and directories for everything, and no file of the system's broker is read.
rabbitmq_environment() {
    local data
    data=$(data_dir rabbitmq)
    RABBITMQ_ENV=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "HOME=$data/home"
        RABBITMQ_NODENAME=mediaplatform@localhost
        "RABBITMQ_MNESIA_BASE=$data/mnesia"
        "RABBITMQ_LOG_BASE=$data/log"
        RABBITMQ_LOGS=-
        "ERL_CRASH_DUMP=$data/log/erl_crash.dump"
        "RABBITMQ_CONF_ENV_FILE=$data/env.conf"
        "RABBITMQ_CONFIG_FILE=$data/rabbitmq.conf"
        "RABBITMQ_CONFIG_FILES=$data/conf.d"
        "RABBITMQ_ADVANCED_CONFIG_FILE=$data/advanced.config"
        "RABBITMQ_ENABLED_PLUGINS_FILE=$data/enabled_plugins"
        "RABBITMQ_NODE_PORT=$(port_of rabbitmq)"
        "RABBITMQ_DIST_PORT=$(port_of rabbitmq-dist)"
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"
        RABBITMQ_SCHEDULER_BUSY_WAIT_THRESHOLD=very_short # a third less time to start than with its default, none
        RUNNING_UNDER_SYSTEMD=true # makes its script become the Erlang machine instead of waiting for it: one pid
        "ERL_EPMD_PORT=$(port_of epmd)" ERL_EPMD_ADDRESS=127.0.0.1)
}

# Settles ports and password, so that others may be told them while the broker still starts.
prepare_rabbitmq() {
    if ! alive rabbitmq || ! alive epmd; then
        stop_rabbitmq # a node whose epmd died is lost to rabbitmqctl
        choose_port rabbitmq >/dev/null
        choose_port rabbitmq-dist >/dev/null
        choose_port epmd >/dev/null
    fi
    secret rabbitmq >/dev/null
}

# start_rabbitmq [LINE of rabbitmq.conf]..., after prepare_rabbitmq
start_rabbitmq() {
    local data
    if alive rabbitmq && await rabbitmq 60 rabbitmq_answers 2>/dev/null; then return; fi
    stop_rabbitmq # if it hangs
    data=$(data_dir rabbitmq)
    mkdir -p "$data"/{home,mnesia,log,conf.d}
    chmod 700 "$data"
    echo '[].' >"$data/enabled_plugins"
    : >"$data/env.conf"
    (
        umask 077
        # The user is made at the first start alone; loopback is all that listens.
        printf '%s\n' "listeners.tcp.1 = 127.0.0.1:$(port_of rabbitmq)" \
            'default_user = mediaplatform' "default_pass = $(secret rabbitmq)" "$@" >"$data/rabbitmq.conf"
    )
    rabbitmq_environment
    launch epmd "${RABBITMQ_ENV[@]}" epmd -port "$(port_of epmd)" -address 127.0.0.1
    launch rabbitmq "${RABBITMQ_ENV[@]}" "$RABBITMQ_SERVER"
    await rabbitmq 300 rabbitmq_answers # seconds; five are usual, and minutes where others keep all processors busy
}

stop_rabbitmq() {
    stop rabbitmq TERM 25
    stop epmd TERM 5
}
