import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'a renewed access token lives for one second: nothing loops',
  act: 'renew',
  tokens: members({ expires_in: 1 }),
  expect: { end: 'KEEP' },
})
