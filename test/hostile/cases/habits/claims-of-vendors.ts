import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token has what several providers put there: an auth_time of 0, azp, c_hash, sid, roles',
  claims: members({
    auth_time: 0,
    azp: 'app',
    c_hash: 'aaaaaaaaaaaaaaaaaaaaaa',
    sid: '1',
    acr: '0',
    amr: ['session'],
    typ: 'ID',
    scope: ['openid', 'profile'],
    realm_access: { roles: ['user'] },
    email_verified: 'true',
  }),
  expect: { end: 'SIGNED-IN' },
})
