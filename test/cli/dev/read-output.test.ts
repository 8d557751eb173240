import { Readable } from 'node:stream';
import pc from 'picocolors';
import { expect, it } from 'vitest';
import { readOutput } from '../../../cli/dev/read-output.ts';
import { requestLine } from '../../../cli/dev/request-line.ts';

const RECORD =
  '{"v":1,"time":"2026-01-02T03:04:05.678Z","requestId":"r","method":"GET","route":"orders","lane":"scoped","state":"HIT","reason":"scope-verified","detail":"fresh","status":200,"code":null,"originMs":null,"ageSeconds":12,"totalMs":1.4,"path":"/api/orders"}';

it('records are told from chatter about requests, and from what somebody wants to see', async () => {
  const [records, printed]: [string[], string[]] = [[], []];
  const output = Readable.from([
    "2026-01-02T03:04:05.1Z  INFO checking if backend 'origin' is up\n\n",
    '2026-01-02T03:04:05.2Z  INFO Listening on http://127.0.0.1:7676\n',
    '2026-01-02T03:04:05.3Z  INFO request{id=0}: handling request GET http://127.0.0.1:7676/\n',
    `claimcache :: ${RECORD.slice(0, 40)}`,
    `${RECORD.slice(40)}\n`,
    '2026-01-02T03:04:05.4Z ERROR request{id=0}: it broke\n',
    'claimcache :: {broken}\n',
    'what a handler prints\n',
  ]);
  readOutput(output, {
    record: (line, record) => void records.push(line, requestLine(record, pc.createColors(false))),
    other: (line) => void printed.push(line),
  });
  await expect.poll(() => printed).toHaveLength(3);
  expect(printed).toEqual([
    '2026-01-02T03:04:05.4Z ERROR request{id=0}: it broke',
    'claimcache :: {broken}',
    'what a handler prints',
  ]);
  expect(records).toEqual([
    `claimcache :: ${RECORD}`,
    '03:04:05.678 GET    /api/orders                  200 scoped   HIT      12 s     1 ms  scope-verified, fresh',
  ]);
});

it('a path that would move the cursor is shown without that', () => {
  const record = { ...JSON.parse(RECORD), path: '/a\u001b[2Jb\u202ec', ageSeconds: null, route: null };
  const line = requestLine(record, pc.createColors(false));
  expect(line).toContain('/a?[2Jb?c');
  expect(requestLine({ ...record, path: undefined }, pc.createColors(false))).toContain('(refused)');
});
