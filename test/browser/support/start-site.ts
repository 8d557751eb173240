import { purgeThrough } from '../../../demo/origin/purge-through.ts';
import { WEB_FOLDER } from '../../../demo/origin/web-folder.ts';
import { type RunningEdge, startEdge } from '../../support/start-edge.ts';
import { type RunningOrigin, startOrigin } from '../../support/start-origin.ts';

export interface Site {
  readonly url: string;
  readonly edge: RunningEdge;
  readonly origin: RunningOrigin;
  /** Forgets what people changed, and what the edge has stored of it. */
  reset(): Promise<void>;
  purge(keys: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export interface SiteOptions {
  /** The built pages. Default: what `npm run build:web` makes. */
  readonly webFolder?: string;
}

/** The demo as a whole: origin with its pages, and the edge before it. */
export async function startSite({ webFolder = WEB_FOLDER }: SiteOptions = {}): Promise<Site> {
  let purge = async (_keys: readonly string[]) => {};
  const origin = await startOrigin({
    web: { folder: webFolder, consoleUrl: null },
    purge: (keys) => purge(keys),
  });
  const edge = await startEdge({ originUrl: origin.url });
  purge = purgeThrough(edge.url, origin.keys.operatorToken);
  const routes = ['dashboard', 'orders', 'profile', 'team_report', 'pages'];
  return {
    url: edge.url,
    edge,
    origin,
    purge: (keys) => purge(keys),
    async reset() {
      await fetch(`${origin.url}/__origin/reset`, { method: 'POST' });
      await purge(routes.map((name) => `route:${name}`));
    },
    async stop() {
      await edge.stop();
      await origin.stop();
    },
  };
}
