import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the token response has an error of null, and a description that is empty',
  tokens: members({ error: null, error_description: '' }),
  expect: { end: 'SIGNED-IN' },
})
