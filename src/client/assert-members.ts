import { AuthError } from '../errors.js'

/**
 * Refuses an option that there is not, such as one that another SDK has: it would be passed over in
 * silence. What is of a class, such as the event of a click, was not made to say anything to us.
 *
 * @throws {AuthError} `config`, naming it
 */
export function assertMembers(call: string, request: object, names: readonly string[]): void {
  if (Object(request) === request && !isPlain(request)) return
  for (const name of Object.keys(request)) {
    if (names.includes(name)) continue
    const message = `${call}: there is no option "${name}"; there are ${names.join(', ')}.`
    throw new AuthError('config', message)
  }
}

const isPlain = (request: object) =>
  [Object.prototype, null].includes(Object.getPrototypeOf(request))
