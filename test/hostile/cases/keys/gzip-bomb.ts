import { gzipSync } from 'node:zlib'
import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the key set unpacks to a hundred megabytes',
  keySetReply: answer((honest) => gzipSync(honest.replace('{', `{${' '.repeat(1e8)}`)), {
    headers: { 'content-encoding': 'gzip' },
  }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
