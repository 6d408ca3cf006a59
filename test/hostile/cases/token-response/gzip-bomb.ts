import { gzipSync } from 'node:zlib'
import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response is two hundred kilobytes that unpack to two hundred megabytes',
  tokenReply: answer((honest) => gzipSync(honest.replace('{', `{${' '.repeat(2e8)}`)), {
    headers: { 'content-encoding': 'gzip' },
  }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
