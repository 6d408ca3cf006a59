import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the response is packed into a JWT (JARM), which nobody asked for',
  callback: (url) => {
    const claims = Object.fromEntries(url.searchParams)
    const response = signRaw({ alg: 'RS256', kid: 'honest' }, claims, KEYS.honest.privateKey)
    return new URL(`${url.origin}${url.pathname}?response=${response}`)
  },
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
