import { defineCase } from '../../define-case.ts'
import { KEYS } from '../../provider/keys.ts'

export default defineCase({
  what: 'the address of the keys is that of the metadata, which has keys, too',
  metadata: (document, { url }) => ({
    ...document,
    jwks_uri: `${url}/.well-known/openid-configuration`,
    keys: [KEYS.honest.jwk],
  }),
  expect: { end: 'SIGNED-IN' },
})
