import type { Client } from './client.js'
import { forgetTrips } from './limit-sign-ins.js'

/**
 * Follows the life of the page: it is put away and shown again, comes to the front, finds the
 * network. Returns the function that ends it.
 */
export function followPage(client: Client): () => void {
  const { page, session, tabs } = client
  const stops = [
    // A page that listens to others may not be put into the back/forward cache, or is thrown out of
    // it by the next message.
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
      client.heeded = session.state()
    }),
    tabs.close,
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
