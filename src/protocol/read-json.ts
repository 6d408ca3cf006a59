/** A JSON object without a prototype, so that no inherited member can be read. */
export type Members = { readonly [member: string]: unknown }

/** Returns the own members of a JSON object; none for any other value. */
export function membersOf(value: unknown): Members {
  const object = typeof value === 'object' && !Array.isArray(value) ? value : null
  return Object.assign(Object.create(null), object)
}

/** Characters that must not be shown: control, bidi, line separator, lone surrogate. */
const UNSHOWN = '[\\p{C}\\p{Zl}\\p{Zp}]'

// A literal would look its categories up while the page loads, which takes a millisecond.
const showable = (text: string) => text.replace(new RegExp(UNSHOWN, 'gu'), '')

/**
 * Returns text from a provider that can be shown: at most 512 characters, all of them visible, and
 * without these secrets, plain, percent-encoded or as in JSON: some providers repeat what they refuse.
 */
export function cleanText(text: unknown, secrets: readonly unknown[] = []): string | undefined {
  if (typeof text !== 'string' || !text) return undefined
  const forms = secrets.flatMap((secret) => {
    // A shorter value is not a secret, and may occur in any text.
    if (typeof secret !== 'string' || secret.length < 4) return []
    const encoded = `${new URLSearchParams({ '': secret })}`.slice(1)
    return [secret, encoded, encoded.replaceAll('+', '%20'), JSON.stringify(secret).slice(1, -1)]
  })
  // Characters that must not be shown are removed first: they could stand inside a secret and so hide
  // it. Three dots and not an ellipsis: with one character beyond Latin-1, V8 keeps all of a script at
  // twice its size.
  const hidden = forms.reduce((rest, form) => rest.replaceAll(form, '...'), showable(text))
  // Once more, because the cut may leave half of a character.
  return showable(hidden.slice(0, 512))
}

/** Whether a JSON value is nested less than 64 levels deep: storing it could overflow the stack. */
export function isShallow(value: unknown): boolean {
  let level = [value]
  for (let depth = 0; depth < 64 && level.length > 0; depth++) {
    level = level.flatMap((each) => (each && typeof each === 'object' ? Object.values(each) : []))
  }
  return level.length === 0
}
