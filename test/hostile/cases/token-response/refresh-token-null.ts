import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the refresh token is null, which stands for none',
  tokens: members({ refresh_token: null }),
  expect: { end: 'SIGNED-IN' },
})
