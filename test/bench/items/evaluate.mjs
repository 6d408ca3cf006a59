// @ts-check
import { interleave } from '../interleave.mjs'
import { bundleApp } from '../stage/bundle-app.mjs'

/**
 * Parsing and evaluating the library on a fresh page, with the script at hand.
 *
 * @param {import('../interleave.mjs').Run} run
 */
export async function measureEvaluate(run) {
  const scripts = new Map(
    await Promise.all(
      run.names.map(
        async (name) =>
          /** @type {const} */ ([name, await bundleApp(name, 'page/evaluate.js', 'iife')]),
      ),
    ),
  )
  return interleave(run, 'evaluate', async (name, add) => {
    for (const throttle of [1, 4]) {
      // Its own process, in which nothing has been compiled yet.
      const context = await run.stage.browser.newContext()
      try {
        const page = await context.newPage()
        await page.goto(`${run.stage.origin}/empty/timed`)
        const session = await context.newCDPSession(page)
        await session.send('Emulation.setCPUThrottlingRate', { rate: throttle })
        const time = await page.evaluate(evaluate, scripts.get(name) ?? '')
        add(`parse and evaluate${throttle > 1 ? `, CPU ${throttle} times slower` : ''}`, 'ms', time)
      } finally {
        await context.close()
      }
    }
  })
}

/** Runs in the page. @param {string} text */
function evaluate(text) {
  const script = document.createElement('script')
  script.textContent = text
  const start = performance.now()
  document.head.append(script)
  return performance.now() - start
}
