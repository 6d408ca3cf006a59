import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata are UTF-16',
  discoveryReply: answer((honest) => Buffer.from(`\ufeff${honest}`, 'utf16le')),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
