import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { KEYS } from '../../provider/keys.ts'

export default defineCase({
  what: 'neither the ID token nor any of two keys has a name: nobody says which one is meant',
  keySet: (set) => ({
    keys: [...set.keys, KEYS.next.jwk].map((key) => ({ ...key, kid: undefined })),
  }),
  header: members({ kid: undefined }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
