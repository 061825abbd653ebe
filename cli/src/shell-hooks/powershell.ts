import { CHANGED, CLEARED } from "./names.ts";

const list = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(", ");

/** @source about_Functions, about_Environment_Provider. An item that is removed is one that was not there. */
export const POWERSHELL = `function global:__jcfetch_restore {
  if ($null -eq $global:__jcfetch_old) { return }
  foreach ($name in @(${list(CHANGED)})) {
    if ($global:__jcfetch_old.ContainsKey($name)) { Set-Item -Path "Env:$name" -Value $global:__jcfetch_old[$name] }
    elseif (Test-Path "Env:$name") { Remove-Item -Path "Env:$name" }
  }
  $global:__jcfetch_old = $null
}
function global:jcfetch {
  $program = (Get-Command -Name jcfetch -CommandType Application | Select-Object -First 1).Source
  $rest = @($args | Select-Object -Skip 1)
  if ($args[0] -ceq 'use') {
    $text = & $program use --format powershell @rest | Out-String
    if (-not $text.StartsWith('$Env:AWS_')) { if ($text) { $text }; return }
    __jcfetch_restore
    $global:__jcfetch_old = @{}
    foreach ($name in @(${list(CHANGED)})) {
      if (Test-Path "Env:$name") { $global:__jcfetch_old[$name] = (Get-Item -Path "Env:$name").Value }
    }
    foreach ($name in @(${list(CLEARED)})) {
      if (Test-Path "Env:$name") { Remove-Item -Path "Env:$name" }
    }
    Invoke-Expression $text
  } elseif ($args[0] -ceq 'unset' -and $rest.Count -eq 0 -and $null -ne $global:__jcfetch_old) {
    __jcfetch_restore
  } elseif ($MyInvocation.ExpectingInput) {
    $input | & $program @args
  } else {
    & $program @args
  }
}
`;
