/** A JSON object whose members can be read without meeting a prototype. */
export type OwnMembers = { readonly [member: string]: unknown }

/** The own members of a JSON object, or `undefined` for anything that is not one. */
export function ownMembers(value: unknown): OwnMembers | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.setPrototypeOf({ ...value }, null)
    : undefined
}

/** A list with its strings only; `undefined` for anything that is not a list. */
export function stringsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined
}

/** A non-empty string, or `undefined`. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value ? value : undefined
}
