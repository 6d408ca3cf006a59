import { defineCase } from '../../define-case.ts'
import { answer, HTML } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint breaks: the code is not sent again',
  tokenReply: answer(HTML, { status: 500 }),
  expect: {
    end: 'ANON',
    code: 'provider_unavailable',
    message: 'The provider refused: status 500.',
    error: { status: 500, retryable: true },
  },
})
