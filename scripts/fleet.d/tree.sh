# shellcheck shell=bash
# Writes a desired tree for hosts h1…hN. Sourced by scripts/fleet.
#
# Ten thousand files are not rare here, so nothing forks for a file: printf is part of bash.

# write_tree N FOLDER [SITES] [CRONS]: numbers are a host's.
write_tree() {
    local count=$1 out=$2 sites=${3:-20} crons=${4:-5} number=0 name address user
    local -A reached=()
    read_hosts
    mkdir -p "$out"
    out=$(cd "$out" && pwd)
    rm -rf "$out"/desired/{servers,sites,cron}
    mkdir -p "$out"/desired/{servers,sites,cron} "$out/templates/nginx"
    for name in sites cron; do
        for ((number = 1; number <= count; number++)); do printf '%s\0' "$name/h$number"; done
    done | (cd "$out/desired" && xargs -0 --no-run-if-empty mkdir -p)
    printf 'version: 1\n' >"$out/desired/stead.yaml"
    write_template >"$out/templates/nginx/frontend.conf"
    number=0
    while read -r address && read -r user; do
        name=h$((++number))
        write_server "$name" "$address" "$user" >"$out/desired/servers/$name.yaml"
        write_sites "$name" "$sites" "$out/desired/sites/$name"
        write_crons "$name" "$crons" "$out/desired/cron/$name"
    done < <(plain_hosts "$count")
}

# Fills `reached` with what the fleet's list says of each host.
read_hosts() {
    local name rest
    [[ -e $FLEET_OUT/hosts ]] || return 0
    while IFS=$'\t' read -r name rest; do reached[$name]=$rest; done <"$FLEET_OUT/hosts"
}

# The address and the user, a line each, that hosts h1…h$1 have when they are up.
plain_hosts() {
    local number
    for ((number = 1; number <= $1; number++)); do
        address_of "h$number"
        user_of "h$number"
    done
}

write_template() {
    cat <<'TEMPLATE'
# {{name}}
server {
    listen 80;
    listen [::]:80;
    server_name {{serverNames}};

    access_log /var/log/nginx/{{domain}}.access.log;
    error_log /var/log/nginx/{{domain}}.error.log warn;

    location / {
        proxy_pass http://{{upstream}};
        proxy_http_version 1.1;
        proxy_set_header Host $host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_read_timeout 60s;
    }
}
TEMPLATE
}

# What isn't in the fleet's list, because it is not up, gets the address it would have and no key to
# pin.
write_server() {
    local name=$1 address=$2 port=22 user=$3 key=
    [[ -z ${reached[$name]:-} ]] || IFS=$'\t' read -r address port user key <<<"${reached[$name]}"
    printf '%s\n' 'kind: Server' "name: $name" "host: $address" "port: $port" "user: $user"
    [[ $user == root ]] || printf 'become: sudo\n'
    printf 'identityFile: %s\n' "$FLEET_OUT/id_ed25519"
    [[ -z $key ]] || printf 'hostKey: %s\n' "$key"
    printf 'provides: [nginx, cron]\n'
}

write_sites() {
    local server=$1 count=$2 folder=$3 number
    for ((number = 1; number <= count; number++)); do
        printf '%s\n' 'kind: NginxSite' "name: site-$server-$number" "server: $server" \
            "domain: s$number.$server.example.com" 'template: frontend' \
            'upstream: 127.0.0.1:3000' 'tls: none' >"$folder/site$number.yaml"
    done
}

write_crons() {
    local server=$1 count=$2 folder=$3 number
    for ((number = 1; number <= count; number++)); do
        printf '%s\n' 'kind: CronJob' "name: job-$server-$number" "server: $server" \
            "schedule: \"$((number * 7 % 60)) $((number % 24)) * * *\"" 'user: root' \
            "command: [/usr/bin/true, \"$server job $number\"]" >"$folder/job$number.yaml"
    done
}
