import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'UserInfo is a JWT, which nobody asked for',
  act: 'user-info',
  userInfoReply: answer(
    (honest) => signRaw({ alg: 'RS256', kid: 'honest' }, honest, KEYS.honest.privateKey),
    {
      headers: { 'content-type': 'application/jwt' },
    },
  ),
  expect: { end: 'KEEP', code: 'userinfo_invalid' },
})
