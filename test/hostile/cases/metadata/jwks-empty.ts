import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'beside the address of its keys the provider has some of them, which are empty',
  metadata: members({ jwks: { keys: [] } }),
  expect: { end: 'SIGNED-IN' },
})
