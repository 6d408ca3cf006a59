/** A JSON object whose members can be read without meeting a prototype. */
export type Members = { readonly [member: string]: unknown }

/** The own members of a JSON object; none for anything that is not one. */
export function membersOf(value: unknown): Members {
  const object = typeof value === 'object' && !Array.isArray(value) ? value : null
  return Object.assign(Object.create(null), object)
}

/** Text from a provider, fit to be shown: at most 512 characters, none of them control, bidi or lone surrogate. */
export function cleanText(text: unknown): string | undefined {
  return typeof text === 'string' && text ? text.slice(0, 512).replace(/\p{C}/gu, '') : undefined
}
