import type { Program } from 'acorn';
import type { Tree } from '../source-tree.ts';
import { constantsOf, staticValue } from '../static-value.ts';

/** What a module exports as its configuration: `export default …`, or `module.exports = …`. null: nothing. */
export function configurationOf(program: Program, text: string): Tree | null {
  const constants = constantsOf(program);
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration')
      return staticValue(statement.declaration, text, '', constants);
    const assigned = statement.type === 'ExpressionStatement' ? statement.expression : null;
    if (
      assigned?.type === 'AssignmentExpression' &&
      text.slice(assigned.left.start, assigned.left.end) === 'module.exports'
    )
      return staticValue(assigned.right, text, '', constants);
  }
  return null;
}
