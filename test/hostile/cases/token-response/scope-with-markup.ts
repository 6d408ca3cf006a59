import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the scope has markup and line breaks',
  tokens: members({ scope: 'openid profile <img/src=x> \u202eevil\nline' }),
  expect: { end: 'SIGNED-IN' },
})
