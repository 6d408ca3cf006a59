import { defineCase } from '../../define-case.ts'
import { without } from '../../mutations.ts'

export default defineCase({
  what: 'the description of the error has half of a surrogate pair',
  callback: (url) =>
    `${without('code')(url).href}&error=access_denied&error_description=%ED%A0%80no`,
  expect: { end: 'ANON', code: 'authorization_error', tokenRequests: 0 },
})
