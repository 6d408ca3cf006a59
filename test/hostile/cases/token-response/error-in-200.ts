import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'an error comes with status 200',
  tokens: () => ({ error: 'invalid_grant', error_description: 'No.' }),
  expect: {
    end: 'ANON',
    code: 'token_request_refused',
    message: 'The provider refused: invalid_grant.',
    error: { providerError: 'invalid_grant', providerErrorDescription: 'No.', retryable: false },
  },
})
