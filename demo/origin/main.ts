import { demoKeys } from '../../scripts/demo-keys.ts';
import { createOrigin } from './create-origin.ts';
import { purgeThrough } from './purge-through.ts';
import { WEB_FOLDER } from './web-folder.ts';

/**
 * Runs the demo origin on 127.0.0.1, with the keys in `.demo/`.
 * ORIGIN_PORT (8091; also PORT, as hosts set it), ORIGIN_DELAY_MS (300), ORIGIN_SECRET (that in `.demo/origin_secret`) change how; EDGE_URL names the service
 * to purge when a page is published, CONSOLE_URL the console that the pages link to. ORIGIN_PUBLIC=1: it listens on every address, and
 * signing in and `/__origin` ask for the secret in `.demo/origin_access` (docs/proof/contract-tests.md).
 */
const port = Number(process.env.ORIGIN_PORT ?? process.env.PORT ?? 8091);
const isPublic = process.env.ORIGIN_PUBLIC === '1';
const address = isPublic ? '0.0.0.0' : '127.0.0.1';
const keys = await demoKeys();
const { EDGE_URL, CONSOLE_URL } = process.env;
const server = createOrigin({
  ...keys,
  delayMs: Number(process.env.ORIGIN_DELAY_MS ?? 300),
  originSecret: process.env.ORIGIN_SECRET ?? keys.originSecret,
  accessSecret: isPublic ? keys.originAccess : null,
  web: { folder: WEB_FOLDER, consoleUrl: CONSOLE_URL ?? null },
  ...(EDGE_URL ? { purge: purgeThrough(EDGE_URL, keys.operatorToken) } : {}),
});
server.on('error', (error) => {
  console.error(`The demo origin cannot listen on port ${port}: ${error.message}`);
  process.exit(1);
});
server.listen(port, address, () => {
  console.log(`Demo origin on http://${address}:${port}`);
  if (isPublic) console.log('Signing in and /__origin ask for the secret in .demo/origin_access.');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
