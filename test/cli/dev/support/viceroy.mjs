#!/usr/bin/env node
// A stand-in for Viceroy where its time to compile would be all that a test waits for: it answers with what stands in the wasm.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const args = process.argv.slice(2);
if (args[0] === '--version') console.log('viceroy 0.22.0');
else {
  const [host, port] = args[args.indexOf('--addr') + 1].split(':');
  const answer = readFileSync(args.at(-1), 'utf8');
  createServer((request, response) => {
    response.end(answer);
    const path = new URL(request.url, 'http://edge').pathname;
    const record = {
      v: 1,
      time: new Date().toISOString(),
      requestId: 'r',
      method: request.method,
      route: 'home',
      lane: 'public',
      state: 'MISS',
      reason: 'anonymous',
      detail: 'stored',
      status: 200,
      code: null,
      ageSeconds: 0,
      originMs: 1,
      totalMs: 2,
      path,
    };
    console.log(`claimcache :: ${JSON.stringify(record)}`);
  }).listen(Number(port), host);
}
