import { defineCase } from '../../define-case.ts'
import { answer, HTML } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata is a page',
  discoveryReply: answer(HTML, { headers: { 'content-type': 'text/html' } }),
  expect: {
    end: 'ANON',
    code: 'discovery_invalid',
    message: '{issuer}/.well-known/openid-configuration has no JSON object (status 200).',
    discoveryRequests: 1,
  },
})
