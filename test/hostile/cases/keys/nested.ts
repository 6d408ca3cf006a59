import { defineCase } from '../../define-case.ts'
import { answer, nested } from '../../mutations.ts'

export default defineCase({
  what: 'a member of a key is nested a hundred thousand times',
  keySetReply: answer((honest) => honest.replace('{"kty', `{"more":${nested(100_000)},"kty`)),
  expect: { end: 'SIGNED-IN' },
})
