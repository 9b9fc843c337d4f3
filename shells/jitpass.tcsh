# jitpass in tcsh: jitnow, jituse, completions. Reading it again changes nothing.
#
# What tcsh cannot do: it has no functions, so that these are aliases, and `jituse` evaluates what the program prints
# (one line, every value a quoted literal). Before that tcsh looks for wildcards, braces and `~` in the line and makes
# blanks in a row one, quotes or not: the program has to refuse a value with those. An empty argument is lost.
# What tcsh completes has no descriptions and no blanks: candidates with blanks are left out. Whether something
# completes `aws` already, it cannot tell without starting a process: `aws` is left alone.

set __jitpass = '@jitpass@'

alias jitnow '$__jitpass:q console --copy \!*'

alias jituse 'set __jitpass_words = (\!*); set __jitpass_said = `$__jitpass:q use --tcsh $__jitpass_words:q`; set __jitpass_status = $status; eval $__jitpass_said:q; unset __jitpass_words __jitpass_said; set status = $__jitpass_status'

# ---- completions ----

set __jitpass = '@jitpass@'

# tcsh gives the line in COMMAND_LINE. Its words are split at blanks, without regard to quotes.
set __jitpass_ask = 'set -f; set -- "$0" $COMMAND_LINE; program=$1; shift; name=${1##*/}; shift; case $name in jitnow|jituse|aws) ;; *) name=jitpass ;; esac; case $COMMAND_LINE in *[[:blank:]]) set -- "$@" "" ;; esac; "$program" complete "$#" -- "$name" "$@" 2>/dev/null </dev/null | sed -e "s/	.*//" -e "/ /d"'

complete jitpass 'p@*@`sh -c $__jitpass_ask:q $__jitpass:q`@'
complete jitnow 'p@*@`sh -c $__jitpass_ask:q $__jitpass:q`@'
complete jituse 'p@*@`sh -c $__jitpass_ask:q $__jitpass:q`@'
