import { replaceAddress } from '../platform/page.js'

/** Makes a bare path the address of the page, also where there is no client for it. */
export function scrubAddress(pathname: string): void {
  replaceAddress(location.origin + pathname)
}
