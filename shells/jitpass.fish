# jitpass in fish 3.1 and later: jitnow, jituse, completions. Reading it again changes nothing.

function __jitpass_is_there --description 'Say so where the program was moved or is gone'
    command -sq '@jitpass@'
    and return
    printf 'error: jitpass is not at %s: run `jitpass shell install` with the one you have\n' '@jitpass@' >&2
    return 127
end

function jitnow --description 'Copy a link to the AWS console'
    __jitpass_is_there
    or return
    command '@jitpass@' console --copy $argv
end

# The program decides; what it prints (`NAME=VALUE` to export, `NAME` to unset) is never evaluated.
function jituse --description 'Use an AWS profile in this shell'
    __jitpass_is_there
    or return
    # What a command prints is split at line ends only while this says so.
    set -l IFS \n
    set -l said (command '@jitpass@' use $argv)
    or return
    for line in $said
        string match --quiet --regex '^(AWS|JITUSE)_[A-Z0-9_]+(=|$)' -- $line
        or continue
        set -l pair (string split --max 1 = -- $line)
        if set -q pair[2]
            set -gx $pair[1] $pair[2]
            continue
        end
        set -eg $pair[1]
        # A universal variable belongs to every shell: it is kept, and empty in this one.
        if set -qU $pair[1]
            set -gx $pair[1] ''
        end
    end
    return 0
end

# ---- completions ----

function __jitpass_complete --description 'Ask jitpass what a word may be'
    set -l IFS \n
    set -l words (commandline -opc)
    set -l name (string replace --regex '.*/' '' -- $words[1])
    contains -- "$name" jitnow jituse aws
    or set name jitpass
    set words[1] $name
    set -l typed (commandline -ct)
    # The word may be in quotes that are not closed yet.
    set -l word (string unescape -- "$typed"; or string unescape -- "$typed'"; or string unescape -- "$typed\"")
    set -l candidates
    # Else fish would say over and over that it is gone.
    command -sq '@jitpass@'
    and set candidates (command '@jitpass@' complete (count $words) -- $words "$word" </dev/null 2>/dev/null)
    if set -q candidates[1]
        printf '%s\n' $candidates
    else if test "$name" != aws
        __fish_complete_path "$word"
    end
end

# fish's own completions for `aws` ask `aws_completer`; where that is missing nothing completes a profile.
function __jitpass_completes_aws --description 'Whether jitpass completes this word of aws'
    not type -q aws_completer
    or return
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    test "$words[-1]" = --profile
    or string match --quiet -- '--profile=*' "$typed"
end

complete --command jitpass --no-files --keep-order --arguments '(__jitpass_complete)'
complete --command jitnow --no-files --keep-order --arguments '(__jitpass_complete)'
complete --command jituse --no-files --keep-order --arguments '(__jitpass_complete)'
complete --command aws --no-files --condition __jitpass_completes_aws --arguments '(__jitpass_complete)'
