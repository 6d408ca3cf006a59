import type { Profile } from '../browsers/launch-browser.ts'
import type { Page } from '../browsers/page.ts'

/**
 * Gives the pages of a profile clocks that a test moves: that of the device, which people set and
 * which goes on during sleep, and that of the page, which does neither. All tabs see it at once.
 * Timers stay as they are.
 */
export async function useClock({ context }: Profile): Promise<void> {
  await context.addInitScript({
    content: `{
  const moved = (clock) => {
    try {
      return Number(localStorage.getItem('test clock of the ' + clock))
    } catch {
      return 0
    }
  }
  const device = Date.now
  const page = performance.now.bind(performance)
  Date.now = () => device() + moved('device')
  performance.now = () => page() + moved('page')
}`,
  })
}

/** Moves the clocks of all tabs by milliseconds, from one of them. */
export function moveClock(tab: Page, by: { device?: number; page?: number }): Promise<void> {
  return tab.evaluate((clocks) => {
    for (const [clock, milliseconds] of Object.entries(clocks)) {
      const name = `test clock of the ${clock}`
      localStorage.setItem(name, String(Number(localStorage.getItem(name)) + milliseconds))
    }
  }, by)
}

/** What a browser tells pages that come to the front, and after sleep. */
export async function wake(...tabs: readonly Page[]): Promise<void> {
  for (const tab of tabs) {
    await tab.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')))
  }
}
