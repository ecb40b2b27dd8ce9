/**
 * The completion scripts of the shells. They pass the words to `ari-proxy __complete`, which finds the
 * candidates.
 *
 * @module
 */

/** A raw text in which `\\${` is `${`. */
const script = (text: TemplateStringsArray): string => String.raw(text).replaceAll("\\${", "${");

/**
 * Bash parts words at `=` and `:` as well, which are within words here; they are put together again,
 * and of what comes back the part before the last of them is cut off. Old versions, such as that of
 * macOS, have no mapfile and no compopt. What comes back may be an ID that a caller chose, so a shell
 * must not obey any of it.
 */
const bash = script`# bash completion of ari-proxy

_ari_proxy() {
  local line=\${COMP_LINE:0:COMP_POINT} program=\${COMP_WORDS[0]} word i
  local -a words=()
  line=\${line#*"$program"}
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $line == [[:space:]]* || \${#words[@]} -eq 0 ]]; then
      words+=("$word")
    else
      words[\${#words[@]} - 1]+=$word
    fi
    line=\${line#"\${line%%[![:space:]]*}"}
    line=\${line#"$word"}
  done
  local typed=\${line#"\${line%%[![:space:]]*}"}
  if [[ $line != [[:space:]]* && \${#words[@]} -gt 0 ]]; then
    typed=\${words[\${#words[@]} - 1]}$typed
    unset "words[\${#words[@]} - 1]"
  fi

  local quoted= breaks=\${COMP_WORDBREAKS//[^=:]/} head=
  [[ $typed == [\'\"]* ]] && quoted=yes
  typed=\${typed//[\\\'\"]/}
  [[ $breaks ]] && head=\${typed%"\${typed##*[$breaks]}"}

  COMPREPLY=()
  local reply path tab=$'\t'
  while IFS= read -r reply; do
    reply=\${reply%%"$tab"*}
    if [[ $reply == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen -f -- "\${typed#--*=}")
      continue
    fi
    reply=\${reply#"$head"}
    if [[ ! $quoted ]]; then
      printf -v reply %q "$reply"
    elif [[ $reply == *[\'\"\$\\\`!]* ]]; then
      continue
    fi
    COMPREPLY+=("$reply")
  done < <("\${program/#\~/$HOME}" __complete -- "\${words[@]//[\\\'\"]/}" "$typed" </dev/null 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[=./] ]]; then
    compopt -o nospace 2>/dev/null
  fi
}

complete -F _ari_proxy ari-proxy
`;

const zsh = script`#compdef ari-proxy
# zsh completion of ari-proxy

_ari_proxy() {
  local line word brief
  local -a plain plain_shown open open_shown
  for line in "\${(@f)$("\${(Q)words[1]/#\~/$HOME}" __complete -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" </dev/null 2>/dev/null)}"; do
    word=\${line%%$'\t'*}
    brief=\${line#*$'\t'}
    if [[ $word == :files ]]; then
      [[ $PREFIX == --*=* ]] && compset -P '*='
      _files
      return
    fi
    [[ -n $word ]] || continue
    if [[ $word == *[=./] ]]; then
      open+=("$word")
      open_shown+=("$word\${brief:+  -- $brief}")
    else
      plain+=("$word")
      plain_shown+=("$word\${brief:+  -- $brief}")
    fi
  done
  compadd -l -d plain_shown -a -- plain
  compadd -l -d open_shown -S '' -a -- open
}

if [[ $funcstack[1] == _ari_proxy || $funcstack[1] == _ari-proxy ]]; then
  _ari_proxy "$@"
else
  compdef _ari_proxy ari-proxy
fi
`;

const fish = script`# fish completion of ari-proxy

function __ari_proxy_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    for line in ($words[1] __complete -- $words[2..] $typed </dev/null 2>/dev/null)
        if test (string split -m 1 \t -- $line)[1] = :files
            set -l head (string match -r -- '^--[^=]*=' $typed)
            for path in (__fish_complete_path (string replace -r -- '^--[^=]*=' '' $typed))
                printf '%s\n' "$head$path"
            end
        else
            printf '%s\n' $line
        end
    end
end

complete -c ari-proxy -f -a '(__ari_proxy_complete)'
`;

/** The script for each shell. */
export const completionScripts = { bash, zsh, fish } as const;

/** A shell that there is a script for. */
export type Shell = keyof typeof completionScripts;
