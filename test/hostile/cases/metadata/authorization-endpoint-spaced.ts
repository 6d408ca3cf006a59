import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the authorization endpoint has a space at its end',
  metadata: (metadata) => ({
    ...metadata,
    authorization_endpoint: `${metadata.authorization_endpoint} `,
  }),
  expect: { end: 'SIGNED-IN' },
})
