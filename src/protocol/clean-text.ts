/** Text from a provider, fit to be shown as text: at most 512 characters, no control, bidi or lone surrogate characters. */
export function cleanText(text: unknown): string | undefined {
  return typeof text === 'string' && text ? text.slice(0, 512).replace(/\p{C}/gu, '') : undefined
}
