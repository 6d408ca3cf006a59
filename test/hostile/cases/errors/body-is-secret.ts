import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint breaks off in the middle of an access token: no error repeats it',
  tokenReply: answer((honest) => honest.slice(0, honest.indexOf('"token_type"') - 5)),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
