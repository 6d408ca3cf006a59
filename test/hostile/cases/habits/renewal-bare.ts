import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'a renewal answers with nothing but an access token, of no lifetime that anybody names',
  act: 'renew',
  tokens: members({
    refresh_token: undefined,
    id_token: undefined,
    scope: undefined,
    expires_in: undefined,
  }),
  expect: { end: 'KEEP' },
})
