import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token endpoint is in capitals where that makes no difference',
  metadata: (d, { url }) => ({
    ...d,
    token_endpoint: `${url}/token`.replace('http://idp', 'HTTP://IDP'),
  }),
  expect: { end: 'SIGNED-IN' },
})
