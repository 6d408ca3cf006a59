/**
 * Whether a text holds a secret: as it is, percent-encoded, or in base64 and base64url, wherever in
 * the encoded bytes it begins.
 */
export function findSecret(text: string, secrets: Iterable<string>): string | undefined {
  for (const secret of secrets) {
    const found = spellings(secret).find((spelling) => text.includes(spelling))
    if (found) return found
  }
  return undefined
}

const known = new Map<string, readonly string[]>()

function spellings(secret: string): readonly string[] {
  const found = known.get(secret) ?? [
    secret,
    encodeURIComponent(secret),
    ...[0, 1, 2].flatMap((offset) => {
      // The characters at the ends depend on what stands before and after.
      const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
      const whole = Math.floor((bytes.length * 8) / 6)
      const inner = (encoded: string) => encoded.slice(Math.ceil((offset * 8) / 6), whole)
      return [inner(bytes.toString('base64')), inner(bytes.toString('base64url'))]
    }),
  ]
  known.set(secret, found)
  return found
}
