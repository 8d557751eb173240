import { describe, expect, it } from 'vitest';
import { withVarDeclarations } from '../../../src/build/var-declarations.ts';

/** The code with one blank where there are several. */
function declared(code: string): string {
  return withVarDeclarations(code).replace(/ +/g, ' ');
}

describe('let and const become var', () => {
  it.each([
    ['in a module', 'const a = 1; let b = a;', 'var a = 1; var b = a;'],
    ['in a function', 'function f() { const a = 1; return a }', 'function f() { var a = 1; return a }'],
    ['in a block', 'if (x) { const a = 1; g(a) }', 'if (x) { var a = 1; g(a) }'],
    ['in a pattern', 'const { a, b: [c = 1, ...d] } = x;', 'var { a, b: [c = 1, ...d] } = x;'],
    ['in a loop', 'for (const a of x) { const b = a; g(b) }', 'for (var a of x) { var b = a; g(b) }'],
    ['beside a member of that name', 'g.a; { const a = 1; g({ a: a }) }', 'g.a; { var a = 1; g({ a: a }) }'],
    ['where a closure keeps it', 'const a = 1; g(() => a);', 'var a = 1; g(() => a);'],
  ])('%s', (_, code, expected) => {
    expect(declared(code)).toBe(expected);
  });
});

describe('what somebody could tell stays', () => {
  it.each([
    ['two blocks with one name', '{ const a = 1; g(a) } { const a = 2; g(a) }'],
    ['a parameter in the same function', 'function f(a) { { const a = 1; g(a) } }'],
    [
      'an outer name that a function reads outside of the block',
      'function f() { { const a = 1; g(a) } return a }',
    ],
    [
      'an outer name that a closure reads outside of the block',
      'function f() { { const a = 1; g(a) } return () => a }',
    ],
    ['a closure in a loop', 'for (const a of x) g(() => a);'],
    ['a closure in the body of a loop', 'while (x) { const a = h(); g(() => a) }'],
    ['an initialiser of a class in a loop', 'while (x) { const a = h(); g(class { b = a }) }'],
    ['what each round of a loop begins without', 'while (x) { let a; if (h()) a = 1; g(a) }'],
    ['the name of a caught error', 'try { h() } catch (a) { { const a = 1; g(a) } }'],
  ])('%s', (_, code) => {
    // Of a module's own names nothing is asked here: each line is a function's.
    const wrapped = `function own(g, h, x) { ${code} }`;
    expect(withVarDeclarations(wrapped)).toBe(wrapped);
  });

  it('keeps every character where it was', () => {
    const code = 'const a = 1;\nlet b = "const c = 2";';
    expect(withVarDeclarations(code)).toBe('var   a = 1;\nvar b = "const c = 2";');
  });
});
