// @ts-check
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { interleave } from '../interleave.mjs'
import { signInAnew, whenReady } from '../stage/visit.mjs'

const PAGE = fileURLToPath(new URL('../page/measure-calls.js', import.meta.url))

/**
 * `getAccessToken` and what others call it, with a token at hand.
 *
 * @param {import('../interleave.mjs').Run} run
 */
export function measureTokens(run) {
  return measureCalls(run, 'token', 'measureTokens', (kind) => `getAccessToken, ${kind}`)
}

/**
 * What the authorized fetch adds to a call, with the network stubbed and on loopback.
 *
 * @param {import('../interleave.mjs').Run} run
 */
export function measureFetch(run) {
  return measureCalls(run, 'fetch', 'measureFetch', (kind) => `added to a fetch, ${kind}`)
}

/**
 * @param {import('../interleave.mjs').Run} run
 * @param {string} item
 * @param {string} exported What measures, in the page.
 * @param {(kind: string) => string} title
 */
async function measureCalls(run, item, exported, title) {
  const { outputFiles } = await build({
    entryPoints: [PAGE],
    bundle: true,
    format: 'iife',
    globalName: 'calls',
    write: false,
  })
  return interleave(run, item, async (name, add) => {
    const { context, page } = await signInAnew(run.stage, name)
    try {
      await whenReady(page, () => page.goto(`${run.stage.homeOf(name)}timed`))
      await page.evaluate(`${outputFiles[0]?.text}; globalThis.calls = calls`)
      const times = /** @type {Record<string, number>} */ (
        await page.evaluate(`calls.${exported}()`)
      )
      for (const [kind, time] of Object.entries(times)) add(title(kind), 'µs', time)
    } finally {
      await context.close()
    }
  })
}
