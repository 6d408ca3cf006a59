import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata is of another provider',
  metadata: members({ issuer: 'https://login.example' }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
