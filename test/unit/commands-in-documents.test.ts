import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../scripts/root.ts';
import { shellBlocks } from '../support/shell-blocks.ts';

const blocks = shellBlocks();
const placeOf = ({ document, line }: (typeof blocks)[number]) => `${document}:${line}`;

// `run`: test/package/package.test.ts runs it. `account`: it needs one of Fastly or another service, or a site on the network.
// `shown-by=FILE`: that test runs the same in another way.
it('every block of commands says how it is tested', () => {
  const isTagged = /^(?:run|account|shown-by=test\/\S+\.ts)$/;
  expect(blocks.length).toBeGreaterThan(30);
  expect(blocks.filter(({ tag }) => !isTagged.test(tag)).map(placeOf)).toEqual([]);
});

it('every test that shows a block is there', () => {
  const missing = blocks.filter(({ tag }) => {
    const [, file] = /^shown-by=(\S+)$/.exec(tag) ?? [];
    return file !== undefined && !existsSync(path.join(root, file));
  });
  expect(missing.map(placeOf)).toEqual([]);
});

it('what needs an account names one, or a site', () => {
  const outside =
    /\bfastly\b|npm run deploy|https:\/\/|\baws\b|\bssh\b|claimcache (?:purge|revoke)|\$OPERATOR_TOKEN/;
  const wrong = blocks.filter(({ tag, commands }) => tag === 'account' && !outside.test(commands));
  expect(wrong.map(placeOf)).toEqual([]);
});
