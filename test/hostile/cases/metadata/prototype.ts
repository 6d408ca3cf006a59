import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata stands on a prototype',
  discoveryReply: answer((honest) => `{"__proto__":${honest}}`),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
