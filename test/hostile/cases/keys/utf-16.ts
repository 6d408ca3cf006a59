import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the key set is UTF-16',
  keySetReply: answer((honest) => Buffer.from(`\ufeff${honest}`, 'utf16le')),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
