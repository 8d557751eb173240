import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from '../../cli/dev/local-server/ports.ts';
import { endGroup } from '../../cli/dev/local-server/processes.ts';
import { waitForServer } from '../../cli/dev/local-server/wait-for-http.ts';
import { root } from '../../scripts/root.ts';
import { counts, summarise } from './counts.ts';
import { startSuiteServer } from './start-suite-server.ts';
import { runSuite } from './suite.ts';

/**
 * The same suite through nginx and Varnish as they are shipped: `npm run test:cache-tests-peers -- nginx` (or varnish;
 * one for each run, because the suite keeps its results for itself). `nginx` and `varnishd` have to be on the PATH.
 */
const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
const [peer] = positionals;
mkdirSync(path.join(root, 'build'), { recursive: true });
const folder = mkdtempSync(path.join(tmpdir(), 'cache-tests-'));
const server = await startSuiteServer();
const port = await freePort();
const command = peer === 'nginx' ? nginx(new URL(server.url).host) : peer === 'varnish' ? varnish() : null;
if (command === null) throw new Error('Name one: nginx or varnish.');

const [file = '', ...args] = command;
const child = spawn(file, args, { cwd: folder, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
try {
  await waitForServer({ name: String(peer), child, url: `http://127.0.0.1:${port}/` });
  const results = await runSuite(`http://127.0.0.1:${port}`);
  summarise(results);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(counts(results), null, 2)}\n`);
} finally {
  await endGroup(child);
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

/** A caching proxy in nginx's own words, with nothing but the cache switched on. */
function nginx(origin: string): string[] {
  // As root it would give up its rights, and with them this folder.
  const user = process.getuid?.() === 0 ? 'user root; ' : '';
  const config = `${user}daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  proxy_temp_path ${folder}/proxy;
  proxy_cache_path ${folder}/cache keys_zone=tests:10m;
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://${origin}; proxy_cache tests; proxy_cache_revalidate on; }
  }
}
`;
  writeFileSync(path.join(folder, 'nginx.conf'), config);
  return ['nginx', '-p', folder, '-c', path.join(folder, 'nginx.conf')];
}

/** Varnish with its built-in VCL. */
function varnish(): string[] {
  const { host } = new URL(server.url);
  return [
    'varnishd',
    '-j',
    'none',
    '-F',
    '-n',
    folder,
    '-a',
    `127.0.0.1:${port}`,
    '-b',
    host,
    '-s',
    'malloc,64m',
  ];
}
