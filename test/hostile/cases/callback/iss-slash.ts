import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the callback names the issuer with a slash at its end',
  callback: (url) => set({ iss: `${url.searchParams.get('iss')}/` })(url),
  expect: { end: 'ANON', code: 'callback_issuer', tokenRequests: 0 },
})
