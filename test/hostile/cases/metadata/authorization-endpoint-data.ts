import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the authorization endpoint is a data: address',
  metadata: members({ authorization_endpoint: 'data:text/html,<script>alert(1)</script>' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
