import { CHANGED, CLEARED } from "./names.ts";

/*
 * Old values are kept in variables that no program inherits. Nothing secret is traced, also under `set -x`; `set -e` and
 * `set -u` do no harm.
 */

/** bash 3.2 and newer. */
export const BASH = script({
  begin: `local __jcfetch_trace=
  case $- in *x*) __jcfetch_trace=x; set +x ;; esac 2>/dev/null`,
  end: `[ -z "$__jcfetch_trace" ] || set -x`,
  isExported: `case $(declare -p "$name" 2>/dev/null) in "declare -"*) flags=$(declare -p "$name"); flags=\${flags#declare }; flags=\${flags%% *} ;; esac
      case $flags in *x*) had=x ;; esac`,
});

export const ZSH = script({
  begin: `emulate -L zsh
  unsetopt xtrace`,
  end: ":",
  isExported: `case \${(Pt)name} in *export*) had=x ;; esac`,
});

interface Dialect {
  /** Turns tracing off; \`end\` turns it on again. */
  readonly begin: string;
  readonly end: string;
  /** Sets \`had\` to x where \`$name\` is exported. */
  readonly isExported: string;
}

function script({ begin, end, isExported }: Dialect): string {
  return `jcfetch() {
  case "\${1-}" in
  use) shift; __jcfetch_use "$@" ;;
  unset) shift; __jcfetch_unset "$@" ;;
  *) command jcfetch "$@" ;;
  esac
}
__jcfetch_use() {
  ${begin}
  local text code=0
  text=$(command jcfetch use --format sh "$@") || code=$?
  case $text in
  "export AWS_"*) __jcfetch_restore; __jcfetch_save; eval "$text" ;;
  ?*) printf '%s\\n' "$text" ;;
  esac
  ${end}
  return "$code"
}
__jcfetch_unset() {
  if [ $# -gt 0 ] || [ -z "\${__jcfetch_used-}" ]; then command jcfetch unset "$@"; return; fi
  ${begin}
  __jcfetch_restore
  ${end}
}
__jcfetch_save() {
  local name had flags
  for name in ${CHANGED.join(" ")}; do
    eval "had=\\\${$name+s}"
    if [ -n "$had" ]; then
      flags=
      ${isExported}
      eval "__jcfetch_old_$name=\\$$name"
    fi
    eval "__jcfetch_had_$name=$had"
  done
  __jcfetch_used=1
  unset ${CLEARED.join(" ")}
}
__jcfetch_restore() {
  local name had
  if [ -z "\${__jcfetch_used-}" ]; then return 0; fi
  for name in ${CHANGED.join(" ")}; do
    eval "had=\\\${__jcfetch_had_$name-}"
    unset "$name"
    case $had in
    x) eval "export $name=\\"\\$__jcfetch_old_$name\\"" ;;
    s) eval "$name=\\$__jcfetch_old_$name" ;;
    esac
    unset "__jcfetch_old_$name" "__jcfetch_had_$name"
  done
  unset __jcfetch_used
}
`;
}
