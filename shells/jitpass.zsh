# jitpass in zsh 5.0 and later: jitnow, jituse, completions.
#
# What a person may have done to the shell must not matter: words are quoted until aliases are off, and the options
# that change how a function is read are put back at the end. Reading it again changes nothing.

'builtin' 'typeset' '-g' '__jitpass_options=no_aliases'
[[ ! -o 'aliases' ]] || __jitpass_options="$__jitpass_options aliases"
[[ ! -o 'ignore_braces' ]] || __jitpass_options="$__jitpass_options ignore_braces"
[[ ! -o 'sh_glob' ]] || __jitpass_options="$__jitpass_options sh_glob"
'builtin' 'setopt' 'no_aliases' 'no_ignore_braces' 'no_sh_glob'
# An older `jitnow` gives way to this one, function or alias.
'builtin' 'unalias' 'jitnow' 2>'/dev/null' || 'builtin' ':'
'builtin' 'unalias' 'jituse' 2>'/dev/null' || 'builtin' ':'

# Quoted, for `eval` reads all of this before the aliases are off. Says so where the program was moved or is gone.
\__jitpass_is_there() {
    \builtin whence -p '@jitpass@' >/dev/null && \builtin return
    \builtin printf "error: jitpass is not at %s: run \`jitpass shell install\` with the one you have\n" \
        '@jitpass@' >&2
    \builtin return 127
}

\jitnow() {
    __jitpass_is_there || \builtin return
    \builtin command '@jitpass@' console --copy "$@"
}

# The program decides; what it prints (`NAME=VALUE` to export, `NAME` to unset) is never evaluated.
\jituse() {
    \builtin emulate -L zsh
    \builtin local __jitpass_said __jitpass_rest __jitpass_line __jitpass_name __jitpass_step
    __jitpass_is_there || \builtin return
    __jitpass_said=$(\builtin command '@jitpass@' use "$@") || \builtin return
    # Where one of them cannot be changed, none is: zsh would stop at it, half done.
    for __jitpass_step in look change; do
        __jitpass_rest=$__jitpass_said
        while [[ -n $__jitpass_rest ]]; do
            __jitpass_line=${__jitpass_rest%%$'\n'*}
            __jitpass_rest=${__jitpass_rest#"$__jitpass_line"}
            __jitpass_rest=${__jitpass_rest#$'\n'}
            __jitpass_name=${__jitpass_line%%=*}
            # The name of a variable and nothing else: a subscript would be evaluated.
            case $__jitpass_name in
                (*[^A-Z0-9_]*) \builtin continue ;;
                (AWS_?*|JITUSE_?*) ;;
                (*) \builtin continue ;;
            esac
            case $__jitpass_step$__jitpass_line in
                (look*)
                    [[ ${(tP)__jitpass_name} == *readonly* ]] || \builtin continue
                    \builtin printf 'error: %s is read-only in this shell: nothing was changed\n' "$__jitpass_name" >&2
                    \builtin return 1
                    ;;
                (*=*) \builtin export "$__jitpass_line" ;;
                (*) \builtin unset -v "$__jitpass_line" ;;
            esac
        done
    done
    \builtin return 0
}

# ---- completions ----

#compdef jitpass jitnow jituse

# Asks the program. The completion system has set the options that it wants by now.
\__jitpass_complete() {
    \builtin local said line row name=${service:-jitpass}
    \builtin local -i width=0 cells=$((COLUMNS > 20 ? COLUMNS - 1 : 79))
    \builtin local -a before lines values rows expl list how
    case $name in
        (jitnow|jituse|aws) ;;
        (*) name=jitpass ;;
    esac
    before=("${(@Q)words[2,CURRENT-1]}")
    # An open quote stands in a prefix of its own.
    said=$(\builtin command '@jitpass@' complete $((CURRENT - 1)) -- $name "${before[@]}" "${(Q)PREFIX}" \
        </dev/null 2>/dev/null)
    if [[ -z $said ]]; then
        _default
        \builtin return
    fi
    lines=("${(@f)said}")
    values=("${(@)lines%%$'\t'*}")
    # Of thousands nobody reads what they are, and it takes zsh a second to lay them out.
    if [[ $#lines -le 1000 && $said == *$'\t'* ]]; then
        # A row for each, which `_describe` does not give: it puts those of one description together.
        for row in "${values[@]}"; do
            if ((${(m)#row} > width)); then width=${(m)#row}; fi
        done
        # A very long name does not push all descriptions off the screen.
        if ((width > cells / 2)); then width=$((cells / 2)); fi
        for line in "${lines[@]}"; do
            row=${line%%$'\t'*}
            if [[ $line == *$'\t'* ]]; then
                if ((${(m)#row} < width)); then row=${(mr:width:)row}; fi
                row+="  -- ${line#*$'\t'}"
                if ((${(m)#row} > cells)); then row=${(mr:cells:)row}; fi
            fi
            rows+=("$row")
        done
        list=(-l -d rows)
    fi
    # What does not begin with the word takes its place all the same. One of several is chosen: what they have in common
    # may be less than the word.
    if [[ $said != "${(Q)PREFIX}"* ]]; then
        how=(-U)
        (( $#values == 1 )) || compstate[insert]=menu
    fi
    # The program's order is kept: the most used first.
    _wanted -V "jitpass-$name" expl jitpass compadd $list "${how[@]}" -a values
}

# Before the first prompt the completion system may not be there yet, may start anew and forget, or may learn of `aws`
# from a line further down. So all is looked at again then.
\__jitpass_register() {
    \builtin emulate -L zsh
    \builtin typeset -ga precmd_functions
    precmd_functions=(${precmd_functions:#__jitpass_register})
    if [[ ${1-} == load ]] || (( ! ${+functions[compdef]} )); then
        precmd_functions+=(__jitpass_register)
    fi
    (( ${+functions[compdef]} )) || \builtin return 0
    compdef __jitpass_complete jitpass jitnow jituse
    [[ ${1-} == load ]] || (( ${+_comps[aws]} )) || compdef __jitpass_complete aws
    \builtin return 0
}

# A package installs this part alone as the function `_jitpass`.
if [[ ${funcstack[1]-} == '_jitpass' ]]; then
    __jitpass_complete "$@"
elif [[ -o 'interactive' ]]; then
    __jitpass_register 'load'
fi

if [[ -n ${__jitpass_options-} ]]; then
    \builtin setopt "${(@s: :)__jitpass_options}"
    \builtin unset __jitpass_options
fi
