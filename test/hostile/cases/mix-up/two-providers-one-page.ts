import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'
import { signIn, summary } from '../../run-case.ts'

export default defineCase({
  what: 'two providers are in use on one page: neither gets what belongs to the other',
  async play(stage) {
    if (!stage.hostile) return signIn(stage)
    const evil = stage.addIssuer()
    const { tab, callback } = await stage.begin()
    const stolen = set({ iss: evil.url })(new URL(callback)).href
    const other = await stage.newTab({ issuer: evil.url })
    const refused = await other.goto(stolen)
    expect(summary(refused)).toMatchObject({ code: 'callback_state' })
    expect(evil.count('token')).toBe(0)
    return tab.goto(callback)
  },
  expect: { end: 'SIGNED-IN' },
})
