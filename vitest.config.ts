import { defineConfig } from 'vitest/config';

/** Tests in the engine share two cores with it, and some of them measure: one file at a time. */
const inEngine = {
  fileParallelism: false,
  testTimeout: 300_000,
  hookTimeout: 900_000,
  expect: { poll: { timeout: 60_000 } },
};

export default defineConfig({
  // `claimcache` is the source beside the tests, never a built package.
  resolve: { conditions: ['claimcache-source'] },
  ssr: { resolve: { conditions: ['claimcache-source'] } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{unit,cli}/**/*.test.ts'],
          // Deadlines are for tests that hang, not for slow machines.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
        },
      },
      {
        extends: true,
        test: {
          name: 'edge',
          include: ['test/edge/**/*.test.ts'],
          globalSetup: 'test/support/ensure-main-wasm.ts',
          ...inEngine,
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          globalSetup: 'test/support/conformance-setup.ts',
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
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          ...inEngine,
          testTimeout: 240_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: 'test/browser/support/site-setup.ts',
          ...inEngine,
          // A visitor waits up to 60 s for one thing (visitor.ts), and a test waits for several.
        },
      },
    ],
  },
});
