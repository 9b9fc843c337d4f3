#!/bin/sh
# Has every shell that is here load its script, strictly where it can be strict: nothing may be printed, and jitnow must
# be there. Usage: load.sh DIRECTORY [SHELL…]; named shells must be here.
set -eu

scripts=$1
shift

check() {
    shell=$1
    shift
    said=$("$@" 2>&1) || { printf '%s fails: %s\n' "$shell" "$said"; exit 1; }
    [ "$said" = 'there' ] || { printf '%s says: %s\n' "$shell" "$said"; exit 1; }
    printf '%s: well\n' "$shell"
}

for shell in "${@:-sh}"; do
    case $shell in
        *bash) check "$shell" "$shell" --norc -c "set -euo pipefail; . '$scripts/jitpass.bash'; . '$scripts/jitpass.bash'; type jitnow jituse >/dev/null; echo there" ;;
        *zsh) check "$shell" "$shell" -f -c "setopt err_exit no_unset; . '$scripts/jitpass.zsh'; . '$scripts/jitpass.zsh'; whence jitnow jituse >/dev/null; echo there" ;;
        *fish) check "$shell" "$shell" --no-config -c "source '$scripts/jitpass.fish'; functions -q jitnow; and functions -q jituse; and echo there" ;;
        *nu) check "$shell" "$shell" --no-config-file -c "source '$scripts/jitpass.nu'; if (scope commands | where name in [jitnow jituse] | length) == 2 { print there }" ;;
        *elvish) check "$shell" "$shell" -norc -c "eval (slurp < '$scripts/jitpass.elv'); echo there" ;;
        *xonsh) check "$shell" "$shell" --no-rc -c "source '$scripts/jitpass.xsh'; print('there' if 'jituse' in aliases else 'no')" ;;
        *tcsh) check "$shell" "$shell" -f -c "source '$scripts/jitpass.tcsh'; alias jitnow >/dev/null && echo there" ;;
        *) check "$shell" "$shell" -euc ". '$scripts/jitpass.sh'; . '$scripts/jitpass.sh'; command -v jitnow jituse >/dev/null; echo there" ;;
    esac
done
