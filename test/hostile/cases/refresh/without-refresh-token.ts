import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'a renewal brings no new refresh token: the old one stays in use',
  act: 'renew',
  tokens: members({ refresh_token: undefined }),
  expect: { end: 'KEEP' },
})
