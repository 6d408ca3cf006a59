import type { Page } from '../page.js'

/** Signs out here, in every tab, and at the tenant. */
export async function signOut(page: Page): Promise<void> {
  const { auth, notice, timeline, place } = page
  notice.set(null)
  const { redirected } = await page.own(() => auth.signOut())
  if (redirected) {
    timeline.add({ kind: 'leave', tone: 'plain', title: 'Sent to the tenant to sign out there' })
  } else {
    notice.set(describeLocalSignOut(place.tenant))
  }
}

/** Signs out here, in every tab, and leaves the tenant alone. */
export async function signOutHere(page: Page): Promise<void> {
  page.notice.set(null)
  await page.own(() => page.auth.signOut({ local: true }))
  page.notice.set(describeLocalSignOut(page.place.tenant))
}

function describeLocalSignOut(tenant: string) {
  return {
    tone: 'good',
    title: 'You are signed out of Tax eFile',
    text: `You are still signed in at ${tenant}, so the next sign-in may need no password.`,
    remedy: 'none',
  } as const
}
