import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'claims that were asked for are not as asked, and need not be',
  request: {
    claims: {
      id_token: { acr: { value: 'urn:mfa' }, email: { essential: true }, name: null },
      userinfo: { picture: { essential: true, value: 'x' } },
    },
  },
  claims: members({ acr: 'urn:password' }),
  expect: { end: 'SIGNED-IN' },
})
