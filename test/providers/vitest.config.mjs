// @ts-check
import { defineConfig } from 'vitest/config'

/** Apart from the configuration of `npm test`, because these need packages of the system. */
export default defineConfig({
  test: {
    name: 'providers',
    root: import.meta.dirname,
    include: ['*.test.ts'],
    allowOnly: false,
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
