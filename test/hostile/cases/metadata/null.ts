import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the metadata is null',
  metadata: () => null,
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
