import { afterEach, expect } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import type { Answer } from '../../../src/protocol/transport.ts'

const PRISTINE = Object.getOwnPropertyNames(Object.prototype).sort()

/** What comes from outside leaves the prototype of all objects as it is, after each test. */
export function keepPrototype(): void {
  afterEach(() => {
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(PRISTINE)
  })
}

export const METADATA = {
  issuer: 'https://login.example/app/',
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
}

export const answerOf = (json: unknown, status = 200, headers = {}): Answer => ({
  status,
  json,
  headers: new Headers(headers),
  receivedAt: 2_000,
})

/** What it gives, or the code and message of the error it throws; anything else is thrown on. */
export function verdictOf(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    if (error instanceof AuthError) return `${error.code}: ${error.message}`
    throw error
  }
}

export const TOKENS = { access_token: 'at', token_type: 'Bearer' }
