import { setTimeout as wait } from 'node:timers/promises'
import type { Context, Page } from '../page.ts'
import { createPage } from './create-page.ts'
import { createWindow, STEP, type Turns } from './create-window.ts'
import type { ProfileProxy } from './start-proxy.ts'

/**
 * The pages of a session, beginning with the window it has.
 *
 * @param close gets the windows that were opened here, and not by a page
 */
export function createContext(
  turns: Turns,
  proxy: ProfileProxy,
  close: (opened: ReadonlySet<string>) => Promise<void>,
): Context {
  const pages = new Map<string, Page>()
  const opened = new Set<string>()
  const add = (handle: string) => {
    const page = createPage(createWindow(turns, handle), proxy, context)
    pages.set(handle, page)
    return page
  }
  let closing: Promise<void> | undefined
  const context: Context = {
    async newPage() {
      const [first] = (await handlesOf(turns)) as [string]
      const handle = pages.size === 0 ? first : await openWindow(turns, first)
      opened.add(handle)
      return add(handle)
    },
    async waitForEvent() {
      const deadline = performance.now() + STEP
      while (performance.now() < deadline) {
        const handle = (await handlesOf(turns)).find((each) => !pages.has(each))
        if (handle) return add(handle)
        await wait(20)
      }
      throw new Error(`No page was opened within ${STEP} ms.`)
    },
    async addInitScript(script) {
      // The type says so as well; a test that takes this for playwright's context does not see it.
      if (typeof script === 'function' && script.length > 0) {
        throw new TypeError('A script is given no argument here: write it as { content }.')
      }
      proxy.scripts.push(typeof script === 'function' ? `(${script})()` : script.content)
    },
    async clearCookies({ name }) {
      // Those that the page in front can see.
      const [first] = (await handlesOf(turns)) as [string]
      await turns.take(first, async ({ send }) => {
        const cookies = (await send('GET', '/cookie')) as { name: string }[]
        for (const each of cookies.filter((cookie) => name.test(cookie.name))) {
          await send('DELETE', `/cookie/${encodeURIComponent(each.name)}`)
        }
      })
    },
    close() {
      closing ??= close(opened)
      return closing
    },
  }
  return context
}

/** All windows of a session, the oldest first. */
export async function handlesOf(turns: Turns): Promise<string[]> {
  return (await turns.takeAny(({ send }) => send('GET', '/window/handles'))) as string[]
}

/** A window rather than a tab: a page behind another one is hidden, and its timers are slowed down. */
async function openWindow(turns: Turns, from: string): Promise<string> {
  const opened = await turns.take(from, ({ send }) =>
    send('POST', '/window/new', { type: 'window' }),
  )
  return (opened as { handle: string }).handle
}
