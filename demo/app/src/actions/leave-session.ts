import type { Page } from '../page.js'
import { needsSignIn, type Ways } from '../ways/ways.js'

/**
 * Lets go of the session that there is with the ways of before, where it is none with those of now.
 * To be called before the page is started.
 *
 * @returns whether there was one
 */
export async function leaveSession(page: Page, before: Ways): Promise<boolean> {
  if (!needsSignIn(page.config, before, page.ways.get())) return false
  const former = page.createAuth(before)
  try {
    await former.start()
    if (former.state.status !== 'signed-in') return false
    await former.signOut({ local: true })
  } finally {
    former.close()
  }
  const title = 'Signed out of Tax eFile'
  page.timeline.add({ kind: 'end', tone: 'good', title, detail: 'In every tab' })
  return true
}
