import { CHANGED, CLEARED } from "./names.ts";

/**
 * Only the global scope is touched: a universal variable stays under it, and shows again when it is gone. Nothing secret is
 * traced: an empty `fish_trace` of a function's own lies over that of the shell.
 */
export const FISH = `function jcfetch --description 'AWS role credentials from your access-portal session'
    switch "$argv[1]"
        case use
            set -e argv[1]
            __jcfetch_use $argv
        case unset
            set -e argv[1]
            if test (count $argv) -gt 0; or not set -qg __jcfetch_used
                command jcfetch unset $argv
            else
                __jcfetch_restore
            end
        case '*'
            command jcfetch $argv
    end
end
function __jcfetch_use
    set -l fish_trace
    set -l text (command jcfetch use --format fish $argv)
    set -l code $status
    if not string match -q 'set -gx AWS_*' -- "$text[1]"
        test (count $text) -eq 0; or printf '%s\\n' $text
        return $code
    end
    __jcfetch_restore
    for name in ${CHANGED.join(" ")}
        if set -qg $name
            set -g __jcfetch_old_$name $$name
            set -qgx $name; and set -g __jcfetch_had_$name x; or set -g __jcfetch_had_$name s
        end
    end
    set -g __jcfetch_used 1
    set -eg ${CLEARED.join(" ")}
    eval (string join \\n -- $text | string collect)
    return $code
end
function __jcfetch_restore
    set -l fish_trace
    set -qg __jcfetch_used; or return 0
    for name in ${CHANGED.join(" ")}
        set -l had __jcfetch_had_$name
        set -l old __jcfetch_old_$name
        set -eg $name
        switch "$$had"
            case x
                set -gx $name $$old
            case s
                set -gu $name $$old
        end
        set -eg $had $old
    end
    set -eg __jcfetch_used
    return 0
end
`;
