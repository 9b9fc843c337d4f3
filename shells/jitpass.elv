# jitpass in Elvish 0.18 and later: jitnow, jituse, completions. Reading it again changes nothing.

use re
use str

fn jitnow {|@args|
  (external '@jitpass@') console --copy $@args
}

# The program decides; what it prints (`NAME=VALUE` to set, `NAME` to remove) is never evaluated. When it fails, so
# does this, and nothing is applied.
fn jituse {|@args|
  var said = [((external '@jitpass@') use $@args)]
  for line $said {
    if (re:match '^(AWS|JITUSE)_[A-Z0-9_]+(=|$)' $line) {
      var pair = [(str:split &max=2 '=' $line)]
      if (== (count $pair) 2) {
        set-env $@pair
      } else {
        unset-env $pair[0]
      }
    }
  }
}

# A start-up file that evaluates this keeps the names to itself: they are given to the prompt by name. Without a
# terminal there is no editor to ask.
#
# A program that failed has said why: where a line is nothing but this command, no traceback of ours follows. In any
# other line the failure must keep what comes next from being done with the wrong profile.
if ?(eval 'nop $edit:prompt') {
  eval &ns=(ns [&jitnow~=$jitnow~ &jituse~=$jituse~]) '
    use re
    fn quietly {|function~ @args|
      try {
        function $@args
      } catch failure {
        var typed = [(edit:command-history &cmd-only &newest-first | take 1)]
        if (not-eq external-cmd/exited (try { put $failure[reason][type] } catch _ { put other })) {
          fail $failure
        } elif (or (eq $typed []) (not (re:match ''^jit(now|use)( [^;|&(){}\n\r]*)?$'' $typed[0]))) {
          fail $failure
        }
      }
    }
    edit:add-vars [
      &jitnow~={|@args| quietly $jitnow~ $@args }
      &jituse~={|@args| quietly $jituse~ $@args }
    ]
  '
}

# ---- completions ----

use path
use str

fn jitpass-complete {|@words|
  var name = (path:base $words[0])
  if (not (has-value [jitpass jitnow jituse aws] $name)) {
    set name = jitpass
  }
  var index = (to-string (- (count $words) 1))
  var said = []
  try {
    set said = [((external '@jitpass@') complete $index -- $name (all $words[1..]) </dev/null 2>/dev/null)]
  } catch _ {
    nop
  }
  if (== (count $said) 0) {
    if (not-eq $name aws) {
      edit:complete-filename $@words
    }
  }
  for line $said {
    var pair = [(str:split &max=2 "\t" $line)]
    if (== (count $pair) 2) {
      edit:complex-candidate $pair[0] &display=$pair[0]'  '$pair[1]
    } else {
      put $pair[0]
    }
  }
}

if ?(eval 'nop $edit:prompt') {
  eval &ns=(ns [&complete~=$jitpass-complete~]) '
    for name [jitpass jitnow jituse] {
      set edit:completion:arg-completer[$name] = $complete~
    }
    if (not (has-key $edit:completion:arg-completer aws)) {
      set edit:completion:arg-completer[aws] = $complete~
    }
  '
}
