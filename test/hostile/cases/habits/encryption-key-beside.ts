import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { KEYS } from '../../provider/keys.ts'

export default defineCase({
  what: 'beside the key there is one for encryption, and the ID token names none',
  keySet: (set) => ({
    keys: [{ ...KEYS.next.jwk, kid: 'honest', use: 'enc', alg: 'RSA-OAEP' }, ...set.keys],
  }),
  header: members({ kid: undefined }),
  expect: { end: 'SIGNED-IN' },
})
