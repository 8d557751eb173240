import { spawn } from 'node:child_process';
import path from 'node:path';
import { freePort } from '../../cli/dev/local-server/ports.ts';
import { endGroup } from '../../cli/dev/local-server/processes.ts';
import { waitForServer } from '../../cli/dev/local-server/wait-for-http.ts';
import { root } from '../../scripts/root.ts';

/** The suite's own origin, on a free port. */
export async function startSuiteServer(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['server/server.mjs'], {
    cwd: path.join(root, 'node_modules/http-cache-tests'),
    detached: true,
    stdio: 'ignore',
    env: {
      ...process.env,
      npm_config_protocol: 'http',
      npm_config_port: String(port),
      npm_config_pidfile: path.join(root, 'build/cache-tests.pid'),
    },
  });
  const stop = () => endGroup(child);
  try {
    await waitForServer({ name: 'The server of http-cache-tests', child, url: `${url}/` });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}
