import { setTimeout as wait } from 'node:timers/promises'
import type { Context, Keyboard, Page } from '../page.ts'
import { createLocator, toPattern } from './create-locator.ts'
import { type DriverWindow, STEP } from './create-window.ts'
import type { ProfileProxy } from './start-proxy.ts'
import { WebDriverError } from './start-session.ts'

/** A window, as the tests see it. */
export function createPage(window: DriverWindow, proxy: ProfileProxy, context: Context): Page {
  const { call, send, waitUntil } = window
  const root = createLocator(window, [])
  let departures = 0

  /** Leaves the page, and waits until another one has loaded. */
  async function leave(go: () => Promise<unknown>): Promise<void> {
    const mark = ++departures
    await call(`Object.assign(globalThis, { [Symbol.for('left')]: ${mark} }) && null`)
    await go()
    await waitUntil(
      `globalThis[Symbol.for('left')] !== ${mark} && document.readyState === 'complete'`,
      'The load of a page',
    )
  }

  return {
    // The types are playwright's, where a function or an expression is given.
    evaluate: ((work: unknown, given?: unknown) => call(String(work), given)) as Page['evaluate'],
    async goto(url) {
      const [before, target] = [new URL(window.href()), new URL(url)]
      const isSame = before.href.split('#')[0] === target.href.split('#')[0]
      if (isSame && target.hash) {
        await send('POST', '/url', { url })
        return waitUntil(`location.href === ${JSON.stringify(target.href)}`, url)
      }
      proxy.failed.delete(target.href)
      await leave(() => send('POST', '/url', { url }))
      if (proxy.failed.has(target.href)) throw new Error(`${url} could not be loaded.`)
    },
    reload: () => leave(() => send('POST', '/refresh')),
    goBack: () => leave(() => send('POST', '/back')),
    title: () => call('document.title') as Promise<string>,
    url: () => window.href(),
    click: (selector) => root.locator(selector).click(),
    fill: (selector, value) => root.locator(selector).fill(value),
    keyboard: createKeyboard(window),
    locator: (selector, { hasText } = {}) =>
      createLocator(window, [
        { by: 'css', selector, ...(hasText && { text: toPattern(hasText) }) },
      ]),
    getByRole: root.getByRole,
    getByText: root.getByText,
    getByLabel: root.getByLabel,
    getByTestId: (id) => root.locator(`[data-testid=${JSON.stringify(id)}]`),
    waitForFunction: (condition) => waitUntil(String(condition), String(condition)),
    waitForSelector: (selector) => root.locator(selector).waitFor(),
    waitForURL: (url) => waitForUrl(window, url),
    waitForRequest: (pattern) => waitForRequest(proxy, pattern),
    context: () => context,
    waitForEvent: () => waitForClose(window),
    async close() {
      await send('DELETE', '/window')
    },
  }
}

async function waitForUrl(
  window: DriverWindow,
  wanted: Parameters<Page['waitForURL']>[0],
): Promise<void> {
  const isWanted = matcherOf(wanted)
  const deadline = performance.now() + STEP
  while (performance.now() < deadline) {
    await window.waitUntil(`document.readyState === 'complete'`, 'The load of a page')
    if (isWanted(new URL(window.href()))) return
  }
  throw new Error(`The address is ${window.href()}, and did not become ${wanted}.`)
}

function matcherOf(wanted: Parameters<Page['waitForURL']>[0]): (url: URL) => boolean {
  if (typeof wanted === 'function') return wanted
  if (wanted instanceof RegExp) return ({ href }) => wanted.test(href)
  const source = wanted.split('**').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(`^${source.join('.*')}$`)
  return ({ href }) => pattern.test(href)
}

async function waitForClose({ send, handle }: DriverWindow): Promise<void> {
  const deadline = performance.now() + STEP
  while (performance.now() < deadline) {
    try {
      const handles = (await send('GET', '/window/handles')) as string[]
      if (!handles.includes(handle)) return
    } catch (error) {
      if (error instanceof WebDriverError && error.code === 'no such window') return
      throw error
    }
    await wait(20)
  }
  throw new Error(`The window was not closed within ${STEP} ms.`)
}

function waitForRequest({ events }: ProfileProxy, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      events.off('request', heed)
    }
    const heed = (url: string) => {
      if (!pattern.test(url)) return
      end()
      resolve()
    }
    const timer = setTimeout(() => {
      end()
      reject(new Error(`No request to ${pattern} within ${STEP} ms.`))
    }, STEP)
    events.on('request', heed)
  })
}

const KEYS: Readonly<Record<string, string>> = {
  Shift: '\uE008',
  Tab: '\uE004',
  Enter: '\uE007',
  Space: ' ',
}

function createKeyboard({ send }: DriverWindow): Keyboard {
  const act = (keys: { type: 'keyDown' | 'keyUp'; value: string }[]) =>
    send('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions: keys }] })
  return {
    async press(key) {
      const values = key.split('+').map((each) => KEYS[each] ?? each)
      await act([
        ...values.map((value) => ({ type: 'keyDown' as const, value })),
        ...values.reverse().map((value) => ({ type: 'keyUp' as const, value })),
      ])
    },
    async type(text) {
      await act(
        [...text].flatMap((value) => [
          { type: 'keyDown' as const, value },
          { type: 'keyUp' as const, value },
        ]),
      )
    },
  }
}
