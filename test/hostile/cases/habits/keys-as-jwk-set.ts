import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the key set has its own content type and a byte order mark',
  keySetReply: answer((honest) => `\ufeff${honest}`, {
    headers: { 'content-type': 'application/jwk-set+json' },
  }),
  expect: { end: 'SIGNED-IN' },
})
