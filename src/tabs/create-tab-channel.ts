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
  return {
    announce: () => channel?.postMessage(CHANGED),
    open() {
      try {
        channel ??= new BroadcastChannel(name)
        channel.onmessage = ({ data }) => data === CHANGED && onChange()
      } catch {
        // Firefox with site data blocked: nothing is stored that other tabs could have changed.
      }
    },
    close() {
      channel?.close()
      channel = undefined
    },
  }
}
