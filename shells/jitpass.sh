# shellcheck shell=sh
# jitpass in a POSIX shell (dash, ksh, mksh, ash): jitnow and jituse. There are no completions here.
#
# Words are written with a backslash so that no alias takes their place. Reading it again changes nothing.

# An older `jitnow` gives way to this one, function or alias.
\command unalias jitnow 2>/dev/null || \:
\command unalias jituse 2>/dev/null || \:

# Says so where the program was moved or is gone.
__jitpass_is_there() {
    \command -v '@jitpass@' >/dev/null && \return
    \command printf "error: jitpass is not at %s: run \`jitpass shell install\` with the one you have\n" \
        '@jitpass@' >&2
    \return 127
}

jitnow() {
    __jitpass_is_there || \return
    '@jitpass@' console --copy "$@"
}

# The program decides; what it prints (`NAME=VALUE` to export, `NAME` to unset) is never evaluated.
# There is no `local`: all is kept in the function's own parameters. A line with `!` is the status of a failure.
jituse() {
    __jitpass_is_there || \return
    \set -- "$('@jitpass@' use "$@" || \command printf '\n!%s' "$?")"
    case $1 in
        *'
!'*) \return "${1##*'
!'}" ;;
    esac
    # Twice: where one of them cannot be changed, none is, for the shell would end at it. What is left comes first, then
    # what to do with it, then all of it.
    \set -- "$1" look "$1"
    while \:; do
        case $2$1 in
            look) \set -- "$3" change ;;
            change) \return 0 ;;
        esac
        case $1 in
            *'
'*) \set -- "${1%%'
'*}" "${1#*'
'}" "$2" "${3-}" ;;
            *) \set -- "$1" '' "$2" "${3-}" ;;
        esac
        case ${1%%=*} in
            *[!A-Z0-9_]*) ;;
            AWS_?* | JITUSE_?*)
                case $3$1 in
                    look*)
                        (\unset -v "${1%%=*}") 2>/dev/null || {
                            \command printf 'error: %s is read-only in this shell: nothing was changed\n' "${1%%=*}" >&2
                            \return 1
                        }
                        ;;
                    *=*) \export "${1?}" ;;
                    *) \unset -v "$1" ;;
                esac
                ;;
        esac
        \shift
    done
}
