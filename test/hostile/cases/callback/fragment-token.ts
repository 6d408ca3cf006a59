import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'an access token comes in the fragment, as in the implicit flow',
  callback: (url) =>
    `${url.origin}${url.pathname}#access_token=injected&token_type=Bearer&state=${url.searchParams.get('state')}`,
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
