import type { CompletionShell } from "../args-completion.ts";

/*
 * What a shell needs to ask jcfetch. All that is to know stands in jcfetch itself, so that a script does not age: it hands over
 * the words of the line and takes lines of candidate, tab, explanation.
 */

const BASH = `# jcfetch completion for bash
_jcfetch() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(command jcfetch complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _jcfetch jcfetch
`;

const ZSH = `#compdef jcfetch
_jcfetch() {
  local line
  local -a found
  for line in "\${(@f)$(command jcfetch complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( $#found )); then _describe -t jcfetch jcfetch found; else _default; fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _jcfetch "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -D }
  compdef _jcfetch jcfetch
fi
`;

const FISH = `# jcfetch completion for fish
function __jcfetch_complete
    set -l words (commandline -opc) (commandline -ct)
    command jcfetch complete -- $words[2..-1] 2>/dev/null
end
complete -c jcfetch -e
complete -c jcfetch -f -n 'not contains -- -- (commandline -opc)' -a '(__jcfetch_complete)'
`;

/** @source about_Functions_Argument_Completion of PowerShell (Register-ArgumentCompleter -Native). */
const POWERSHELL = `# jcfetch completion for PowerShell
Register-ArgumentCompleter -Native -CommandName jcfetch -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  if ($wordToComplete -eq '') { $words += "''" }
  $jcfetch = (Get-Command jcfetch -CommandType Application | Select-Object -First 1).Source
  $words = @($words | ForEach-Object { if ($_ -eq "''") { '' } else { $_ } })
  & $jcfetch complete -- @words 2>$null | ForEach-Object {
    $text, $about = $_ -split "\`t", 2
    if (-not $about) { $about = $text }
    [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $about)
  }
}
`;

export const SCRIPTS: Readonly<Record<CompletionShell, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
};
