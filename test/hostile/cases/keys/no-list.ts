import { defineCase } from '../../define-case.ts'
import { KEYS } from '../../provider/keys.ts'

export default defineCase({
  what: 'the key set is an object without a list of keys',
  keySet: () => ({ honest: KEYS.honest.jwk }),
  expect: {
    end: 'ANON',
    code: 'discovery_invalid',
    message: 'The provider has no usable list of keys.',
  },
})
