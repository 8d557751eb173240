import { demoKeys } from '../../scripts/demo-keys.ts';
import { createOrigin } from './create-origin.ts';

/**
 * Runs the demo origin on 127.0.0.1, with the keys in `.demo/`.
 * ORIGIN_PORT (8091), ORIGIN_DELAY_MS (300), ORIGIN_SECRET (none) change how.
 */
const port = Number(process.env.ORIGIN_PORT ?? 8091);
const server = createOrigin({
  ...(await demoKeys()),
  delayMs: Number(process.env.ORIGIN_DELAY_MS ?? 300),
  originSecret: process.env.ORIGIN_SECRET ?? null,
});
server.on('error', (error) => {
  console.error(`The demo origin cannot listen on port ${port}: ${error.message}`);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => console.log(`Demo origin on http://127.0.0.1:${port}`));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
