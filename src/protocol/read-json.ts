/** A JSON object whose members can be read without meeting a prototype. */
export type Members = { readonly [member: string]: unknown }

/** The own members of a JSON object; none for anything that is not one. */
export function membersOf(value: unknown): Members {
  const object = typeof value === 'object' && !Array.isArray(value) ? value : null
  return Object.assign(Object.create(null), object)
}

/** Control, bidi, line separator, lone surrogate: nothing to show. */
const UNSHOWN = '[\\p{C}\\p{Zl}\\p{Zp}]'

// A literal would have its categories looked up while the page loads, which takes a millisecond.
const showable = (text: string) => text.replace(new RegExp(UNSHOWN, 'gu'), '')

/** Text from a provider, fit to be shown: at most 512 characters, all of them to be seen. */
export function cleanText(text: unknown): string | undefined {
  return typeof text === 'string' && text ? showable(text.slice(0, 512)) : undefined
}

/**
 * An error response without what it repeats of these secrets, as they are or percent-encoded: some
 * providers repeat what they refuse, an error of ours never does.
 */
export function withoutEcho(json: unknown, secrets: readonly unknown[]): unknown {
  const body = membersOf(json)
  if (!body.error) return json
  const forms = secrets.flatMap((secret) => {
    // Shorter than that it is no secret, and stands in any text.
    if (typeof secret !== 'string' || secret.length < 4) return []
    const encoded = `${new URLSearchParams({ '': secret })}`.slice(1)
    return [secret, encoded, encoded.replaceAll('+', '%20')]
  })
  // By no ellipsis: with one character beyond Latin-1, V8 keeps all of a script at twice its size.
  // What is no text is never shown, and an error all the same. What stands between the characters of a
  // secret, and would not be shown, must not hide it from here.
  const hide = (text: unknown) =>
    typeof text === 'string'
      ? forms.reduce((rest, form) => rest.replaceAll(form, '...'), showable(text))
      : text
  return { ...body, error: hide(body.error), error_description: hide(body.error_description) }
}

/** Whether a JSON value is nested no deeper than anybody needs: keeping what is overflows the stack. */
export function isShallow(value: unknown): boolean {
  let level = [value]
  for (let depth = 0; depth < 64 && level.length > 0; depth++) {
    level = level.flatMap((each) => (each && typeof each === 'object' ? Object.values(each) : []))
  }
  return level.length === 0
}
