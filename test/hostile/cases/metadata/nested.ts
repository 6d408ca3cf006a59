import { defineCase } from '../../define-case.ts'
import { answer, nested } from '../../mutations.ts'

export default defineCase({
  what: 'a member of the metadata that nobody reads is nested fifty thousand times',
  discoveryReply: answer((honest) => honest.replace('{', `{"more":${nested(50_000)},`)),
  expect: { end: 'SIGNED-IN' },
})
