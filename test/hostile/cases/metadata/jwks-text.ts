import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'beside the address of its keys the provider has some of them, which are a text',
  metadata: members({ jwks: 'x' }),
  expect: { end: 'SIGNED-IN' },
})
