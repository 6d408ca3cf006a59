import { handOverCallback } from 'tessera-auth/callback'
import { loadConfig } from './config.js'
import { createPage } from './page.js'
import { returnNote } from './return-note.js'
import './styles/main.css'
import { describeArrival, describeReturn } from './timeline/describe-arrival.js'
import { readArrival } from './timeline/read-arrival.js'
import { readExchanges } from './timeline/read-exchanges.js'

const started = Date.now()
const arrival = readArrival(location)

/** What comes back from the tenant comes here, whether by redirect, in a popup or in a frame. */
async function receiveCallback(): Promise<void> {
  const page = createPage(await loadConfig())
  const { auth, timeline } = page
  try {
    await handOverCallback(auth)
  } catch {
    const { startApp } = await import('./start-app.js')
    return startApp(page, arrival)
  }
  // Another page has taken it, and writes down what comes of it.
  if (auth.state.status === 'starting') return
  const { returnTo, ...result } = await auth.start()
  // A callback that was used before: nothing has come of it now.
  if (returnTo === null) return
  timeline.add(
    ...describeReturn(arrival, started),
    ...readExchanges(),
    ...describeArrival(arrival, auth.state, result),
  )
  returnNote.write({ appState: result.appState })
}

receiveCallback().catch(async (thrown: unknown) => {
  const { showUnready } = await import('./start-app.js')
  showUnready(thrown)
})
