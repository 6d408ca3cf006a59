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
      channel ??= new BroadcastChannel(name)
      channel.onmessage = ({ data }) => data === CHANGED && onChange()
    },
    close() {
      channel?.close()
      channel = undefined
    },
  }
}
