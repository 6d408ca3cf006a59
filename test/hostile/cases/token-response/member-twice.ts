import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the access token stands twice in the token response; the last one counts (EITHER)',
  tokenReply: answer((honest) => honest.replace('{', '{"access_token":"first",')),
  expect: { end: 'SIGNED-IN' },
})
