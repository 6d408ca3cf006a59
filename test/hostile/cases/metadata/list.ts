import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the metadata is a list',
  metadata: (document) => [document],
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
