import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the callback has parameters that nobody knows, as it may have',
  callback: set({ client_info: 'x', login_hint: 'a@b', constructor: 'x', __proto__: 'x' }),
  expect: { end: 'SIGNED-IN' },
})
