import { defineCase } from '../../define-case.ts'
import { set, without } from '../../mutations.ts'

export default defineCase({
  what: 'the description of the error has separators of lines and of paragraphs',
  callback: (url) =>
    set({ error: 'access_denied', error_description: 'one\u2028two\u2029three\u0085four' })(
      without('code')(url),
    ),
  expect: {
    end: 'ANON',
    code: 'authorization_error',
    error: { providerErrorDescription: 'onetwothreefour' },
    tokenRequests: 0,
  },
})
