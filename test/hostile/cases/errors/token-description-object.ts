import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the description of an error of the token endpoint is no text',
  tokenReply: answer('{"error":"invalid_request","error_description":{"html":"<b>"}}', {
    status: 400,
  }),
  expect: {
    end: 'ANON',
    code: 'token_request_refused',
    check: ({ error }) => expect(error?.providerErrorDescription).toBe(undefined),
  },
})
