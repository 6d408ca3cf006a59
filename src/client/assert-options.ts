import { AuthError } from '../errors.js'

/** What each option has to be, in a check and in words. */
export type Rules<Options> = {
  readonly [Name in keyof Options]-?: readonly [(value: unknown) => boolean, string]
}

/**
 * Refuses an option that there is not, such as one that another SDK has: it would be passed over in
 * silence. Refuses one of the wrong kind as well. What is of a class, such as the event of a click,
 * was not made to say anything to us.
 *
 * @param call whose options they are
 * @throws {AuthError} `config`, naming the option and the remedy
 */
export function assertOptions<Options extends object>(
  call: string,
  given: Options,
  rules: Rules<Options>,
): void {
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(given))
  if (!isPlain && Object(given) === given) return
  for (const name of Object.keys(given) as (keyof Options & string)[]) {
    if (!Object.hasOwn(rules, name)) {
      const remedy = /secret/i.test(name)
        ? 'a browser keeps no secret: register a public client with PKCE'
        : `there are ${Object.keys(rules).join(', ')}`
      throw new AuthError('config', `${call}: there is no option "${name}"; ${remedy}.`)
    }
    const value = given[name]
    if (value !== undefined && !rules[name][0](value)) throw refuseOption(call, rules, name)
  }
}

/** Says what an option has to be. */
export function refuseOption<Options extends object>(
  call: string,
  rules: Rules<Options>,
  name: keyof Options & string,
): AuthError {
  return new AuthError('config', `${call}: "${name}" has to be ${rules[name][1]}.`)
}
