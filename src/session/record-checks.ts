/** Whether a value is text, and some. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** Whether a value is a list of texts. */
export function isScopeList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText)
}
