/** Tells other tabs that the session changed. */
export interface TabChannel {
  /** @param owed the session that is to be deleted and may not be yet; empty where there is none */
  readonly announce: (owed: string) => void
  readonly open: () => void
  readonly close: () => void
}

const CHANGED = 'tessera-auth:1:changed'

/**
 * A channel between the tabs of an origin. It carries no content but which session is over: whoever
 * hears something reads the store again, so a forged message can cause that and no more, unless its
 * author knows the session by its id.
 */
export function createTabChannel(name: string, onChange: (owed: string) => void): TabChannel {
  let channel: BroadcastChannel | undefined
  return {
    announce: (owed) => channel?.postMessage(owed ? `${CHANGED} ${owed}` : CHANGED),
    open() {
      try {
        channel ??= new BroadcastChannel(name)
        channel.onmessage = ({ data }) => {
          const [what, owed = ''] = String(data).split(' ')
          if (what === CHANGED) onChange(owed)
        }
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
