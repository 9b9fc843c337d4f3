# Parses the script for PowerShell with the PowerShell that runs this, and runs it with a stand-in for the program.
# Usage: powershell.ps1 SCRIPT

param([Parameter(Mandatory = $true)][string]$Source)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Assert-Same($Expected, $Found, $What) {
    $expectedText = @($Expected | ForEach-Object { "<$_>" }) -join ' '
    $foundText = @($Found | ForEach-Object { "<$_>" }) -join ' '
    if ($expectedText -cne $foundText) { throw "${What}: $foundText and not $expectedText" }
}

$Source = (Resolve-Path -LiteralPath $Source).Path
$tokens = $null
$errors = $null
$null = [System.Management.Automation.Language.Parser]::ParseFile($Source, [ref]$tokens, [ref]$errors)
Assert-Same @() $errors 'the parser'

# The stand-in is a program of its own: how words arrive is what matters. Python is on every runner.
$place = Join-Path ([IO.Path]::GetTempPath()) ("jitpass it's " + [Guid]::NewGuid().ToString('N'))
$null = New-Item -ItemType Directory -Path $place
$python = (Get-Command -Name @('python', 'python3') -ErrorAction Ignore | Select-Object -First 1).Source
$standIn = Join-Path $place 'stand_in.py'
$calls = Join-Path $place 'calls'
@'
import json, os, sys
words = sys.argv[1:]
with open(os.environ["STAND_IN_CALLS"], "a", encoding="ascii") as calls:
    calls.write(json.dumps(words) + "\n")
say = lambda text: sys.stdout.buffer.write(text.encode("utf-8"))
if words[0] == "use":
    say("AWS_PROFILE=it's \"x\" $HOME `y` \u2713\nAWS_REGION\nJITUSE_PREVIOUS=\nPATH=evil\n")
    sys.exit(3 if words[1:] == ["fail"] else 0)
if words[0] == "complete":
    say("acme-dev\tus-west-2\ntwo words\nit's\n")
'@ | Set-Content -LiteralPath $standIn -Encoding ASCII
$env:STAND_IN_CALLS = $calls

# In the place of the program stands the interpreter, and the stand-in's path in front of the words.
$text = Get-Content -Raw -LiteralPath $Source
$quoted = "'" + $standIn.Replace("'", "''") + "'"
$text = $text.Replace("'@jitpass@'", "'" + $python.Replace("'", "''") + "' $quoted")
$script = Join-Path $place 'jitpass.ps1'
Set-Content -LiteralPath $script -Value $text -Encoding ASCII

function Get-Call {
    $lines = @(Get-Content -LiteralPath $calls)
    Remove-Item -LiteralPath $calls
    # 5.1 gives an array as one thing, 7 its members one by one.
    , @($lines | ForEach-Object { $words = ConvertFrom-Json $_; , @($words) })
}

Set-Alias -Name jitnow -Value Get-Date
$said = @(. $script; . $script)
Assert-Same @() $said 'loading'

$words = @('plain', 'two words', "it's", '"quoted"', '$HOME `x`', '', '--open', '100%', 'back\slash', 'a;b|c&d')
jitnow @words
Assert-Same (@('console', '--copy') + $words) (Get-Call)[0] 'the words of jitnow'

$env:AWS_REGION = 'old'
$path = $env:PATH
$encoding = [Console]::OutputEncoding.WebName
try { jituse fail } catch { $null = $_ }
Assert-Same 3 $LASTEXITCODE 'the status of a failure'
Assert-Same 'old' $env:AWS_REGION 'a failure changes nothing'
jituse dev
Assert-Same 0 $LASTEXITCODE 'the status'
Assert-Same ("it's `"x`" `$HOME ``y`` " + [char]0x2713) $env:AWS_PROFILE 'the profile'
Assert-Same $false (Test-Path -LiteralPath Env:AWS_REGION) 'the region is there'
Assert-Same $path $env:PATH 'what is none of ours'
Assert-Same $encoding ([Console]::OutputEncoding.WebName) 'the encoding'
Remove-Item -LiteralPath $calls

foreach ($name in 'jitpass', 'jitnow', 'jituse', 'aws') {
    $line = "$name 'a b' "
    $found = (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches
    Assert-Same @('acme-dev', "'two words'", "'it''s'") @($found | ForEach-Object { $_.CompletionText }) "completing $name"
    Assert-Same @('complete', '2', '--', $name, 'a b', '') (Get-Call)[0] "the words of $name"
}

Remove-Item -Recurse -Force -LiteralPath $place
"PowerShell $($PSVersionTable.PSVersion): well"
