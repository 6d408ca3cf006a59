import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata is empty',
  discoveryReply: answer(''),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
