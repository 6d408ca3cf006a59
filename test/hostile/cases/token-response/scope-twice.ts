import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the scope names the same thing twice',
  tokens: members({ scope: 'openid openid profile profile' }),
  expect: { end: 'SIGNED-IN' },
})
