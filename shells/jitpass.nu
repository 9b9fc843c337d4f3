# jitpass in nushell: jitnow, jituse, completions. Reading it again changes nothing.

# Copy a link to the AWS console
export def --wrapped jitnow [...args: string@"nu-complete jitpass"] {
    ^'@jitpass@' console --copy ...$args
}

# Use an AWS profile in this shell
export def --env --wrapped jituse [...args: string@"nu-complete jitpass"] {
    # The program decides; what it prints (`NAME=VALUE` to set, `NAME` to remove) is never evaluated. When it fails,
    # so does this, and nothing is applied.
    let said = ^'@jitpass@' use ...$args
    let pairs = $said | lines | where $it =~ '^(AWS|JITUSE)_[A-Z0-9_]+(=|$)'
    for line in $pairs {
        let pair = $line | split row --number 2 '='
        if ($pair | length) == 2 {
            load-env {($pair.0): $pair.1}
        } else {
            hide-env --ignore-errors $pair.0
        }
    }
}

# ---- completions ----

# Asks the program what a word may be. Nothing said: file names.
def "nu-complete jitpass" [line: string]: nothing -> any {
    let tokens = $line | parse --regex r#'(?<word>(?:"(?:[^"\\]|\\.)*"?|'[^']*'?|`[^`]*`?|[^\s"'`])+)'# | get word
    let last = if $line =~ '\s$' { [''] } else { [] }
    # A word without its quotes.
    let words = $tokens | append $last | each {|token|
        match ($token | str substring 0..0) {
            '"' => ($token | str replace --regex '^"' '' | str replace --regex '"$' ''
                | str replace --all --regex '\\(.)' '$1')
            "'" => ($token | str trim --char "'")
            '`' => ($token | str trim --char '`')
            _ => $token
        }
    }
    let heads = $words | enumerate | where {|word| ($word.item | path basename) in [jitpass jitnow jituse aws] }
    if ($heads | is-empty) { return null }
    let head = $heads | last | get index
    let name = $words | get $head | path basename
    let rest = $words | skip ($head + 1)
    let said = try {
        null | ^'@jitpass@' complete ($rest | length) -- $name ...$rest | complete | get stdout | lines
    } catch {
        []
    }
    if ($said | is-empty) { return null }
    let candidates = $said | each {|line|
        let pair = $line | split row --number 2 "\t"
        # What means something to the shell, or begins like a number, is quoted.
        let text = if $pair.0 =~ '^(--?[A-Za-z0-9-]*|[A-Za-z_/][A-Za-z0-9_./:=@-]*)$' {
            $pair.0
        } else {
            $pair.0 | to json
        }
        {value: $text, description: ($pair.1? | default '')}
    }
    # The program has chosen already, and its order is kept: the most used first.
    {options: {filter: false, sort: false}, completions: $candidates}
}

export extern jitpass [...args: string@"nu-complete jitpass"]

# What completes other programs, `aws` among them, is one setting: it is made only where there is none.
export-env {
    if $env.config?.completions?.external?.completer? == null {
        $env.config.completions.external.completer = {|words|
            if ($words.0 | path basename) != aws { return null }
            let said = try {
                let rest = $words | skip 1
                null | ^'@jitpass@' complete ($rest | length) -- aws ...$rest | complete | get stdout | lines
            } catch {
                []
            }
            if ($said | is-empty) { return null }
            $said | each {|line|
                let pair = $line | split row --number 2 "\t"
                {value: $pair.0, description: ($pair.1? | default '')}
            }
        }
    }
}
