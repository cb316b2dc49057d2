# shellcheck shell=bash disable=SC2153
# A real S3-compatible server on loopback, for the tests and ./dev up --s3, in the current home: OpenStack Swift with its S3 API, one node. Sourced by ./dev.
#
# Debian 12's Swift is too old for the AWS SDK's checksums (2.35 is not), so that the program alone is taken from Debian 13;
# all that it stands on is Debian 12's. Region us-east-1, path style; see export_servers for the address and the keys.

SWIFT=$STATE/swift # the program, for all homes of this clone
SWIFT_LIBRARY=$SWIFT/usr/lib/python3/dist-packages
S3_SERVERS=(object container account proxy)
S3_BUCKET=mediaplatform # of ./dev up --s3

need_s3() {
    need curl swift memcached libisal
    if [[ -d $SWIFT_LIBRARY/swift ]]; then return; fi
    say "Fetching OpenStack Swift, an S3 server."
    local apt=$SWIFT.apt new=$SWIFT.new site options
    rm -rf "$apt" "$new"
    mkdir -p "$apt/lists/partial" "$new" "$STATE/logs"
    options=(-o "Dir::Etc::SourceList=$apt/sources.list" -o "Dir::Etc::SourceParts=/dev/null" -o "Dir::State::Lists=$apt/lists"
        -o "Dir::Cache::pkgcache=" -o "Dir::Cache::srcpkgcache=" -o "APT::Sandbox::User=$(id -un)")
    # Of the machine's own sources, whichever has Debian 13.
    for site in $(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | sort -u); do
        printf 'deb %s trixie main\n' "$site" >"$apt/sources.list"
        if (
            cd "$apt"
            apt-get "${options[@]}" update -qq && apt-get "${options[@]}" download -qq python3-swift && dpkg -x python3-swift_*.deb "$new"
        ) >>"$STATE/logs/swift.log" 2>&1 </dev/null && [[ -d $new/usr/lib/python3/dist-packages/swift ]]; then break; fi
    done
    [[ -d $new/usr/lib/python3/dist-packages/swift ]] || { cat "$STATE/logs/swift.log" >&2; die "OpenStack Swift could not be fetched."; }
    python3 -m compileall -q "$new" >/dev/null 2>&1 || true # faster starts; what cannot be compiled is not used
    mv "$new" "$SWIFT"
    rm -rf "$apt"
}

s3_answers() { listens "s3-$1" && [[ $(curl -fs --max-time 2 "http://127.0.0.1:$(port_of "s3-$1")/healthcheck") == OK ]]; }

# Settles ports and the secret, so that others may be told them while the server still starts.
prepare_s3() {
    local name
    for name in "${S3_SERVERS[@]}" memcached; do alive "s3-$name" || choose_port "s3-$name" >/dev/null; done
    secret s3 >/dev/null
}

# start_s3 [keep], after prepare_s3: with keep, goes on with the objects of the last time
start_s3() {
    local data name
    if s3_answers proxy; then return; fi
    stop_s3
    data=$(data_dir s3)
    [[ ${1:-} == keep ]] || rm -rf "$data"
    mkdir -p "$data"/{node/d1,cache}
    # The objects' facts are extended attributes of their files, which not every file system keeps.
    python3 -c 'import os, sys; os.setxattr(sys.argv[1], "user.swift.probe", b"x" * 200)' "$data/node" 2>/dev/null ||
        die "the file system of $data keeps no extended attributes, which the S3 server of the tests needs."
    s3_settings "$data"
    local python=(env -C "$data" "PYTHONPATH=$SWIFT_LIBRARY" LC_ALL=C.UTF-8 /usr/bin/python3 "$ROOT/scripts/s3-server.py")
    "${python[@]}" ring "$(port_of s3-object)" "$(port_of s3-container)" "$(port_of s3-account)" >"$HOME_DIR/logs/s3-ring.log" 2>&1 ||
        { show_log s3-ring; die "the rings of the S3 server could not be made."; }
    launch s3-memcached memcached -u "$(id -un)" -l 127.0.0.1 -p "$(port_of s3-memcached)" -U 0 -m 32
    for name in "${S3_SERVERS[@]}"; do launch "s3-$name" "${python[@]}" "$name"; done
    for name in "${S3_SERVERS[@]}"; do await "s3-$name" 120 s3_answers "$name"; done
}

stop_s3() {
    local name
    for name in proxy account container object memcached; do stop "s3-$name" KILL 5; done
}

# ./dev s3 put FILE KEY: what ./dev up --s3 has a bucket for
cmd_s3() {
    [[ ${1:-} == put && $# == 3 ]] || die "s3 takes: put FILE KEY."
    s3_answers proxy || die "the S3 server is not running; ./dev up --s3 starts it."
    S3_ACCESS_KEY=mediaplatform:s3 S3_SECRET_KEY=$(secret s3) python3 "$ROOT/scripts/s3-put.py" "http://127.0.0.1:$(port_of s3-proxy)" us-east-1 "$2" "$S3_BUCKET" "$3"
}

s3_settings() {
    local data=$1 name
    cat >"$data/swift.conf" <<'CONF'
[swift-hash]
swift_hash_path_prefix = mediaplatform
swift_hash_path_suffix = mediaplatform
[storage-policy:0]
name = default
default = yes
[swift-constraints]
max_file_size = 12884901888
CONF
    for name in "${S3_SERVERS[@]}"; do
        {
            cat <<CONF
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $(port_of "s3-$name")
user = $(id -un)
swift_dir = $data
devices = $data/node
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
workers = 0
log_level = WARNING
log_address = /nonexistent
conn_timeout = 5
container_update_timeout = 30
[filter:healthcheck]
use = egg:swift#healthcheck
[app:$name-server]
use = egg:swift#$name
recon_cache_path = $data/cache
account_autocreate = true
node_timeout = 30
error_suppression_interval = 0
[pipeline:main]
CONF
            if [[ $name == proxy ]]; then s3_proxy_settings; else echo "pipeline = healthcheck $name-server"; fi
        } >"$data/$name-server.conf"
    done
}

s3_proxy_settings() {
    local filter
    echo "pipeline = catch_errors gatekeeper healthcheck cache listing_formats s3api tempauth copy slo dlo versioned_writes symlink proxy-server"
    for filter in catch_errors gatekeeper listing_formats copy slo dlo symlink; do printf '[filter:%s]\nuse = egg:swift#%s\n' "$filter" "$filter"; done
    cat <<CONF
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:$(port_of s3-memcached)
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_mediaplatform_s3 = $(secret s3) .admin
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_versioned_writes = true
allow_object_versioning = true
CONF
}
