import type { Via } from 'tessera-auth'
import { popup } from 'tessera-auth/popup'
import { nameThrown } from '../notice.js'
import type { Page } from '../page.js'

/**
 * `popup()`, with what becomes of the window in the timeline. To be called in the handler of a click.
 *
 * @param detail - what the window is for
 * @param onAnswer - hears that the window has handed over an answer, before it is made use of
 */
export function openPopup({ timeline }: Page, detail: string, onAnswer: () => void): Via {
  const via = popup()
  return async (prepared) => {
    let isOpen = false
    let isOver = false
    const answer = via(prepared)
    // Whether the browser has blocked it, is to be heard at once or not at all.
    const look = () => {
      if (isOpen || isOver) return
      isOpen = true
      timeline.add({ kind: 'tab', tone: 'plain', title: 'Popup opened', detail })
    }
    prepared.then(() => setTimeout(look)).catch(() => {})
    try {
      const parameters = await answer
      look()
      onAnswer()
      const how = 'It handed over what the tenant has answered'
      timeline.add({ kind: 'return', tone: 'plain', title: 'Popup closed', detail: how })
      return parameters
    } catch (thrown) {
      isOver = true
      const how = nameThrown(thrown)
      if (isOpen) timeline.add({ kind: 'tab', tone: 'bad', title: 'Popup closed', detail: how })
      throw thrown
    }
  }
}
