/** Parses a URL; `undefined` if it is none. Not by `URL.canParse`, which Safari 16 and Chrome 109 lack. */
export function parseUrl(value: string | URL, base?: string): URL | undefined {
  try {
    return new URL(value, base)
  } catch {
    return undefined
  }
}
