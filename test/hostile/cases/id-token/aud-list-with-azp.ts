import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token is for a second client as well, and was issued to this one, as it may be',
  claims: members({ aud: ['app', 'other-app'], azp: 'app' }),
  expect: { end: 'SIGNED-IN' },
})
