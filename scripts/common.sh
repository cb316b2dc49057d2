# shellcheck shell=bash
# Messages, secrets, ports, locks, and knowing a process again. Sourced by ./dev.
#
# Everything below works on one "home": a directory with run/ (pid files), ports/, secrets/, logs/ and data/.
# ./dev up has one, each ./dev test and ./dev bench has its own, and so they cannot collide.

STATE=$ROOT/.local
HOME_DIR=$STATE
BOOT_ID=$(cat /proc/sys/kernel/random/boot_id)

say()  { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
die()  { warn "dev: $*"; exit 1; }

use_home() {
    HOME_DIR=$1
    mkdir -p "$HOME_DIR"/{run,ports,secrets,logs}
    chmod 700 "$HOME_DIR"/{run,secrets,logs}
}

# Fails loudly rather than working on a copy's servers: a copied .local names the ports and the data of the original.
claim_state() {
    mkdir -p "$STATE"
    [[ -O $STATE ]] || die "$STATE belongs to $(stat -c %U "$STATE"), who ran ./dev here before; do as they, or delete it as they."
    chmod 711 "$STATE" # PostgreSQL's user has to pass through
    local owner
    owner=$(cat "$STATE/clone" 2>/dev/null || true)
    if [[ -n $owner && $owner != "$ROOT" && -e $owner/.local ]]; then
        die "$STATE was copied from $owner and still means the servers there; delete it (rm -rf .local) and try again."
    fi
    printf '%s\n' "$ROOT" >"$STATE/clone"
}

# One ./dev at a time changes the state. Descriptors 7, 8 and 9 are locks: whatever may outlive the script is started
# with them closed, or it would hold the lock for ever.
lock_state() {
    exec 9>"$STATE/lock"
    flock -n 9 && return
    say "Another ./dev is at work in this clone; waiting for it."
    flock 9
}

# Written aside and renamed, so that a kill cannot leave half a secret.
secret() {
    local file=$HOME_DIR/secrets/$1
    if [[ ! -s $file ]]; then
        (umask 077 && od -An -v -tx1 -N24 /dev/urandom | tr -d ' \n' >"$file.new")
        mv "$file.new" "$file"
    fi
    cat "$file"
}

# A key of 32 bytes in base64: signing-key, sealing-key.
key() {
    local file=$HOME_DIR/secrets/$1
    if [[ ! -s $file ]]; then
        (umask 077 && head -c 32 /dev/urandom | base64 -w0 >"$file.new")
        mv "$file.new" "$file"
    fi
    cat "$file"
}

# The sockets that listen on a port, as inodes; from the kernel's table, because a fresh machine has no ss.
listeners() {
    local port
    printf -v port ':%04X' "$1"
    awk -v port="$port" '$4 == "0A" && substr($2, length($2) - 4) == port { print $10 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null || true
}

port_taken() { [[ -n $(listeners "$1") ]]; }

# Whether the process NAME itself listens on the port NAME: an answer alone may come from another clone's process.
listens() {
    local pid inode
    pid=$(pid_of "$1") || return 1
    for inode in $(listeners "$(port_of "$1")"); do
        if [[ -n $(find "/proc/$pid/fd" -lname "socket:\[$inode\]" 2>/dev/null) ]]; then return 0; fi
    done
    return 1
}

port_of() { cat "$HOME_DIR/ports/$1" 2>/dev/null; }

# choose_port NAME [FIRST]: the remembered port if it is free; else the first free one from FIRST, or a random one
# below the range that the kernel hands to outgoing connections. Random, because two clones may choose at the same moment.
choose_port() {
    local name=$1 first=${2:-} port tries=0
    port=$(port_of "$name" || true)
    if [[ -n $port ]]; then
        port_taken "$port" || { echo "$port"; return; }
        warn "Port $port, used for $name until now, is taken by another program; choosing another."
    fi
    port=${first:-$((20000 + SRANDOM % 10000))}
    while port_taken "$port"; do
        ((++tries < 500)) || die "no free port for $name"
        if [[ -n $first ]]; then ((++port)); else port=$((20000 + SRANDOM % 10000)); fi
    done
    echo "$port" >"$HOME_DIR/ports/$name.new"
    mv "$HOME_DIR/ports/$name.new" "$HOME_DIR/ports/$name"
    echo "$port"
}

# The state and the start time of a process, from /proc/PID/stat; a name with spaces or brackets stands before the last ')'.
process_facts() {
    local stat fields
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    read -ra fields <<<"${stat##*) }"
    echo "${fields[0]} ${fields[19]}"
}

# A pid alone may be reused, after a crash or a reboot, by somebody else's process; pid, start time and boot together may not.
write_pid_file() {
    local name=$1 pid=$2 started
    read -r _ started < <(process_facts "$pid") || true
    echo "$pid ${started:-gone} $BOOT_ID" >"$HOME_DIR/run/$name.pid"
}

# Prints the pid of what was started under this name, or fails if it no longer runs.
pid_of() {
    local pid started boot state since
    read -r pid started boot 2>/dev/null <"$HOME_DIR/run/$1.pid" || return 1
    [[ $boot == "$BOOT_ID" ]] || return 1
    read -r state since < <(process_facts "$pid") || return 1
    [[ $since == "$started" && $state != Z ]] || return 1 # Z: dead, and nobody has looked yet
    echo "$pid"
}

alive() { pid_of "$1" >/dev/null 2>&1; }

# launch NAME COMMAND...: in the background, in a session of its own, so that it survives the terminal and Ctrl-C.
launch() {
    local name=$1 log=$HOME_DIR/logs/$1.log
    shift
    if [[ -f $log && $(stat -c %s "$log") -gt 20000000 ]]; then mv "$log" "$log.1"; fi
    (
        cd /
        setsid "$@" </dev/null >>"$log" 2>&1 7>&- 8>&- 9>&- &
        write_pid_file "$name" $!
    )
}

# await NAME SECONDS CHECK...: until the check succeeds; fails at once when the process dies, and shows its log.
await() {
    local name=$1 deadline=$((SECONDS + $2))
    shift 2
    until "$@" 2>/dev/null; do
        if ! alive "$name"; then warn "$name stopped while starting."; show_log "$name"; return 1; fi
        if ((SECONDS > deadline)); then warn "$name does not get ready."; show_log "$name"; return 1; fi
        sleep 0.1
    done
}

show_log() {
    warn "The end of $HOME_DIR/logs/$1.log:"
    tail -n 25 "$HOME_DIR/logs/$1.log" >&2 || true
}

# stop NAME SIGNAL SECONDS: asks, waits, and only then kills.
stop() {
    local name=$1 signal=$2 deadline=$((SECONDS + $3)) pid
    pid=$(pid_of "$name") || { rm -f "$HOME_DIR/run/$name.pid"; return 0; }
    kill "-$signal" "$pid" 2>/dev/null || true
    while alive "$name"; do
        if ((SECONDS > deadline)); then
            warn "$name did not stop within $3 s; killed."
            kill -KILL "$pid" 2>/dev/null || true
            deadline=$((SECONDS + 5))
        fi
        sleep 0.1
    done
    rm -f "$HOME_DIR/run/$name.pid"
}

# The user that PostgreSQL runs as: it refuses root. Debian's package makes the user postgres.
PG_USER=()
if [[ $EUID -eq 0 ]]; then PG_USER=(setpriv --reuid=postgres --regid=postgres --init-groups --); fi

as_pg() { (cd / && "${PG_USER[@]}" "$@"); }
