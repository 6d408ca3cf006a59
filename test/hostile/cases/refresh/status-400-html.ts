import { defineCase } from '../../define-case.ts'
import { answer, HTML } from '../../mutations.ts'

export default defineCase({
  what: 'a proxy refuses a renewal with a page: it is not the provider who speaks',
  act: 'renew',
  tokenReply: answer(HTML, { status: 400, headers: { 'content-type': 'text/html' } }),
  expect: { end: 'KEEP', code: 'provider_unavailable', error: { status: 400, retryable: true } },
})
