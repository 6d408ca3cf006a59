import { defineCase } from '../../define-case.ts'
import { KEYS } from '../../provider/keys.ts'

export default defineCase({
  what: 'two keys have the same name, and one alone is of the right type',
  keySet: (set) => ({ keys: [{ ...KEYS.elliptic.jwk, kid: 'honest' }, ...set.keys] }),
  expect: { end: 'SIGNED-IN' },
})
