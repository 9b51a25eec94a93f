#!/bin/sh
# What every npm script goes through: installs what the lockfile names by whatever Node the machine has, then becomes scripts/NAME.ts by the pinned one.
name=$1
shift
cd "$(dirname "$0")/.." || exit
SIGHTLINE_FULL=$(node scripts/install.mjs "$name") || exit
export SIGHTLINE_FULL SIGHTLINE_ROOT="$PWD"
set -- node_modules/node/bin/node --disable-warning=ExperimentalWarning "scripts/$name.ts" "$@"
# When npm is killed outright there is no signal to pass on, and nothing must stay behind unseen. Without npm, a shell may end and leave us.
if [ -n "$npm_lifecycle_event" ] && command -v setpriv > /dev/null; then set -- setpriv --pdeathsig TERM -- "$@"; fi
exec "$@"
