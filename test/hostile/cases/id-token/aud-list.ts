import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the aud of the ID token is a list of this client alone, as it may be',
  claims: members({ aud: ['app'] }),
  expect: { end: 'SIGNED-IN' },
})
