import { defineConfig } from 'vitest/config';

/** Tests in the engine share two cores with it, and some of them measure: one file at a time. */
const inEngine = {
  fileParallelism: false,
  testTimeout: 120_000,
  hookTimeout: 600_000,
  expect: { poll: { timeout: 15_000 } },
};

/** A suite twice: `NAME` on the readthrough cache, which production chooses, and `NAME-core` on CoreCache. */
function onBothEngines(name: string, test: { include: string[]; globalSetup: string }) {
  return (['readthrough', 'core'] as const).map((engine) => ({
    test: {
      ...test,
      name: engine === 'core' ? `${name}-core` : name,
      ...inEngine,
      env: { CLAIMCACHE_TEST_ENGINE: engine },
    },
  }));
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{unit,cli}/**/*.test.ts'],
          // Deadlines are for tests that hang, not for slow machines.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      ...onBothEngines('edge', {
        include: ['test/edge/**/*.test.ts'],
        globalSetup: 'test/support/ensure-main-wasm.ts',
      }),
      // A service that is deployed runs on one engine, its own.
      ...onBothEngines('conformance', {
        include: ['test/conformance/**/*.test.ts'],
        globalSetup: 'test/support/conformance-setup.ts',
      }).slice(0, process.env.EDGE_URL ? 1 : 2),
      {
        test: {
          name: 'local-cache',
          include: ['test/local-cache/**/*.test.ts'],
          globalSetup: 'test/support/ensure-main-wasm.ts',
          ...inEngine,
        },
      },
      {
        test: {
          name: 'publish',
          include: ['test/publish/**/*.test.ts'],
          ...inEngine,
          testTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: 'test/browser/support/site-setup.ts',
          ...inEngine,
          // A visitor waits up to 30 s for one thing (visitor.ts), and a test waits for several.
          testTimeout: 180_000,
          expect: { poll: { timeout: 30_000 } },
        },
      },
    ],
  },
});
