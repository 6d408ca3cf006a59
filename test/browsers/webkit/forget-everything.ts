import { handlesOf } from './create-context.ts'
import { createWindow, type Turns } from './create-window.ts'
import type { ProfileProxy } from './start-proxy.ts'

/**
 * Makes a session as good as new: closes its windows but one, has each origin's data cleared, and
 * looks whether it is.
 *
 * @param opened the windows that the tests have opened
 * @throws {Error} When something is left.
 */
export async function forgetEverything(
  turns: Turns,
  proxy: ProfileProxy,
  opened: ReadonlySet<string>,
): Promise<void> {
  const [first, ...others] = (await handlesOf(turns)) as [string, ...string[]]
  // A page of a window that another page opened may hold up the pages after it.
  if (others.some((handle) => !opened.has(handle))) throw new Error('A page has opened windows.')
  for (const handle of others) await turns.take(handle, ({ send }) => send('DELETE', '/window'))
  const window = createWindow(turns, first)
  for (const origin of proxy.origins) {
    const url = origin + proxy.forgetting
    await window.send('POST', '/url', { url })
    await window.waitUntil(
      `location.href === ${JSON.stringify(url)} && document.readyState === 'complete'`,
      'Forgetting',
    )
    const cookies = (await window.send('GET', '/cookie')) as unknown[]
    const left = await window.call(String(countWhatIsLeft))
    if (cookies.length > 0 || left !== 0) throw new Error(`${origin} still has data.`)
  }
  await window.send('POST', '/url', { url: 'about:blank' })
  await window.waitUntil(`location.href === 'about:blank'`, 'An empty page')
}

/** Runs in the page. */
async function countWhatIsLeft(): Promise<number> {
  window.name = ''
  const databases = await indexedDB.databases()
  const all = await caches.keys()
  return localStorage.length + sessionStorage.length + databases.length + all.length
}
