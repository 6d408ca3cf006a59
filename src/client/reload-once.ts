import { navigationType } from '../platform/page.js'

/** Reloads the page, unless it was loaded by a reload already. Returns whether it does. */
export function reloadOnce(): boolean {
  if (navigationType() !== 'navigate') return false
  location.reload()
  return true
}
