import { replaceAddress } from '../platform/page.js'

/** Makes a bare path the address of the page, even without a client. */
export function scrubAddress(pathname: string): void {
  replaceAddress(location.origin + pathname)
}
