/** Tells other tabs that the session changed. Nothing else ever crosses it. */
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
export function createTabChannel(
  connect: (() => BroadcastChannel) | undefined,
  onChange: () => void,
): TabChannel {
  let channel: BroadcastChannel | undefined
  const open = () => {
    if (channel || !connect) return
    channel = connect()
    channel.onmessage = ({ data }) => {
      if (data === CHANGED) onChange()
    }
  }
  return {
    open,
    announce: () => channel?.postMessage(CHANGED),
    close() {
      channel?.close()
      channel = undefined
    },
  }
}
