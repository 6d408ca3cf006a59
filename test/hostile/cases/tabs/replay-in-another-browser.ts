import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the callback is opened in a browser that did not ask for it',
  async play(stage) {
    const { tab, callback } = await stage.begin()
    if (stage.hostile) await stage.forgetEverything(tab)
    return tab.goto(callback)
  },
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
