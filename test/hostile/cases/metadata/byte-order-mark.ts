import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata begin with a byte order mark',
  discoveryReply: answer((honest) => `\ufeff${honest}`),
  expect: { end: 'SIGNED-IN' },
})
