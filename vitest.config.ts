import { defineConfig } from 'vitest/config';
import { EngineSequencer } from './test/support/engine-sequencer.ts';
import type { TestEngine } from './test/support/test-engine.ts';

/** Tests in the engine share two cores with it, and some of them measure: one file at a time. */
const inEngine = {
  fileParallelism: false,
  testTimeout: 300_000,
  hookTimeout: 900_000,
  expect: { poll: { timeout: 60_000 } },
};

/** A stack for each file: while one waits, for a second or for a build, the others have the two cores. */
const threeAtATime = { fileParallelism: true, maxWorkers: 3, isolate: false };

/** Tests in `test/edge` that go through the cache: they run on CoreCache too. Those of GraphQL run on it in any case. */
const WHERE_THE_ENGINE_MATTERS = [
  'answers',
  'audit',
  'fallbacks',
  'faults',
  'faults-under-load',
  'forwarded',
  'headers',
  'large-bodies',
  'leak-guard',
  'log-record',
  'operator',
  'origin-failure',
  'overlapping-write',
  'representations',
  'route-rules',
  'sessions',
  'shield',
  'stale',
  'streams',
  'switches',
  'token-cookies',
  'two-readings',
  'variants-and-hosts',
];

/** Tests on an engine: the readthrough cache, which production chooses, or CoreCache. See test/support/test-engine.ts. */
function on(
  engine: TestEngine,
  test: { name: string; include: string[]; globalSetup: string } & Partial<typeof threeAtATime>,
) {
  return { extends: true as const, test: { ...inEngine, ...test, env: { CLAIMCACHE_TEST_ENGINE: engine } } };
}

export default defineConfig({
  // `claimcache` is the source beside the tests, never a built package.
  resolve: { conditions: ['claimcache-source'] },
  ssr: { resolve: { conditions: ['claimcache-source'] } },
  test: {
    sequence: { sequencer: EngineSequencer },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{unit,cli}/**/*.test.ts'],
          // Half of the time would be imports: done once a worker, and as many workers as there are cores.
          isolate: false,
          maxWorkers: 2,
          // Deadlines are for tests that hang, not for slow machines.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
        },
      },
      on('readthrough', {
        name: 'edge',
        include: ['test/edge/**/*.test.ts'],
        ...threeAtATime,
        globalSetup: 'test/support/edge-pool-server.ts',
      }),
      on('core', {
        name: 'edge-core',
        include: WHERE_THE_ENGINE_MATTERS.map((name) => `test/edge/${name}.test.ts`),
        ...threeAtATime,
        globalSetup: 'test/support/edge-pool-server.ts',
      }),
      ...(['readthrough', 'core'] as const).map((engine) =>
        on(engine, {
          name: `cache-tests-${engine}`,
          include: ['test/cache-tests/*.test.ts'],
          globalSetup: 'test/support/edge-pool-server.ts',
          ...threeAtATime,
        }),
      ),
      on('readthrough', {
        name: 'conformance',
        include: ['test/conformance/**/*.test.ts'],
        globalSetup: 'test/support/conformance-setup.ts',
      }),
      on('core', {
        name: 'conformance-core',
        // A service that is deployed runs on one engine, its own.
        include: process.env.EDGE_URL ? [] : ['test/conformance/**/*.test.ts'],
        globalSetup: 'test/support/conformance-setup.ts',
      }),
      {
        extends: true,
        test: {
          name: 'conformance-memory',
          include: process.env.EDGE_URL ? [] : ['test/conformance/**/*.test.ts'],
          globalSetup: 'test/support/conformance-memory-setup.ts',
          setupFiles: 'test/conformance/support/skip-in-memory.ts',
          ...inEngine,
        },
      },
      {
        extends: true,
        test: {
          name: 'local-cache',
          include: ['test/local-cache/**/*.test.ts'],
          globalSetup: 'test/support/edge-pool-server.ts',
          ...inEngine,
          ...threeAtATime,
        },
      },
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          globalSetup: 'test/package/support/installed.ts',
          ...inEngine,
        },
      },
      {
        extends: true,
        test: {
          name: 'publish',
          include: ['test/publish/**/*.test.ts'],
          ...inEngine,
          // A run of the fastly command may take 5 minutes (terminal.ts), and a test has several.
          testTimeout: 900_000,
        },
      },
      {
        extends: true,
        test: {
          // What the pages and the origin of the demo consist of, without a browser.
          name: 'demo',
          include: ['test/browser/demo/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/*.test.ts'],
          globalSetup: 'test/browser/support/site-setup.ts',
          ...inEngine,
          // A visitor waits up to 60 s for one thing (visitor.ts), and a test waits for several.
        },
      },
    ],
  },
});
