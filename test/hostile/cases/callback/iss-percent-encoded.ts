import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the iss of the callback is the issuer, percent-encoded once more than it has to be',
  callback: (url, issuer) => set({ iss: issuer.url.replace('/p', '/%70') })(url),
  expect: { end: 'ANON', code: 'callback_issuer', tokenRequests: 0 },
})
