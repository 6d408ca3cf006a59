import { expect, test } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import { readMetadata } from '../../../src/protocol/read-metadata.ts'

test('the stack of an AuthError, which a console shows, ends with code and remedy', () => {
  const { stack, message } = new AuthError('network', 'No answer.', { hint: 'Look at the cable.' })
  expect(stack).toMatch(/Error: No answer\.\n {4}at [\s\S]*\n {4}\(network\) Look at the cable\.$/)
  expect(message).toBe('No answer.')
  expect(new AuthError('closed', 'Over.').stack).toMatch(/\n {4}\(closed\) $/)
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
