import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the issuer stands twice in the metadata, that of another last',
  discoveryReply: answer((honest) => honest.replace(/}$/, ',"issuer":"https://evil.example"}')),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
