# jitpass in xonsh: jitnow, jituse, completions. Reading it again changes nothing.


def __jitpass_load_functions():
    import re
    import subprocess

    from xonsh.built_ins import XSH
    from xonsh.tools import unthreadable

    # In a list, what looks like a variable or a pattern is replaced, also in the program's path: then it is called by
    # a function, which cannot stand in a pipeline.
    @unthreadable
    def jitnow(args):
        return subprocess.run(['@jitpass@', 'console', '--copy', *args], env=XSH.env.detype()).returncode

    # It asks at the terminal, so it must not run beside the shell. The program decides; what it prints
    # (`NAME=VALUE` to set, `NAME` to remove) is never evaluated.
    @unthreadable
    def jituse(args):
        command = ['@jitpass@', 'use', *args]
        said = subprocess.run(command, env=XSH.env.detype(), stdout=subprocess.PIPE)
        if said.returncode != 0:
            return said.returncode
        for line in said.stdout.decode('utf-8', 'surrogateescape').split('\n'):
            line = line.removesuffix('\r')
            if not re.match(r'(AWS|JITUSE)_[A-Z0-9_]+(=|$)', line):
                continue
            name, sign, value = line.partition('=')
            if sign:
                XSH.env[name] = value
            else:
                XSH.env.pop(name, None)
        return 0

    command = ['@jitpass@', 'console', '--copy']
    XSH.aliases['jitnow'] = jitnow if re.search(r'[^-\w./\\: @+]', command[0]) else command
    XSH.aliases['jituse'] = jituse


__jitpass_load_functions()
del __jitpass_load_functions

# ---- completions ----


def __jitpass_load_completions():
    import os
    import re
    import shutil
    import subprocess

    from xonsh.built_ins import XSH
    from xonsh.completers.completer import add_one_completer
    from xonsh.completers.tools import RichCompletion, contextual_command_completer

    def quoted(value):
        if re.fullmatch(r'[A-Za-z0-9_./:+=-][A-Za-z0-9_./:+=@-]*', value):
            return value
        # A variable is looked for inside quotes too; a Python text is taken as it is.
        if re.search(r'[\'"\\$~{}%*?`\[\]]', value) or not value.isprintable():
            return f'@({value!r})'
        return f"'{value}'"

    @contextual_command_completer
    def complete(context):
        """Completes jitpass, jitnow and jituse, and profiles of aws"""
        words = [word.value for word in context.args[: context.arg_index]]
        if not words:
            return None
        name = os.path.basename(words[0])
        if name not in ('jitpass', 'jitnow', 'jituse', 'aws'):
            return None
        if name == 'aws' and shutil.which('aws_completer'):
            return None
        command = ['@jitpass@', 'complete', str(len(words)), '--', name, *words[1:], context.prefix]
        quiet = {'stdin': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL}
        try:
            said = subprocess.run(command, env=XSH.env.detype(), stdout=subprocess.PIPE, **quiet)
        except OSError:
            return None
        typed = len(context.opening_quote) + len(context.prefix)
        if context.is_after_closing_quote:
            typed += len(context.closing_quote)
        found = set()
        for line in said.stdout.decode('utf-8', 'replace').splitlines():
            value, _, description = line.partition('\t')
            if value:
                text = quoted(value)
                found.add(
                    RichCompletion(
                        text,
                        prefix_len=typed,
                        display=value,
                        description=description,
                        append_closing_quote=False,
                        append_space=True,
                    )
                )
        # With nothing to say the others are asked: file names.
        return found or None

    if 'jitpass' not in XSH.completers:
        add_one_completer('jitpass', complete, 'start')


__jitpass_load_completions()
del __jitpass_load_completions
