import { defineCase } from '../../define-case.ts'
import { answer, HTML } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint refuses with a page',
  tokenReply: answer(HTML, { status: 400 }),
  expect: { end: 'ANON', code: 'provider_unavailable', error: { status: 400 } },
})
