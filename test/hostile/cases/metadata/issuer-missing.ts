import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata names no issuer',
  metadata: members({ issuer: undefined }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
