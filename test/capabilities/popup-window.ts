import type { Page } from 'playwright-core'

/** The imports of an app with a popup. */
export const imports = `import { popup } from 'tessera-auth/popup'
window.popup = popup`
/** The user stays at the provider. */
export const HOLD = "loginHint: 'hold', via: popup({ timeout: 60_000 })"

/** Clicks on "popup", and waits until its window is there and the click is done. */
export async function clickPopup(tab: Page): Promise<Page> {
  const [window] = await Promise.all([tab.context().waitForEvent('page'), tab.click('#popup')])
  return window
}

/** Clicks on "popup", and waits until the window shows the provider's page. */
export async function openWindow(tab: Page): Promise<Page> {
  const window = await clickPopup(tab)
  await window.getByText('Sign in').waitFor()
  return window
}

/** Waits until a window is gone. WebKit's driver has no word for one that is. */
export async function gone(window: Page): Promise<void> {
  if (!window.isClosed?.()) await window.waitForEvent('close')
}

/** Waits until the page has looked at its window for a while: it does so by an interval. */
export function waitForLooks(tab: Pick<Page, 'evaluate'>): Promise<void> {
  return tab.evaluate(
    () =>
      new Promise<void>((resolve) => {
        let ticks = 0
        const interval = setInterval(() => {
          ticks += 1
          if (ticks < 6) return
          clearInterval(interval)
          resolve()
        }, 200)
      }),
  )
}

/** What the button "popup" does from now on; `done` is what came of it. */
export const onClick = (run: string) => `void (document.getElementById('popup').onclick = () => {
  window.done = ${run}.then(() => 'ok', (error) => error.code + ': ' + error.message)
})`
