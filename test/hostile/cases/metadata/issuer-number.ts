import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the issuer of the metadata is a number',
  metadata: members({ issuer: 7 }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
