# shellcheck shell=bash disable=SC2153
# What the commands need from the system, and how it gets there. Sourced by ./dev.

# Only versions that the SQL is written for; the newest wins unless a cluster was made by an older one.
newest_postgres() {
    local dir
    for dir in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5,5nr); do
        [[ -x $dir/postgres && $(cut -d/ -f5 <<<"$dir") -ge 15 ]] && { echo "$dir"; return; }
    done
    return 1
}

RABBITMQ_SERVER=/usr/lib/rabbitmq/bin/rabbitmq-server

missing_plugin() {
    command -v apt-cache >/dev/null || return 0
    if dpkg -s "$1" >/dev/null 2>&1; then return; fi
    # Where apt keeps no cache of its lists, as in most containers, apt-cache takes over a second: asked once for each update.
    local unknown=$STATE/unknown-packages/$1
    if [[ $unknown -nt /var/lib/apt/lists ]]; then return; fi
    if apt-cache show "$1" >/dev/null 2>&1; then echo "$1"; return; fi
    mkdir -p "${unknown%/*}"
    touch "$unknown"
}

# Debian's package that is missing for each need, nothing for a need that is met.
missing_package() {
    case $1 in
    postgres) newest_postgres >/dev/null || echo postgresql ;;
    rabbitmq) [[ -x $RABBITMQ_SERVER ]] || echo rabbitmq-server ;;
    ffmpeg) { command -v ffmpeg && command -v ffprobe; } >/dev/null || echo ffmpeg ;;
    libvips) grep -q 'libvips\.so\.42 ' <<<"$(/sbin/ldconfig -p 2>/dev/null)" || echo libvips42 ;;
    # Newer releases have libheif's decoders (of HEIC, of AVIF) in packages of their own; in older ones they are not known, and not needed.
    heic) missing_plugin libheif-plugin-libde265 ;;
    avif) missing_plugin libheif-plugin-dav1d ;;
    exiftool) command -v exiftool >/dev/null || echo libimage-exiftool-perl ;;
    python) command -v python3 >/dev/null || echo python3 ;;
    curl) command -v curl >/dev/null || echo curl ;;
    swift) [[ -d /usr/lib/python3/dist-packages/swift ]] || echo python3-swift ;;
    memcached) command -v memcached >/dev/null || echo memcached ;;
    libisal) grep -q 'libisal\.so\.2 ' <<<"$(/sbin/ldconfig -p 2>/dev/null)" || echo libisal2 ;;
    vips-tools) command -v vipsthumbnail >/dev/null || echo libvips-tools ;;
    wrk) command -v wrk >/dev/null || echo wrk ;;
    node) command -v node >/dev/null || echo nodejs ;;
    npm) command -v npm >/dev/null || echo npm ;;
    esac
}

# need NAME...: installs what is missing, or says what to do.
need() {
    need_dotnet
    local name package packages=()
    for name in "$@"; do
        package=$(missing_package "$name")
        if [[ -n $package ]]; then packages+=("$package"); fi
    done
    if ((${#packages[@]} == 0)); then return; fi

    local line="apt-get install --no-install-recommends ${packages[*]}" root=()
    command -v apt-get >/dev/null ||
        die "missing on this machine: ${packages[*]} (names of Debian's packages). Install them and try again."
    if [[ $EUID -ne 0 ]]; then
        sudo -n true 2>/dev/null || die "missing on this machine: ${packages[*]}. Run: sudo $line"
        root=(sudo -n)
    fi
    say "Missing on this machine, to be installed with apt now (a minute or two): ${packages[*]}"
    say "No service of theirs is started or enabled: ./dev runs servers of its own."
    mkdir -p "$STATE/logs"
    "${root[@]}" bash -s -- "${packages[@]}" <"$ROOT/scripts/apt-install.sh" >"$STATE/logs/apt.log" 2>&1 || {
        tail -n 25 "$STATE/logs/apt.log" >&2
        die "the installation failed; all of its output is in $STATE/logs/apt.log. By hand: $line"
    }
    for name in "$@"; do
        package=$(missing_package "$name")
        if [[ -z $package ]]; then continue; fi
        # apt's lists were empty or old, and only the new ones know it.
        if [[ " ${packages[*]} " != *" $package "* ]]; then need "$@"; return; fi
        die "$package was installed, but $name is still not found."
    done
}

need_dotnet() {
    local dir
    for dir in "${DOTNET_ROOT:-}" "${HOME:-/root}/.dotnet" /usr/share/dotnet /usr/lib/dotnet; do
        command -v dotnet >/dev/null && break
        if [[ -x $dir/dotnet ]]; then PATH=$dir:$PATH; fi
    done
    command -v dotnet >/dev/null || die "the .NET 10 SDK is missing; see https://dotnet.microsoft.com/download/dotnet/10.0"
    local answer
    answer=$(cd "$ROOT" && dotnet --version 2>&1) ||
        die "the .NET SDK found here ($(command -v dotnet)) does not run, or is not the one of global.json (.NET 10): $answer"
}
