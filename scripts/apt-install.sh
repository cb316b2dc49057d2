#!/bin/bash
# Installs Debian packages without starting or enabling the servers in them. Run as root: apt-install.sh PACKAGE...
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
undo=()
trap 'rm -f "${undo[@]}"; rmdir /etc/postgresql-common/createcluster.d /etc/postgresql-common 2>/dev/null || true' EXIT

# postgresql would make and start a cluster "main" on the standard port.
no_main=/etc/postgresql-common/createcluster.d/no-main-cluster.conf
if [[ ! -e $no_main ]]; then
    mkdir -p "${no_main%/*}"
    echo 'create_main_cluster = false' >"$no_main"
    undo+=("$no_main")
fi

# rabbitmq-server would start a broker with guest/guest on the standard port.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    undo+=("$policy")
fi

# The package lists are fetched only where they do not know a package, or know one that the mirror no longer has.
install() { apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends "$@" </dev/null; }
update() { apt-get -o DPkg::Lock::Timeout=300 update -q </dev/null || true; } # a foreign source may fail; what matters is the install

known() { LC_ALL=C apt-get -s -q install --no-install-recommends "$@" >/dev/null 2>&1 </dev/null; }
known "$@" || update
install "$@" || { update; install "$@"; }

# Not started now; not at the next boot either.
if command -v systemctl >/dev/null && [[ " $* " == *" rabbitmq-server "* ]]; then
    systemctl disable rabbitmq-server.service epmd.service epmd.socket >/dev/null 2>&1 || true
fi
