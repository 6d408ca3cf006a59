import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token names no class of sign-in, although one was asked for',
  request: { acrValues: ['urn:strong'] },
  honest: { claims: members({ acr: 'urn:strong' }) },
  claims: members({ acr: undefined }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
