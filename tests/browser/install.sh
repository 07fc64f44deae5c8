#!/bin/sh
# Debian's Chromium and Chinese letters for the browser tests, where this account may install them.
set -u

chromium_there() { command -v chromium >/dev/null 2>&1; }
letters_there() { ls /usr/share/fonts/opentype/noto/NotoSansCJK-*.ttc >/dev/null 2>&1; }

missing=
chromium_there || missing="chromium"
letters_there || missing="$missing fonts-noto-cjk"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the browser tests:" $missing
    apt-get update -qq >/dev/null &&
        DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null &&
        exit 0
fi
echo "Not on this machine, and not to be installed by this account: $missing. Browser tests cannot run without them."
