import type { Client } from './client.js'
import { forgetTrips } from './limit-sign-ins.js'

/**
 * Follows the life of the page: when it is hidden, restored or shown, when it goes online, when the user
 * acts, and when another tab changes the session. Returns the function that stops it.
 */
export function followPage(client: Client): () => void {
  const { page, session, tabs } = client
  tabs.open()
  const stops = [
    // A page with an open channel may be kept out of the back/forward cache, or be dropped from it by the
    // next message.
    page.on('hidden', tabs.close),
    page.on('restored', () => {
      tabs.open()
      session.dispatch({ type: 'suspended' })
      void session.revalidate()
    }),
    page.on('visible', () => void session.revalidate()),
    page.on('online', () => void setTimeout(session.retry, Math.random() * 2_000)),
    page.on('acted', () => {
      forgetTrips(client)
      client.stateWhenActed = session.state()
    }),
    tabs.close,
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
