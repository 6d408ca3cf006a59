import { AuthError } from '../errors.js'
import type { Current, SessionContext } from './context.js'
import { EPOCH, readSessionRecord, SESSION } from './records.js'

/**
 * Reads the stored session. Where somebody emptied the storage behind our back, or it fails, the
 * page's own session counts, with a warning; `undefined` where there is none.
 */
export async function loadSession(context: SessionContext): Promise<Current | undefined> {
  try {
    const { sessions } = await context.stores()
    const stored = await sessions.get(SESSION)
    const record = readSessionRecord(stored?.content, context.clientId)
    if (record) return { record, version: stored?.version }
    // Every sign-in and every sign-out leaves a count behind.
    if (await sessions.records((all) => all.has(EPOCH))) return undefined
  } catch (error) {
    context.warn(error as AuthError)
  }
  const known = context.current()
  if (!known) return undefined
  context.warn(new AuthError('storage_unavailable', 'The browser deleted what this page stored.'))
  return { record: known.record, version: undefined }
}

/**
 * Brings the page in line with the stored session: another tab may have signed in, renewed or signed
 * out. Returns whether there is one.
 */
export async function restoreSession(context: SessionContext): Promise<boolean> {
  const known = context.current()
  const stored = await loadSession(context)
  // Whoever signed in or out here in the meantime knows better than what was read before.
  if (context.current() !== known) return !!context.current()
  if (stored) {
    context.hold(stored)
    const same = known && known.version === stored.version
    if (!same || context.state().status !== 'signed-in') context.show()
    return true
  }
  if (known) context.drop('signed-out')
  return false
}
