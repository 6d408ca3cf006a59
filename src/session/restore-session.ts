import type { SessionContext } from './context.js'
import { readSessionRecord } from './records.js'

/**
 * Reads the stored session and brings the page in line with it: another tab may have signed in,
 * renewed or signed out. Returns whether there is one.
 */
export async function restoreSession(context: SessionContext): Promise<boolean> {
  const known = context.current()
  const stored = await context.storage.load().catch((error) => {
    context.warn(error)
    return 'cleared' as const
  })
  // Whoever signed in or out here in the meantime knows better than what was read before.
  if (context.current() !== known) return context.current() !== undefined
  if (stored === 'cleared' && known) {
    context.warn(undefined)
    context.hold({ record: known.record, version: null })
    context.show()
    return true
  }
  const record =
    typeof stored === 'string' ? undefined : readSessionRecord(stored.content, context.clientId)
  if (record && typeof stored === 'object') {
    if (stored.version === known?.version && context.state().status === 'signed-in') return true
    context.hold({ record, version: stored.version })
    context.show()
    return true
  }
  if (known) context.drop('signed-out', null)
  return false
}
