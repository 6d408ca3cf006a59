import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata has more than a megabyte',
  metadata: members({ more: 'x'.repeat(2 ** 20) }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
