import { defineCase } from '../../define-case.ts'
import { members, set } from '../../mutations.ts'

const issuer = 'accounts.example'

export default defineCase({
  what: 'the issuer is a name and no URL, as Google’s once was',
  options: ({ url }) => ({ issuer, metadata: `${url}/.well-known/openid-configuration` }),
  honest: {
    metadata: (metadata) => members({ issuer })(metadata),
    callback: set({ iss: issuer }),
    claims: (claims) => ({ ...claims, iss: issuer }),
  },
  expect: { end: 'SIGNED-IN' },
})
