// @ts-check
import { interleave } from '../interleave.mjs'
import { countRequests } from '../stage/count-requests.mjs'
import { comeBack, leave } from '../stage/visit.mjs'
import { watchMainThread } from '../stage/watch-main-thread.mjs'

/**
 * From opening the callback page to a token, in a new profile (cold) and in a second sign-in (warm).
 *
 * @param {import('../interleave.mjs').Run} run
 */
export async function measureCallback(run) {
  const { stage } = run
  const rows = []
  for (const latency of [0, 50]) {
    rows.push(
      ...(await interleave(run, 'callback', async (name, add) => {
        stage.setLatency(latency)
        const context = await stage.browser.newContext()
        try {
          const page = await context.newPage()
          for (const caches of ['cold', 'warm']) {
            const title = `callback to token, ${caches}, ${latency} ms`
            await leave(stage, page, name)
            stage.takeRequests()
            const mainThread = await watchMainThread(page)
            add(title, 'ms', await comeBack(page))
            add(`${title}: main thread`, 'ms', await mainThread.stop())
            add(`${title}: requests`, '', countRequests(stage.takeRequests()))
          }
        } finally {
          stage.setLatency(0)
          await context.close()
        }
      })),
    )
  }
  return rows
}
