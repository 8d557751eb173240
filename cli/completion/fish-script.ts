import type { CommandNode, ValueKind } from './command-tree.ts';

/** A script for fish 3 and later. */
export function fishScript(name: string, tree: readonly CommandNode[]): string {
  const paths = tree.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  const lines = tree.flatMap((node) => {
    const at = `complete -c ${name} -n ${quoted(`__${name}_at ${quoted(node.path)}`)}`;
    return [
      ...node.commands.map((command) => `${at} -a ${quoted(command.name)} -d ${quoted(command.description)}`),
      ...node.options.map(
        ({ flags, description, value }) => `${at}${flagsOf(flags)}${behind(value)} -d ${quoted(description)}`,
      ),
      ...(node.argument.kind === 'file' ? [`${at} -F`] : []),
      ...(node.argument.kind === 'words' ? [`${at} -a ${quoted(node.argument.words.join(' '))}`] : []),
    ];
  });
  return `# fish completion for ${name}. Load it with: ${name} completion fish | source
function __${name}_at
  set -l command ''
  for word in (commandline -opc)[2..-1]
    set -l next (string trim -- "$command $word")
    switch "$next"
      case ${paths.join(' ')}
        set command "$next"
    end
  end
  test "$command" = "$argv[1]"
end
complete -c ${name} -f
${lines.join('\n')}
`;
}

function flagsOf(flags: readonly string[]): string {
  return flags
    .map((flag) => (flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`))
    .join('');
}

function behind(value: ValueKind): string {
  if (value.kind === 'none') return '';
  if (value.kind === 'words') return ` -x -a ${quoted(value.words.join(' '))}`;
  return value.kind === 'file' ? ' -r -F' : ' -x';
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
