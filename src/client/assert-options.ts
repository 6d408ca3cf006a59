import { AuthError } from '../errors.js'

/** What an option has to be, in a check and in words. */
export type Rule = readonly [(value: unknown) => boolean, string]
/** What each option has to be. */
export type Rules<Options> = { readonly [Name in keyof Options]-?: Rule }

/** Whether it is a text, and not an empty one. */
export const isText = (value: unknown): boolean => !!value && typeof value === 'string'
/** Whether it is a function. */
export const isFunction = (value: unknown): boolean => typeof value === 'function'
/** Whether it is an object, or a list. */
export const isObject = (value: unknown): value is object => !!value && typeof value === 'object'
/** Whether it was written as an object, in whichever frame: it is of no class, and no list. */
export const isPlain = (value: unknown): boolean => {
  if (!isObject(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return !prototype || !Object.getPrototypeOf(prototype)
}
/** Whether it is a number above zero. */
export const isSize = (value: unknown): boolean => typeof value === 'number' && value > 0

/** No part of this package takes one, whatever else an object has that we know nothing of. */
const SECRET = /secret/i

/** For an option that is one or the other. */
export const YES_OR_NO: Rule = [(value) => typeof value === 'boolean', 'true or false']
/** For the longest that something may take. */
export const TIME: Rule = [isSize, 'a number of milliseconds']

/**
 * The options that were given, read once, and without a prototype. Refuses one that there is not,
 * such as one that another SDK has: it would be passed over in silence. Refuses one of the wrong kind
 * as well. What is left out, however that is written, is not there.
 *
 * What is of a class may have more than we know of, as the event of a click that React makes, but no
 * secret. Nobody made the event of a browser to say anything to us.
 *
 * @param call whose options they are
 * @param needed those that cannot be left out
 * @throws {AuthError} `config`, naming the option and the remedy
 */
export function assertOptions<Options extends object>(
  call: string,
  given: Options,
  rules: Rules<Options>,
  ...needed: (keyof Options & string)[]
): Options {
  const there = () => `there are ${Object.keys(rules).join(', ')}.`
  if (!isObject(given) || Array.isArray(given)) {
    throw new AuthError('config', `${call}: its options have to be an object; ${there()}`)
  }
  const unknown = Object.keys(given).find(
    (name) => !Object.hasOwn(rules, name) && (isPlain(given) || SECRET.test(name)),
  )
  // Not only `false`: a name may be empty.
  if (typeof unknown === 'string') {
    // Where one is taken all the same, its name is in the list.
    const remedy =
      SECRET.test(unknown) && !SECRET.test(there())
        ? 'a browser keeps no secret: register a public client with PKCE.'
        : there()
    throw new AuthError('config', `${call}: there is no option "${unknown}"; ${remedy}`)
  }
  const isEvent = read(given, 'isTrusted') !== undefined
  const options: Options = Object.create(null)
  for (const name of Object.keys(rules) as (keyof Options & string)[]) {
    const value = isEvent ? undefined : read(given, name)
    if (value !== undefined) {
      if (!rules[name][0](value)) throw refuseOption(call, rules, name)
      options[name] = value
    } else if (needed.includes(name)) throw refuseOption(call, rules, name)
  }
  return options
}

/** A member, its own or of its class. What is put on every object was not given to us. */
function read<Given extends object, Name extends string>(
  given: Given & { readonly [name in Name]?: unknown },
  name: Name,
) {
  let holder: object | null = given
  while (holder && !Object.hasOwn(holder, name)) holder = Object.getPrototypeOf(holder)
  return holder && holder !== Object.prototype ? given[name] : undefined
}

/** Says what an option has to be. */
export function refuseOption<Options extends object>(
  call: string,
  rules: Rules<Options>,
  name: keyof Options & string,
): AuthError {
  return new AuthError('config', `${call}: "${name}" has to be ${rules[name][1]}.`)
}
