import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the state of the callback is spelt in other letters',
  callback: (url) => {
    const swap = (letter: string) =>
      letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()
    const state = [...(url.searchParams.get('state') ?? '')].map(swap).join('')
    return set({ state })(url)
  },
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
