import { AuthError } from '../errors.js'

/** What an option has to be: a check, and the same in words. */
export type Rule = readonly [(value: unknown) => boolean, string]
/** What each option has to be. */
export type Rules<Options> = { readonly [Name in keyof Options]-?: Rule }

/** Whether it is a string. */
export const isString = (value: unknown): value is string => typeof value === 'string'
/** Whether it is a string, and not an empty one. */
export const isFilled = (value: unknown): boolean => !!value && isString(value)
/** Whether it is a function. */
export const isFunction = (value: unknown): boolean => typeof value === 'function'
/** Whether it is an object or a list. */
export const isObject = (value: unknown): value is object => !!value && typeof value === 'object'
/** Whether it is a plain object, of whichever frame: not an instance of a class, and not a list. */
export const isPlain = (value: unknown): boolean => {
  if (!isObject(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return !prototype || !Object.getPrototypeOf(prototype)
}
/** Whether it is a number above zero. */
export const isSize = (value: unknown): boolean => typeof value === 'number' && value > 0

/** Refused even in an object that may have members we do not know: no option of this name exists. */
const SECRET = /secret/i

/** For an option that is true or false. */
export const YES_OR_NO: Rule = [(value) => typeof value === 'boolean', 'true or false']
/** For the longest time that something may take. */
export const TIME: Rule = [isSize, 'a number of milliseconds']
/** The longest that a timer of a browser can be, in milliseconds; a longer one fires at once. */
export const LONGEST_TIMER: number = 2 ** 31 - 1

/**
 * Reads the given options once, into an object without a prototype. Refuses an unknown option, which
 * would otherwise be ignored in silence (another SDK's, say), and a value of the wrong kind. `undefined`
 * counts as left out.
 *
 * An instance of a class may have members that we do not know, such as React's click event, but no
 * secret. A browser's own event, as in `onclick = auth.signIn`, counts as no options at all.
 *
 * @param call the name of the function whose options they are
 * @param needed the options that cannot be left out
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
  // Not by its truth: a name may be empty.
  if (typeof unknown === 'string') {
    // A function that does take a secret has it in the list of its options.
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

/** Reads a member, its own or of its class, but not of `Object.prototype`: that was not given to us. */
function read<Given extends object, Name extends string>(
  given: Given & { readonly [name in Name]?: unknown },
  name: Name,
) {
  let holder: object | null = given
  while (holder && !Object.hasOwn(holder, name)) holder = Object.getPrototypeOf(holder)
  return holder && holder !== Object.prototype ? given[name] : undefined
}

/** Makes the error that says what an option has to be. */
export function refuseOption<Options extends object>(
  call: string,
  rules: Rules<Options>,
  name: keyof Options & string,
): AuthError {
  return new AuthError('config', `${call}: "${name}" has to be ${rules[name][1]}.`)
}
