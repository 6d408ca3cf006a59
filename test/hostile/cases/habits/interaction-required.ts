import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the provider says interaction_required where others say login_required, as Glewlwyd does',
  callback(url) {
    url.searchParams.delete('code')
    url.searchParams.set('error', 'interaction_required')
    return url
  },
  expect: {
    end: 'ANON',
    code: 'interaction_required',
    message: 'The provider refused the sign-in: interaction_required.',
    error: { providerError: 'interaction_required' },
    tokenRequests: 0,
  },
})
