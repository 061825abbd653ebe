#!/bin/sh
# Installs jcfetch into the image that is being built: the program in /usr/local/lib/jcfetch, a starter in /usr/local/bin.
# The options come as URL, SHA256 and PACKAGE. DESTDIR stands before every path, for trying it out.
set -eu

url=${URL:-}
sum=${SHA256:-}
package=${PACKAGE:-}
lib=/usr/local/lib/jcfetch
bin=/usr/local/bin
root=${DESTDIR:-}

refuse() {
  printf 'jcfetch: %s\n' "$1" >&2
  exit 1
}

download() {
  case $url in
    https://* | file://*) ;;
    *) refuse "url must begin with https://" ;;
  esac
  printf '%s\n' "$sum" | grep -Eqx '[0-9a-f]{64}' || refuse "sha256 must be the 64 digits of the archive's checksum"
  new=$(mktemp)
  trap 'rm -f "$new"' EXIT
  if command -v curl >/dev/null; then
    curl -fsSL --proto '=https,file' --proto-redir '=https' -o "$new" "$url"
  elif command -v wget >/dev/null; then
    wget -q --https-only -O "$new" "$url"
  else
    refuse "the image has neither curl nor wget; the common-utils Feature brings one"
  fi
  printf '%s  %s\n' "$sum" "$new" | sha256sum -c - >/dev/null 2>&1 || refuse "what came from $url has another checksum"
  tar -xf "$new" -C "$root$lib" --strip-components=1 --no-same-owner
  program=$lib/jcfetch
}

from_npm() {
  command -v npm >/dev/null || refuse "package needs Node and npm in the image; the node Feature brings them"
  npm install --global --ignore-scripts --omit=optional --no-audit --no-fund --prefix "$root$lib" "$package" >/dev/null
  program=$lib/bin/jcfetch
}

mkdir -p "$root$lib" "$root$bin"
if [ -n "$url" ]; then
  [ -z "$package" ] || refuse "url and package do not go together"
  download
else
  [ -n "$package" ] || refuse "say what to install: url and sha256, or package"
  from_npm
fi

cat >"$root$bin/jcfetch" <<END
#!/bin/sh
# Where a share of an agent is mounted it is asked, unless somebody has said otherwise.
if [ -z "\${JCFETCH_AGENT+set}" ] && [ -d /run/jcfetch-share ]; then
  JCFETCH_AGENT=/run/jcfetch-share/agent.sock
  export JCFETCH_AGENT
fi
exec $program "\$@"
END
chmod 0755 "$root$bin/jcfetch"

# An executable for another processor or another C library shows here, and not in somebody's terminal.
"$root$program" --version
