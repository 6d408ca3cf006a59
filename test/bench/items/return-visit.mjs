// @ts-check
import { interleave } from '../interleave.mjs'
import { countRequests } from '../stage/count-requests.mjs'
import { signInAnew, stateOf, whenReady } from '../stage/visit.mjs'

const LATENCY = 50

/**
 * From opening the app in another tab, with a session in the first, to a token.
 *
 * @param {import('../interleave.mjs').Run} run
 */
export function measureReturnVisit(run) {
  const { stage } = run
  return interleave(run, 'return', async (name, add) => {
    const { context } = await signInAnew(stage, name)
    try {
      const page = await context.newPage()
      stage.setLatency(LATENCY)
      stage.takeRequests()
      await whenReady(page, () => page.goto(stage.homeOf(name)))
      const { user, readyAt, origin } = await stateOf(page)
      if (!user) throw new Error('the session is not found in another tab')
      add(`return visit to token, ${LATENCY} ms`, 'ms', readyAt - origin)
      add('return visit: requests', '', countRequests(stage.takeRequests()))
    } finally {
      stage.setLatency(0)
      await context.close()
    }
  })
}
