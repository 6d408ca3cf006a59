/** Tells other tabs that the session changed. */
export interface TabChannel {
  readonly announce: () => void
  readonly open: () => void
  readonly close: () => void
}

const CHANGED = 'tessera-auth:1:changed'

/**
 * A channel between the tabs of an origin. It carries no content: whoever hears something reads the
 * store again, so a forged message can cause that and nothing more.
 */
export function createTabChannel(name: string, onChange: () => void): TabChannel {
  let channel: BroadcastChannel | undefined
  const make = () => {
    try {
      const made = new BroadcastChannel(name)
      // That of Node would keep a server or a test from coming to its end.
      ;(made as { unref?: () => void }).unref?.()
      return made
    } catch {
      // Firefox with site data blocked: nothing is stored that other tabs could have changed.
      return undefined
    }
  }
  return {
    announce() {
      // A sign-out may be through only after its client was closed: the other tabs are to hear of it.
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
