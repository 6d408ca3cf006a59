import { expect, test } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import { readMetadata } from '../../../src/protocol/read-metadata.ts'

test('the stack of an AuthError, which a console shows, ends with code and remedy', () => {
  const { stack, message } = new AuthError('network', 'No answer.', { hint: 'Look at the cable.' })
  expect(stack).toMatch(/Error: No answer\.\n {4}at [\s\S]*\n {4}\(network\) Look at the cable\.$/)
  expect(message).toBe('No answer.')
  expect(new AuthError('closed', 'Over.').stack).toMatch(/\n {4}\(closed\) $/)
})

test('the stack of an AuthError is as that of any other error, and may be missing', () => {
  const own = (error: Error) => ({ ...Object.getOwnPropertyDescriptor(error, 'stack'), value: '' })
  const stack = { value: '', configurable: true, writable: true, enumerable: false }
  expect(own(new AuthError('closed', 'Over.'))).toEqual(stack)
  const { stackTraceLimit } = Error
  Reflect.deleteProperty(Error, 'stackTraceLimit')
  try {
    expect(new AuthError('closed', 'Over.').stack).toBe(undefined)
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
})

test('JSON of an AuthError has its message', () => {
  const error = new AuthError('network', 'No answer.', { retryable: true, hint: 'Look.' })
  expect(JSON.parse(JSON.stringify({ error }))).toEqual({
    error: {
      name: 'AuthError',
      code: 'network',
      message: 'No answer.',
      retryable: true,
      hint: 'Look.',
    },
  })
})

test.for<[unknown, string]>([
  ['https://login.example', 'https://login.example'],
  ['https://login.example/\u202e', 'none'],
  [`https://login.example/${'a'.repeat(200)}`, 'none'],
  ['https://login.example/<img>', 'none'],
  [undefined, 'none'],
  [{ toString: 0 }, 'none'],
])('readMetadata() says which issuer it found: %s', ([issuer, found]) => {
  expect(() => readMetadata({ issuer }, 'https://login.example/', false)).toThrow(
    expect.objectContaining({
      code: 'discovery_invalid',
      hint: `The metadata says "${found}".`,
    }),
  )
})

test('the stack of an AuthError names no address with a code in it, as Firefox writes frames of evaluated and injected scripts', () => {
  const page = 'https://app.example/callback'
  const { prepareStackTrace } = Error
  Error.prepareStackTrace = () =>
    [
      `@${page}?code=SECRET&state=SECRET line 370 > eval:1:12`,
      `@${page}?code=SECRET line 3 > injectedScript line 1 > Function:1:2`,
      `@${page}#code=SECRET:3:4`,
    ].join('\n')
  try {
    const { stack } = new AuthError('closed', 'Over.')
    expect(stack).toBe(
      [
        `@${page} line 370 > eval:1:12`,
        `@${page} line 3 > injectedScript line 1 > Function:1:2`,
        `@${page}:3:4`,
        '    (closed) ',
      ].join('\n'),
    )
  } finally {
    Error.prepareStackTrace = prepareStackTrace
  }
})

test('an error that is made from another one has its own code, and what else was known', () => {
  const before = new AuthError('timeout', 'It took too long.', { retryable: true, status: 504 })
  const error = new AuthError('network', 'There was no answer.', { ...before })
  expect(error).toMatchObject({ code: 'network', retryable: true, status: 504 })
  expect(error.message).toBe('There was no answer.')
})
