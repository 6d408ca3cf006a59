const COLUMNS = 12
const ROWS = 6
const STEP = 56

/** Shades of the tiles, read row by row; 0 leaves one out. */
const SHADES = '001001000102001010210010010102013120000210203211001021020132010213021323'

/** A pattern of tiles behind the words. It says nothing by itself. */
export function Mosaic() {
  return (
    <svg
      class="mosaic"
      viewBox={`0 0 ${COLUMNS * STEP} ${ROWS * STEP}`}
      preserveAspectRatio="xMaxYMax slice"
      aria-hidden="true"
      focusable="false"
    >
      {[...SHADES].map((shade, i) => (
        <rect
          key={`${i}`}
          class={`shade-${shade}`}
          x={(i % COLUMNS) * STEP + 2}
          y={Math.floor(i / COLUMNS) * STEP + 2}
          width={STEP - 4}
          height={STEP - 4}
          rx="9"
        />
      ))}
    </svg>
  )
}
