/** The mark of Tax eFile: four tiles, one of them ticked. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect class="tile-a" x="2" y="2" width="13" height="13" rx="3" />
      <rect class="tile-b" x="17" y="2" width="13" height="13" rx="3" />
      <rect class="tile-c" x="2" y="17" width="13" height="13" rx="3" />
      <rect class="tile-a" x="17" y="17" width="13" height="13" rx="3" />
      <path class="tick" d="m20 23.6 2.6 2.6 4.8-5.2" />
    </svg>
  )
}
