# shellcheck shell=bash
# jitpass in bash 3.2 and later: jitnow, jituse, completions.
#
# What a person may have done to the shell must not matter: aliases are off while this is read, built-in commands are
# called as such, options are neither relied on nor changed. Reading it again changes nothing.

\builtin shopt -q expand_aliases && __jitpass_aliases=-s || __jitpass_aliases=-u
\builtin shopt -u expand_aliases
# An older `jitnow` gives way to this one, function or alias.
\builtin unalias jitnow jituse 2>/dev/null || \builtin :

# Says so where the program was moved or is gone.
__jitpass_is_there() {
    \builtin type -P '@jitpass@' >/dev/null && \builtin return
    \builtin printf "error: jitpass is not at %s: run \`jitpass shell install\` with the one you have\n" \
        '@jitpass@' >&2
    \builtin return 127
}

jitnow() {
    __jitpass_is_there || \builtin return
    '@jitpass@' console --copy "$@"
}

# The program decides; what it prints (`NAME=VALUE` to export, `NAME` to unset) is never evaluated.
jituse() {
    \builtin local __jitpass_said __jitpass_rest __jitpass_line __jitpass_step
    __jitpass_is_there || \builtin return
    __jitpass_said=$('@jitpass@' use "$@") || \builtin return
    # Where one of them cannot be changed, none is: the others would not go with it.
    for __jitpass_step in look change; do
        __jitpass_rest=$__jitpass_said
        while [[ -n $__jitpass_rest ]]; do
            __jitpass_line=${__jitpass_rest%%$'\n'*}
            __jitpass_rest=${__jitpass_rest#"$__jitpass_line"}
            __jitpass_rest=${__jitpass_rest#$'\n'}
            # The name of a variable and nothing else: a subscript would be evaluated.
            case ${__jitpass_line%%=*} in
                *[!A-Z0-9_]*) \builtin continue ;;
                AWS_?* | JITUSE_?*) ;;
                *) \builtin continue ;;
            esac
            case $__jitpass_step$__jitpass_line in
                look*)
                    (\builtin unset -v "${__jitpass_line%%=*}") 2>/dev/null && \builtin continue
                    \builtin printf 'error: %s is read-only in this shell: nothing was changed\n' \
                        "${__jitpass_line%%=*}" >&2
                    \builtin return 1
                    ;;
                *=*) \builtin export "${__jitpass_line?}" || \builtin return ;;
                *) \builtin unset -v "$__jitpass_line" || \builtin return ;;
            esac
        done
    done
}

\builtin shopt "$__jitpass_aliases" expand_aliases || \builtin :
\builtin unset -v __jitpass_aliases

# ---- completions ----

\builtin shopt -q expand_aliases && __jitpass_aliases=-s || __jitpass_aliases=-u
\builtin shopt -u expand_aliases

# Asks the program. The line is split here: COMP_WORDS is split at `:` and `=` too, and not before bash 4.
# What readline replaces is only $2, the part after an open quote or the last of COMP_WORDBREAKS; the value of what
# stands before it in the same word is `head`, and `quote` is the quote that is open there.
__jitpass_complete() {
    # What follows `builtin local` is split like any argument: values are assigned apart.
    \builtin local line said value candidate c i length cut word state quote head in_word redirected words lines IFS
    IFS=$'\n' line=${COMP_LINE:0:COMP_POINT} word='' state=- quote=- head='' in_word='' redirected=''
    length=${#line} cut=$((${#line} - ${#2}))
    words=() COMPREPLY=()
    for ((i = 0; i <= length; i++)); do
        if ((i == cut)); then head=$word quote=$state; fi
        ((i < length)) || \builtin break
        c=${line:i:1}
        case $state$c in
            "''" | '""') state=- ;;
            \'* | '"'[!\\]) word+=$c ;;
            '"'*)
                if [[ ${line:i+1:1} == [\"\\\$\`] ]]; then i=$((i + 1)); fi
                word+=${line:i:1}
                ;;
            -\\) i=$((i + 1)) in_word=1 word+=${line:i:1} ;;
            -[\'\"]) state=$c in_word=1 ;;
            -[\ $'\t'$'\n'\<\>])
                if [[ -n $in_word && -z $redirected && ! ($c == [\<\>] && $word =~ ^[0-9]+$) ]]; then
                    words+=("$word")
                fi
                if [[ -n $in_word ]]; then redirected=''; fi
                if [[ $c == [\<\>] ]]; then redirected=1; fi
                word='' in_word='' head='' quote=-
                ;;
            *) word+=$c in_word=1 ;;
        esac
    done
    # What is read or written is a file.
    [[ -z $redirected ]] || \builtin return 0
    case ${1##*/} in
        jitnow | jituse | aws) words[0]=${1##*/} ;;
        *) words[0]=jitpass ;;
    esac
    said=$('@jitpass@' complete "${#words[@]}" -- "${words[@]}" "$word" </dev/null 2>/dev/null) ||
        \builtin return 0
    [[ -n $said ]] || \builtin return 0
    \builtin read -r -d '' -a lines <<<"$said" || \builtin :
    # Several that do not begin with the word can only be listed: readline would put what they have in common in its
    # place. 63 is a list, 37 one after the other.
    if [[ ${#lines[@]} -gt 1 && ${lines[0]} != "$word"* && ${COMP_TYPE-} != 63 && ${COMP_TYPE-} != 37 ]]; then
        \builtin return 0
    fi
    # The second TAB only lists: there is room for descriptions, and no need to quote.
    if [[ ${COMP_TYPE-} == 63 && ${#lines[@]} -gt 1 ]]; then
        for candidate in "${lines[@]}"; do
            value=${candidate%%$'\t'*}
            if [[ $value != "$candidate" ]]; then value+="  (${candidate#*$'\t'})"; fi
            COMPREPLY+=("$value")
        done
        \builtin return 0
    fi
    lines=("${lines[@]%%$'\t'*}")
    # Thousands of plain words are not looked at one by one.
    if [[ -z $head && "${lines[*]}" != *[!A-Za-z0-9_./:=@%+$'\n'-]* ]]; then
        COMPREPLY=("${lines[@]}")
        \builtin return 0
    fi
    for value in "${lines[@]}"; do
        [[ $value == "$head"* ]] || \builtin continue
        value=${value#"$head"}
        case $quote in
            "'") value=${value//\'/\'\\\'\'} ;;
            '"')
                value=${value//\\/\\\\} value=${value//\"/\\\"}
                value=${value//\$/\\\$} value=${value//\`/\\\`}
                # Inside these quotes nothing keeps history from being looked for.
                value=${value//\!/\"\\\!\"}
                ;;
            *) [[ $value != *[!A-Za-z0-9_./:=@%+-]* ]] || \builtin printf -v value %q "$value" ;;
        esac
        COMPREPLY+=("$value")
    done
}

# bash-completion loads what it knows about a command when that is completed first, and ours would be in its way.
__jitpass_complete_aws() {
    \builtin local load
    for load in _comp_load __load_completion; do
        \builtin declare -F "$load" >/dev/null || \builtin continue
        \builtin complete -r aws
        if "$load" aws >/dev/null 2>&1 && \builtin complete -p aws >/dev/null 2>&1; then \builtin return 124; fi
    done
    \builtin complete -o bashdefault -o default -F __jitpass_complete aws
    __jitpass_complete "$@"
}

# The most used first, where bash can keep an order.
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)); then
    \builtin complete -o bashdefault -o default -o nosort -F __jitpass_complete jitpass jitnow jituse || \builtin :
else
    \builtin complete -o bashdefault -o default -F __jitpass_complete jitpass jitnow jituse || \builtin :
fi
\builtin complete -p aws >/dev/null 2>&1 ||
    \builtin complete -o bashdefault -o default -F __jitpass_complete_aws aws || \builtin :

\builtin shopt "$__jitpass_aliases" expand_aliases || \builtin :
\builtin unset -v __jitpass_aliases
