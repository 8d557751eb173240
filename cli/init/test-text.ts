import { samplePaths } from '../check/sample-paths.ts';
import type { Answers } from './answers.ts';
import { quoted } from './policy-text.ts';

/** `test/policy.test.ts` of a new service: each of its promises, on its own paths. */
export function testText({
  personal,
  shared,
  sharedClaim,
  public: everybodys,
  editors,
  never,
}: Answers): string {
  const hasGroups = shared.length > 0 && sharedClaim !== null;
  const never_ = [...editors, ...never];
  const used = [
    'expectHit',
    'expectIsolated',
    ...(never_.length > 0 ? ['expectNeverStored'] : []),
    'testEdge',
  ];
  return `import { test } from 'node:test';
import { ${used.join(', ')} } from 'claimcache/testing';
import policy from '../src/policy.ts';

/** Your application, as far as these tests go: what it answers may be stored for a minute. */
const origin = () => Response.json({}, { headers: { 'cache-control': 'max-age=60' } });

const alice = { as: { sub: '42'${hasGroups ? `, ${member(sharedClaim, 'acme')}` : ''} } };
const bob = { as: { sub: '43'${hasGroups ? `, ${member(sharedClaim, 'globex')}` : ''} } };
${block(personal, (path) => `${path} is cached for one person, and nobody gets another's`, [
  'await expectIsolated(edge, path, [alice, bob]);',
  'await expectHit(edge, path, alice);',
])}${
  hasGroups
    ? block(
        shared,
        (path) => `${path} is cached for a group, and no other group gets it`,
        ['await expectIsolated(edge, path, [alice, bob]);', 'await expectHit(edge, path, alice);'],
        "() => Response.json({}, { headers: { 'cache-control': 'public, max-age=60' } })",
      )
    : ''
}${block(everybodys, (path) => `${path} is cached once for everybody`, ['await expectHit(edge, path);'])}${block(
  never_,
  (path) => `${path} is never stored`,
  ['await expectNeverStored(edge, path, alice);', 'await expectNeverStored(edge, path);'],
)}`;
}

function block(
  patterns: readonly string[],
  name: (path: string) => string,
  lines: readonly string[],
  answer = 'origin',
): string {
  const paths = patterns.flatMap((pattern) => samplePaths(pattern).slice(0, 1));
  if (paths.length === 0) return '';
  return `
for (const path of [${paths.map(quoted).join(', ')}]) {
  test(\`${name(PATH)}\`, async () => {
    const edge = await testEdge(policy, { origin${answer === 'origin' ? '' : `: ${answer}`} });
${lines.map((line) => `    ${line}\n`).join('')}  });
}
`;
}

/** In the generated source. */
const PATH = '$' + '{path}';

/** `tenant.id` as the claims that have it. */
function member(claim: string, value: string): string {
  const [first = '', ...rest] = claim.split('.');
  const inner = rest.reduceRight((text, name) => `{ ${quoted(name)}: ${text} }`, quoted(value));
  return `${quoted(first)}: ${inner}`;
}
