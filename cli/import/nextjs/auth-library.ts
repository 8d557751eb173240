import type { Program } from 'acorn';

/** NextAuth 4 or Auth.js 5, which a middleware leaves its sessions to. */
export interface AuthLibrary {
  readonly version: 4 | 5;
  readonly line: number;
}

/** By what a middleware imports, or sends on as its own; null: neither of them. */
export function authLibrary(program: Program): AuthLibrary | null {
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration' && statement.type !== 'ExportNamedDeclaration') continue;
    const source = String(statement.source?.value ?? '');
    const names = statement.specifiers.map((one) => {
      const from =
        one.type === 'ImportSpecifier' ? one.imported : one.type === 'ExportSpecifier' ? one.local : null;
      return from?.type === 'Identifier' ? from.name : null;
    });
    const version = versionOf(source, names);
    if (version !== null) return { version, line: statement.loc?.start.line ?? 0 };
  }
  return null;
}

function versionOf(source: string, names: readonly (string | null)[]): 4 | 5 | null {
  // Version 5 has no middleware of its own; of a session's token both have the same name.
  if (/^next-auth\/(?:middleware|jwt)$/.test(source)) return 4;
  if (/^(?:next-auth|@auth\/(?!.*-adapter$)[\w-]+)(?:\/|$)/.test(source)) return 5;
  // As its documentation has it: `export { auth as middleware } from '@/auth'`.
  return /(?:^|\/)auth(?:\.[jt]s)?$/.test(source) && names.includes('auth') ? 5 : null;
}
