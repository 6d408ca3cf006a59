import { navigationType } from '../platform/page.js'

/** Loads the page again, unless that was done before. Returns whether it does. */
export function reloadOnce(): boolean {
  if (navigationType() !== 'navigate') return false
  location.reload()
  return true
}
