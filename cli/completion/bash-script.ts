import type { CommandNode, ValueKind } from './command-tree.ts';

/** A script for bash 3.2 and later, without the bash-completion package. */
export function bashScript(name: string, tree: readonly CommandNode[]): string {
  const cases = tree.map((node) => {
    const words = [
      ...node.commands.map((command) => command.name),
      ...node.options.flatMap(({ flags }) => flags),
    ];
    const values = node.options
      .filter(({ value }) => value.kind !== 'none')
      .map(({ flags, value }) => `        ${flags.join('|')}) ${reply(value)}; return ;;\n`)
      .join('');
    const argument =
      node.argument.kind === 'file' || node.argument.kind === 'words' ? reply(node.argument, '+') : ':';
    return `    '${node.path}')
      case "$before" in
${values}        *) ;;
      esac
      COMPREPLY=($(compgen -W ${list(words)} -- "$word"))
      [[ $word == -* ]] || ${argument}
      ;;
`;
  });
  const paths = tree.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  return `# bash completion for ${name}. Load it with: source <(${name} completion bash)
_${name}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command='' i next
  # One word a line, so that a file's name may have spaces.
  local IFS=$'\\n'
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${command:+$command }\${COMP_WORDS[i]}"
    case "$next" in
      ${paths.join('|')}) command="$next" ;;
    esac
  done
  case "$command" in
${cases.join('')}  esac
}
complete -o filenames -o bashdefault -F _${name} ${name}
`;
}

function reply(value: ValueKind, operator = ''): string {
  if (value.kind === 'words') return `COMPREPLY${operator}=($(compgen -W ${list(value.words)} -- "$word"))`;
  if (value.kind === 'file') return `COMPREPLY${operator}=($(compgen -f -- "$word"))`;
  return 'COMPREPLY=()';
}

function list(words: readonly string[]): string {
  return `$'${words.join('\\n')}'`;
}
