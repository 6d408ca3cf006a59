import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'an attacker has added a fragment with another code: it is scrubbed and the query counts',
  callback: (url) => `${url}#code=injected&state=injected&access_token=injected`,
  expect: { end: 'SIGNED-IN' },
})
