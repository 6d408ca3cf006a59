import { defineCase } from '../../define-case.ts'
import { answer, nested } from '../../mutations.ts'

export default defineCase({
  what: 'a detail of the authorization is nested fifty thousand times',
  tokenReply: answer((honest) =>
    honest.replace('{', `{"authorization_details":[{"type":"a","b":${nested(50_000)}}],`),
  ),
  expect: {
    end: 'ANON',
    code: 'token_response_invalid',
    message: 'The token response is nested too deeply.',
  },
})
