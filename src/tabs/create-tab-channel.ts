/** Tells other tabs that the session changed. */
export interface TabChannel {
  readonly announce: () => void
  readonly open: () => void
  readonly close: () => void
}

const CHANGED = 'tessera-auth:1:changed'

/**
 * Makes a channel between the tabs of an origin. Its messages have no content: a tab that receives
 * one reads the store again, so a forged message can cause nothing more than that.
 */
export function createTabChannel(name: string, onChange: () => void): TabChannel {
  let channel: BroadcastChannel | undefined
  const make = () => {
    try {
      const made = new BroadcastChannel(name)
      // In Node, an open channel would keep a server or a test from ending.
      ;(made as { unref?: () => void }).unref?.()
      return made
    } catch {
      // Firefox with site data blocked: nothing is stored that other tabs could have changed.
      return undefined
    }
  }
  return {
    announce() {
      // A sign-out may end after its client was closed, and the other tabs still have to know.
      const own = channel ?? make()
      own?.postMessage(CHANGED)
      if (own !== channel) own?.close()
    },
    open() {
      channel ??= make()
      if (channel) channel.onmessage = ({ data }) => data === CHANGED && onChange()
    },
    close() {
      channel?.close()
      channel = undefined
    },
  }
}
