import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { KEYS } from '../../provider/keys.ts'

export default defineCase({
  what: 'the ID token does not name its key, and there are two that could be it (EITHER)',
  keySet: (set) => ({ keys: [KEYS.next.jwk, ...set.keys] }),
  header: members({ kid: undefined }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
