/** Returns `before` if both are equal as JSON, so that its identity stays; else a deeply frozen copy. */
export function keepIfEqual<Value>(before: Value | undefined, value: Value): Value {
  const text = JSON.stringify(value)
  if (JSON.stringify(before) === text) return before as Value
  return JSON.parse(text, (_, member) => Object.freeze(member))
}
