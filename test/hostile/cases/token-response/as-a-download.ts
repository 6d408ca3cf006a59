import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response is a file to be downloaded',
  tokenReply: answer((honest) => honest, {
    headers: {
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
    },
  }),
  expect: { end: 'SIGNED-IN' },
})
