# jitpass in PowerShell 5.1 and later: jitnow, jituse, completions. Reading it again changes nothing.

# An alias of that name would win over the function.
Remove-Item -LiteralPath Alias:jitnow -Force -ErrorAction Ignore
Remove-Item -LiteralPath Alias:jituse -Force -ErrorAction Ignore

function global:jitnow {
    $words = @($args)
    # Before 7.3 a quote was lost on the way to a program, and so was an empty word.
    $passing = Get-Variable -Name PSNativeCommandArgumentPassing -ValueOnly -ErrorAction Ignore
    if ($null -eq $passing -or "$passing" -eq 'Legacy') {
        $words = @(foreach ($word in $words) { if ("$word" -eq '') { '""' } else { "$word" -replace '(\\*)"', '$1$1\"' } })
    }
    & '@jitpass@' console --copy @words
}

# The program decides; what it prints (`NAME=VALUE` to set, `NAME` to remove) is never evaluated.
function global:jituse {
    $words = @($args)
    $passing = Get-Variable -Name PSNativeCommandArgumentPassing -ValueOnly -ErrorAction Ignore
    if ($null -eq $passing -or "$passing" -eq 'Legacy') {
        $words = @(foreach ($word in $words) { if ("$word" -eq '') { '""' } else { "$word" -replace '(\\*)"', '$1$1\"' } })
    }
    # What a program prints is read in the console's encoding. Without a console it cannot be set.
    $encoding = [Console]::OutputEncoding
    try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false } catch { $null = $_ }
    # It stays so if the program cannot be started at all.
    $global:LASTEXITCODE = 127
    try {
        $said = @(& '@jitpass@' use @words)
    } finally {
        try { [Console]::OutputEncoding = $encoding } catch { $null = $_ }
    }
    if ($global:LASTEXITCODE -ne 0) { return }
    foreach ($line in $said) {
        if ($line -cnotmatch '^(AWS|JITUSE)_[A-Z0-9_]+(=|$)') { continue }
        $name, $value = $line -split '=', 2
        if ("$value" -eq '') {
            Remove-Item -LiteralPath "Env:$name" -ErrorAction Ignore
        } else {
            Set-Item -LiteralPath "Env:$name" -Value $value
        }
    }
}

# ---- completions ----

# In a scope of its own, so that nothing of it stays.
& {
    $complete = {
        param($wordToComplete, $commandAst, $cursorPosition)
        $ErrorActionPreference = 'SilentlyContinue'
        $PSNativeCommandUseErrorActionPreference = $false
        # The words up to the cursor, without their quotes.
        $words = New-Object System.Collections.Generic.List[string]
        $last = ''
        foreach ($element in $commandAst.CommandElements) {
            $start = $element.Extent.StartOffset
            if ($start -ge $cursorPosition) { break }
            if ($element.Extent.EndOffset -ge $cursorPosition) {
                $last = $element.Extent.Text.Substring(0, $cursorPosition - $start) -replace '^[''"]|(?<=.)[''"]$', ''
            } elseif ($element -is [Management.Automation.Language.StringConstantExpressionAst]) {
                $words.Add($element.Value)
            } else {
                $words.Add($element.Extent.Text)
            }
        }
        if ($words.Count -eq 0) { return }
        $name = [IO.Path]::GetFileNameWithoutExtension($words[0])
        if (@('jitnow', 'jituse', 'aws') -notcontains $name) { $name = 'jitpass' }
        $words[0] = $name
        $index = $words.Count
        $words.Add($last)
        # Before 7.3 a quote was lost on the way to a program, and so was an empty word.
        $passing = Get-Variable -Name PSNativeCommandArgumentPassing -ValueOnly -ErrorAction Ignore
        if ($null -eq $passing -or "$passing" -eq 'Legacy') {
            $words = @(foreach ($word in $words) { if ($word -eq '') { '""' } else { $word -replace '(\\*)"', '$1$1\"' } })
        }
        $status = Get-Variable -Name LASTEXITCODE -Scope Global -ValueOnly -ErrorAction Ignore
        $encoding = [Console]::OutputEncoding
        try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false } catch { $null = $_ }
        try {
            $said = @(& '@jitpass@' complete $index '--' @words 2>$null)
        } catch {
            $said = @()
        } finally {
            try { [Console]::OutputEncoding = $encoding } catch { $null = $_ }
            $global:LASTEXITCODE = $status
        }
        foreach ($line in $said) {
            $value, $description = $line -split "`t", 2
            if ("$value" -eq '') { continue }
            if ("$description" -eq '') { $description = $value }
            $text = $value
            # What begins like a number would become one.
            if ($value -notmatch '^(--?[A-Za-z0-9-]*|[A-Za-z_/][A-Za-z0-9_./:+=@-]*)$') {
                $text = "'" + ($value -replace '([''\u2018-\u201b])', '$1$1') + "'"
            }
            New-Object System.Management.Automation.CompletionResult $text, $value, 'ParameterValue', $description
        }
    }
    Register-ArgumentCompleter -Native -CommandName @('jitpass', 'jitnow', 'jituse') -ScriptBlock $complete

    # Whether anything completes `aws` is not told, so one has to look inside; where that fails `aws` is left alone.
    try {
        $inside = [Reflection.BindingFlags]'Instance, NonPublic'
        $context = $ExecutionContext.GetType().GetField('_context', $inside).GetValue($ExecutionContext)
        $known = $context.GetType().GetProperty('NativeArgumentCompleters', $inside).GetValue($context, $null)
        if ($null -eq $known -or -not $known.ContainsKey('aws')) {
            Register-ArgumentCompleter -Native -CommandName aws -ScriptBlock $complete
        }
    } catch {
        $null = $_
    }
}
