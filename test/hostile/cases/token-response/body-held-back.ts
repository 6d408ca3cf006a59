import { defineCase } from '../../define-case.ts'
import { answer, drip } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint sends headers and no body',
  timeout: 5_000,
  tokenReply: answer(() => drip('')),
  expect: { end: 'ANON', code: 'timeout' },
})
