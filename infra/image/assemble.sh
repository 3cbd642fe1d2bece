#!/bin/sh
# assemble.sh TARGET: puts into TARGET what an image of the services needs, and nothing else: their source as
# JavaScript, the migrations, eipctl, and the packages that they import. Runs in the repository; needs npm and Node 24.
set -eu
target=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
pnpm=$(sed -n "s/^const pnpm = '\(.*\)'.*/\1/p" "$root/scripts/boot.mjs")
# Only what the services import themselves, through how many of our packages ever.
wanted='--filter ./services/*... --filter @pod-eip/eipctl...'

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
cp package.json pnpm-lock.yaml pnpm-workspace.yaml LICENSE "$target/"
cp -R migrations infra/image/bin "$target/"
find packages services test -name node_modules -prune -o -name package.json -print | while read -r file; do
  mkdir -p "$target/$(dirname "$file")"
  cp "$file" "$target/$file"
done

cd "$target"
# shellcheck disable=SC2086 # words
npx --yes "$pnpm" $wanted install --prod --no-optional --frozen-lockfile --prefer-offline \
  --package-import-method=copy
rm -rf test packages/devstack packages/simulators
for folder in packages/* services/*; do
  cp -R "$root/$folder/src" "$folder/"
done
find packages services \( -name '*.test.ts' -o -name testing \) -not -path '*/node_modules/*' -prune -exec rm -rf {} +
node --disable-warning=ExperimentalWarning "$root/infra/image/strip-types.mjs" "$target"
