import { defineCase } from '../../define-case.ts'
import { answer, endless } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata never ends',
  discoveryReply: answer(endless('{"issuer":"', 'x')),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
