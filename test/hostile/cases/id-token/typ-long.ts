import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token spells its typ in full and in small letters, as it may',
  header: members({ typ: 'application/jwt' }),
  expect: { end: 'SIGNED-IN' },
})
