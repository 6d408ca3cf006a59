import { defineCase } from '../../define-case.ts'
import { KEYS } from '../../provider/keys.ts'

export default defineCase({
  what: 'two keys of the same type have the same name, and the second one is the right one',
  keySet: (set) => ({ keys: [{ ...KEYS.next.jwk, kid: 'honest' }, ...set.keys] }),
  expect: { end: 'SIGNED-IN' },
})
