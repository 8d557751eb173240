import type { Expression, Program } from 'acorn';

export function configOf(statement: Program['body'][number]): Expression | null {
  if (statement.type !== 'ExportNamedDeclaration' || statement.declaration?.type !== 'VariableDeclaration')
    return null;
  const config = statement.declaration.declarations.find(
    ({ id }) => id.type === 'Identifier' && id.name === 'config',
  );
  return config?.init ?? null;
}
