import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readEdgeOutput } from '../../../scripts/edge-output.ts';

const RECORD =
  '{"v":1,"time":"2026-01-02T03:04:05.678Z","method":"GET","route":"orders","lane":"scoped","state":"HIT","reason":"scope-verified","detail":"fresh","status":200,"code":null,"totalMs":1.4}';

test('records go on whole and are printed short; the chatter about requests is left out, and nothing else', async () => {
  const [records, printed]: [string[], string[]] = [[], []];
  const output = Readable.from([
    '✓ Running local server\n\nINFO: Command output:\n------------------------------\n',
    "2026-01-02T03:04:05.1Z  INFO checking if backend 'origin' is up\n",
    '2026-01-02T03:04:05.2Z  INFO Listening on http://127.0.0.1:7676\n',
    '2026-01-02T03:04:05.3Z  INFO request{id=0}: handling request GET http://127.0.0.1:7676/\n',
    `claimcache :: ${RECORD.slice(0, 40)}`,
    `${RECORD.slice(40)}\n`,
    '2026-01-02T03:04:05.4Z ERROR request{id=0}: it broke\n',
    'claimcache :: {broken}\n',
  ]);
  readEdgeOutput(
    output,
    (line) => records.push(line),
    (line) => printed.push(line),
  );
  await expect.poll(() => printed).toHaveLength(5);
  expect(records).toEqual([RECORD, '{broken}']);
  expect(printed).toEqual([
    '✓ Running local server',
    '2026-01-02T03:04:05.2Z  INFO Listening on http://127.0.0.1:7676',
    '03:04:05.678 HIT    200 GET orders             scoped      1 ms  scope-verified, fresh',
    '2026-01-02T03:04:05.4Z ERROR request{id=0}: it broke',
    'claimcache :: {broken}',
  ]);
});
