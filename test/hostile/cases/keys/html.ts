import { defineCase } from '../../define-case.ts'
import { answer, HTML } from '../../mutations.ts'

export default defineCase({
  what: 'the key set is a page',
  keySetReply: answer(HTML, { headers: { 'content-type': 'text/html' } }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
