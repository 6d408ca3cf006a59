import type { Page } from '../page.js'

/** Writes down that the token is bound to a key, where its very headers say so. */
export async function recordBinding({ auth, config, timeline }: Page): Promise<void> {
  if (auth.state.status !== 'signed-in') return
  const headers = await auth.authorize({ url: config.bankApi })
  if (!headers.authorization?.startsWith('DPoP ')) return
  const detail = 'Worth nothing without the key, which stays in this browser'
  timeline.add({ kind: 'keep', tone: 'good', title: 'Token bound to a key (DPoP)', detail })
}
