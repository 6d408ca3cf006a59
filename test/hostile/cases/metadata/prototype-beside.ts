import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata would change a prototype',
  discoveryReply: answer((honest) =>
    honest.replace(
      '{',
      '{"__proto__":{"token_endpoint":"http://evil.example"},"constructor":{"prototype":{"x":1}},',
    ),
  ),
  expect: { end: 'SIGNED-IN' },
})
