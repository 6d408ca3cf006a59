import { replaceAddress } from '../platform/page.js'

/** Takes query and fragment out of the address of the page, also where there is no client for it. */
export function scrubAddress(): void {
  replaceAddress(location.origin + location.pathname)
}
