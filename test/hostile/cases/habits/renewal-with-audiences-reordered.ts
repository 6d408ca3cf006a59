import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'a renewed ID token is for the same audiences, in another order',
  act: 'renew',
  honest: { claims: members({ aud: ['app', 'api'], azp: 'app' }) },
  claims: members({ aud: ['api', 'app'], azp: 'app' }),
  expect: { end: 'KEEP' },
})
