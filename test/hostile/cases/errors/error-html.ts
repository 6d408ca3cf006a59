import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the error itself is a page with control characters',
  callback: set({ error: '<img src=x onerror=alert(1)>\u202e\u0000' }),
  expect: {
    end: 'ANON',
    code: 'authorization_error',
    message: 'The provider refused the sign-in: <img src=x onerror=alert(1)>.',
    tokenRequests: 0,
  },
})
