import type { Client } from './create-client.js'

const LARGEST_JITTER = 2_000

/**
 * Follows the life of the page: it is put away and shown again, sleeps and wakes, loses and finds
 * the network. Returns the function that stops it.
 */
export function listenToPage(client: Client): () => void {
  const { session, platform } = client
  const { page, random, schedule } = platform
  const { context } = session
  let cancel = () => {}
  const revalidate = async () => {
    await session.revalidate()
    session.check(false)
  }
  const stops = [
    // A page that listens to others may not be put into the back/forward cache, or is thrown out of
    // it by the next message.
    page.on('hidden', () => void client.connectTabs().then((tabs) => tabs.close())),
    page.on('restored', () => {
      void client.connectTabs().then((tabs) => tabs.open())
      context.dispatch({ type: 'suspended' })
      void revalidate()
    }),
    page.on('visible', () => void revalidate()),
    page.on('online', () => {
      cancel = schedule(random() * LARGEST_JITTER, () => session.check(true))
    }),
  ]
  return () => {
    cancel()
    for (const stop of stops) stop()
  }
}
