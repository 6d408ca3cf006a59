/** The value as it was where it is the same, so that what depends on it stays; frozen through. */
export function unchanged<Value>(before: Value | undefined, value: Value): Value {
  const text = JSON.stringify(value)
  if (JSON.stringify(before) === text) return before as Value
  return JSON.parse(text, (_, member) => Object.freeze(member))
}
