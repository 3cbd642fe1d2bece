#!/bin/sh
# assemble.sh TARGET: puts into TARGET what an image of the services needs, and nothing else: one bundle of JavaScript
# with an entry for each service and for eipctl, the migrations, and the licences of what is in the bundle. Runs in
# the repository; needs npm and Node 24.
set -eu
target=$1
root=$(cd "$(dirname "$0")/../.." && pwd)

case $(node --version) in
v2[4-9].* | v[3-9]?.*) ;;
*)
  echo "assemble.sh needs Node 24 or newer on the PATH, and node is $(node --version)" >&2
  exit 1
  ;;
esac

mkdir -p "$target"
target=$(cd "$target" && pwd)
cd "$root"
node scripts/boot.mjs install
node infra/image/bundle.mjs "$target"
cp -R migrations infra/image/bin LICENSE "$target/"
