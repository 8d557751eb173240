import fc from 'fast-check';

const name = fc.constantFrom('a', 'b', 'c', 'todos', 'on', 'query', '_', '__typename', 'F1');
const scalar = fc.oneof(
  fc.constantFrom(
    '1',
    '-1',
    '1.0',
    '1e3',
    'true',
    'null',
    'RED',
    '$v',
    '""',
    '"a"',
    '"é😀"',
    '"\\u00e9"',
    '"{"',
    '"#"',
    '"""a"""',
    '"""\n a\n  b\n"""',
  ),
);
const { value } = fc.letrec<{ value: string[] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    scalar.map((text) => [text]),
    fc.array(tie('value'), { maxLength: 2 }).map((items) => ['[', ...items.flat(), ']']),
    fc
      .array(fc.tuple(name, tie('value')), { maxLength: 2 })
      .map((members) => ['{', ...members.flatMap(([key, inner]) => [key, ':', ...inner]), '}']),
  ),
}));
const args = fc
  .array(fc.tuple(name, value), { maxLength: 2 })
  .map((list) =>
    list.length === 0 ? [] : ['(', ...list.flatMap(([key, inner]) => [key, ':', ...inner]), ')'],
  );
const directives = fc
  .option(fc.tuple(fc.constantFrom('skip', 'include', 'x'), args), { freq: 4 })
  .map((one) => (one === null ? [] : ['@', one[0], ...one[1]]));
const alias = fc.option(name, { freq: 3 }).map((one) => (one === null ? [] : [one, ':']));

const { selections } = fc.letrec<{ selections: string[]; selection: string[] }>((tie) => ({
  selections: fc
    .array(tie('selection'), { minLength: 1, maxLength: 3 })
    .map((list) => ['{', ...list.flat(), '}']),
  selection: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(alias, name, args, directives).map((parts) => parts.flat()),
    fc.tuple(alias, name, args, directives, tie('selections')).map((parts) => parts.flat()),
    fc.tuple(fc.constantFrom('F', 'G'), directives).map(([fragment, more]) => ['...', fragment, ...more]),
    fc
      .tuple(fc.constantFrom('Q', 'R'), directives, tie('selections'))
      .map(([type, more, set]) => ['...', 'on', type, ...more, ...set]),
  ),
}));
const operation = fc.oneof(
  selections,
  fc
    .tuple(
      fc.constantFrom([], ['A'], ['B']),
      fc.constantFrom(
        [],
        ['(', '$', 'v', ':', 'Int', '=', '1', ')'],
        ['(', '$', 'v', ':', '[', 'Int', '!', ']', ')'],
      ),
      directives,
      selections,
    )
    .map((parts) => ['query', ...parts.flat()]),
);
const fragment = fc
  .tuple(fc.constantFrom('F', 'G'), selections)
  .map(([id, set]) => ['fragment', id, 'on', 'Q', ...set]);

/** The tokens of a document with a single query operation. */
export const documentTokens: fc.Arbitrary<string[]> = fc
  .tuple(operation, fc.array(fragment, { maxLength: 2 }))
  .map(([query, fragments]) => [...query, ...fragments.flat()]);

/** What may stand between two tokens, and counts for nothing. */
export const spelling: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(' ', '\n', '\r\n', '\t', ',', '\ufeff', '# comment { \n', '#"""\n'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.join(''));
