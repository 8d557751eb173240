import path from 'node:path';
import { type AskService, serviceAsker } from '../../../cli/console/ask-service.ts';
import { startConsole } from '../../../cli/console/console-server.ts';
import { localSwitches } from '../../../cli/console/local-switches.ts';
import type { WriteSwitch } from '../../../cli/console/switch-order.ts';
import { purgeThrough } from '../../../demo/origin/purge-through.ts';
import { root } from '../../../scripts/root.ts';
import { startEdge } from '../../support/start-edge.ts';
import type { SiteFacts } from './site.ts';
import { startDemoOrigin } from './start-demo-origin.ts';
import { PATTERNS } from './start-recorded.ts';

export interface RunningSite {
  readonly facts: SiteFacts;
  stop(): Promise<void>;
}

/** The demo as a whole: origin with its pages, the edge before it, and the console that follows the edge's log. */
export async function startSite(webFolder: string): Promise<RunningSite> {
  let purge = async (_keys: readonly string[]) => {};
  let askService: AskService = async () => ({ status: 503, body: '{}' });
  let writeSwitch: WriteSwitch = async () => ({ status: 503, body: '{}' });
  const edgeConsole = await startConsole({
    port: 0,
    folder: webFolder,
    askService: (task, body) => askService(task, body),
    writeSwitch: (order) => writeSwitch(order),
  });
  const origin = await startDemoOrigin({
    web: { folder: webFolder, consoleUrl: edgeConsole.url },
    purge: (keys) => purge(keys),
  });
  const stopBoth = () => Promise.all([origin.stop(), edgeConsole.stop()]);
  // On the readthrough cache, like `npm start`.
  const edge = await startEdge({
    originUrl: origin.url,
    wasm: path.join(root, 'bin/main.wasm'),
    keys: origin.keys,
    engine: 'readthrough',
    onLog: edgeConsole.read,
  }).catch(async (error) => {
    // What listens would keep the tests from ending.
    await stopBoth();
    throw error;
  });
  const { operatorToken } = origin.keys;
  askService = serviceAsker(fetch, edge.url, operatorToken);
  writeSwitch = localSwitches(edge.configFile);
  edgeConsole.know({ routes: PATTERNS, home: `${edge.url}/app/` });
  purge = purgeThrough(edge.url, operatorToken);
  return {
    facts: {
      url: edge.url,
      originUrl: origin.url,
      consoleUrl: edgeConsole.url,
      operatorToken,
      webFolder,
    },
    async stop() {
      await edge.stop();
      await stopBoth();
    },
  };
}
