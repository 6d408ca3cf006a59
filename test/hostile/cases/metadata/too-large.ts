import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata has more than half a megabyte',
  metadata: members({ more: 'x'.repeat(2 ** 19) }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
