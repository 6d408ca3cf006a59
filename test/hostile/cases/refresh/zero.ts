import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'a renewed access token lives for no second: nothing loops',
  act: 'renew',
  tokens: members({ expires_in: 0 }),
  expect: { end: 'KEEP' },
})
