import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the key of the ID token is in no key set: it is read once more, and no further',
  header: members({ kid: 'of-nobody' }),
  expect: { end: 'ANON', code: 'id_token_invalid', mostKeyRequests: 3 },
})
