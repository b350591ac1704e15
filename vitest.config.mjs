// @ts-check
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['server/src/**/*.test.ts', 'client/src/**/*.test.ts', 'test/static/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'protocol',
          globalSetup: ['test/protocol/build.ts'],
          include: ['test/protocol/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'cli',
          globalSetup: ['test/cli/build.ts'],
          include: ['test/cli/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'views',
          include: ['test/views/**/*.test.ts'],
          testTimeout: 20_000,
          // The first run may install a browser.
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
