// @ts-check

/** How long a page may take until its app is ready, in milliseconds. */
const PATIENCE = 30_000

/** @typedef {import('playwright-core').Page} Page */

/**
 * Does what leads to a page of an app, and waits until that app is ready.
 *
 * @param {Page} page
 * @param {() => Promise<unknown>} go
 */
export async function whenReady(page, go) {
  /** @type {(error: Error) => void} */
  let fail = () => {}
  const failure = new Promise((_, reject) => {
    fail = reject
  })
  page.once('pageerror', fail)
  const ready = page.waitForEvent('console', {
    predicate: (message) => message.text() === 'ready',
    timeout: PATIENCE,
  })
  try {
    await Promise.race([Promise.all([ready, go()]), failure])
  } finally {
    ready.catch(() => {})
    page.off('pageerror', fail)
  }
}

/**
 * Opens an app and goes to sign in, up to the moment in which the provider sends the user back: the
 * page has the address of the callback then, and is empty.
 *
 * @param {import('./start-stage.mjs').Stage} stage
 * @param {Page} page
 * @param {string} name
 */
export async function leave(stage, page, name) {
  await whenReady(page, () => page.goto(stage.homeOf(name)))
  stage.park(true)
  try {
    await page.evaluate('void app.signIn()')
    await page.waitForURL(/[?#&]code=/, { timeout: PATIENCE })
    await page.waitForFunction('document.title === "parked"', undefined, { timeout: PATIENCE })
  } finally {
    stage.park(false)
  }
}

/**
 * Opens the callback that {@link leave} has come to. Returns the milliseconds until the app had a
 * token.
 *
 * @param {Page} page
 */
export async function comeBack(page) {
  let start = 0
  await whenReady(page, async () => {
    start = await page.evaluate(() => {
      const { href } = location
      history.replaceState(null, '', '/parked')
      setTimeout(() => location.replace(href))
      return performance.timeOrigin + performance.now()
    })
  })
  const { user, readyAt } = await stateOf(page)
  if (!user) throw new Error('nobody is signed in after the callback')
  return readyAt - start
}

/**
 * A browser profile of its own in which the user is signed in, and its page.
 *
 * @param {import('./start-stage.mjs').Stage} stage
 * @param {string} name
 * @param {(context: import('playwright-core').BrowserContext) => Promise<void>} [prepare]
 */
export async function signInAnew(stage, name, prepare) {
  const context = await stage.browser.newContext()
  await prepare?.(context)
  const page = await context.newPage()
  await leave(stage, page, name)
  await comeBack(page)
  return { context, page }
}

/**
 * @param {Page} page
 * @returns {Promise<{ user: string | undefined; readyAt: number; origin: number }>} `origin`: when
 *   the navigation to it began.
 */
export function stateOf(page) {
  return page.evaluate('({ user, readyAt, origin: performance.timeOrigin })')
}
