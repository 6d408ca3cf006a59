import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata has no authorization endpoint',
  metadata: members({ authorization_endpoint: undefined }),
  expect: {
    end: 'ANON',
    code: 'discovery_invalid',
    message: 'The provider has no usable authorization_endpoint.',
  },
})
