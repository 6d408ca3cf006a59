import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the iss of the callback differs by its case',
  callback: (url, issuer) => set({ iss: issuer.url.replace('idp', 'IDP') })(url),
  expect: { end: 'ANON', code: 'callback_issuer', tokenRequests: 0 },
})
