/** The outcomes of a group as a row of small shapes: told apart by form, colour only helps. */
import { isMark, type Mark } from "../words/marks.ts";

const size = 10;
const pitch = 12;
const mostMarks = 16;

/** Lines in a box of 10 by 10: a tick, a cross, a diamond with a stroke in it, a line that runs into a wall. */
const shapes: Record<Mark, readonly (readonly [x: number, y: number][])[]> = {
  c: [
    [
      [1.2, 5.5],
      [4, 8.2],
      [8.8, 2],
    ],
  ],
  w: [
    [
      [2, 2],
      [8, 8],
    ],
    [
      [8, 2],
      [2, 8],
    ],
  ],
  m: [
    [
      [5, 0.8],
      [9.2, 5],
      [5, 9.2],
      [0.8, 5],
      [5, 0.8],
    ],
    [
      [5, 3.2],
      [5, 6.8],
    ],
  ],
  t: [
    [
      [1, 5],
      [6, 5],
    ],
    [
      [8, 1.2],
      [8, 8.8],
    ],
  ],
};

const pathOf = (mark: Mark, left: number): string =>
  shapes[mark].map((line) => `M${line.map(([x, y]) => `${x + left} ${y}`).join("L")}`).join("");

/** One path for each kind of outcome, so that a row costs four elements however large its group is. */
export function Marks({ marks }: { marks: string }) {
  const shown = marks.length > mostMarks ? marks.slice(0, mostMarks - 1) : marks;
  const paths = new Map<Mark, string>();
  for (const [index, mark] of [...shown].entries()) {
    if (isMark(mark)) paths.set(mark, (paths.get(mark) ?? "") + pathOf(mark, index * pitch));
  }
  return (
    <>
      <svg class="marks" width={shown.length * pitch} height={size} aria-hidden="true">
        {[...paths].map(([mark, path]) => (
          <path key={mark} class={`mark-${mark}`} d={path} />
        ))}
      </svg>
      {shown.length < marks.length && <span class="dim">+{marks.length - shown.length}</span>}
    </>
  );
}
