import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the token response has half a megabyte, which is much but under the cap',
  tokens: members({ more: 'x'.repeat(2 ** 19) }),
  expect: { end: 'SIGNED-IN' },
})
