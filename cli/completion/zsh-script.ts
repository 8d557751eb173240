import type { CommandNode, ValueKind } from './command-tree.ts';

/** A script for zsh, in a folder of `fpath` as `_claimcache`, or sourced after compinit. */
export function zshScript(name: string, tree: readonly CommandNode[]): string {
  const cases = tree.map((node) => {
    const commands = node.commands.map((command) => described(command.name, command.description));
    const options = node.options.flatMap(({ flags, description }) =>
      flags.map((flag) => described(flag, description)),
    );
    const values = node.options
      .filter(({ value }) => value.kind !== 'none')
      .map(({ flags, value }) => `        ${flags.join('|')}) ${offer(value)}; return ;;\n`)
      .join('');
    return `    ${quoted(node.path)})
      case "$before" in
${values}        *) ;;
      esac
      if [[ $word == -* ]]; then
        found=(${options.join(' ')})
        _describe -o option found
      else
        found=(${commands.join(' ')})
        (( $#found )) && _describe command found
        ${offer(node.argument)}
      fi
      ;;
`;
  });
  const paths = tree.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  return `#compdef ${name}
# zsh completion for ${name}. Write it to a folder of your fpath as _${name}, or: source <(${name} completion zsh)
_${name}() {
  local word="$words[CURRENT]" before="$words[CURRENT-1]" command='' next i
  local -a found
  for (( i = 2; i < CURRENT; i++ )); do
    next="\${command:+$command }$words[i]"
    case "$next" in
      ${paths.join('|')}) command="$next" ;;
    esac
  done
  case "$command" in
${cases.join('')}  esac
}
# Autoloaded, the file is the function; sourced, the function has to be made known.
if [[ $funcstack[1] == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

function offer(value: ValueKind): string {
  if (value.kind === 'words') return `compadd -- ${value.words.map(quoted).join(' ')}`;
  return value.kind === 'file' ? '_files' : ':';
}

/** `_describe` splits at the first colon. */
function described(word: string, description: string): string {
  return quoted(`${word}:${description.replaceAll(':', '\\:')}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
