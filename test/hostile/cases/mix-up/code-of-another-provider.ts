import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'an attacker who is a provider as well sends the user back to the other provider (mix-up)',
  callback: (url, { url: own }) => set({ iss: own.replace(/p\d+$/, 'evil') })(url),
  expect: { end: 'ANON', code: 'callback_issuer', tokenRequests: 0 },
})
