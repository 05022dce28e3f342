/** The assignment of rows to columns that is worth most: the Hungarian algorithm by shortest augmenting paths (Jonker and Volgenant 1987). */

/**
 * @param worth [row][column], finite; rows may be fewer or more than columns
 * @returns for each row its column, or -1 where there are not enough columns
 */
export function bestAssignment(worth: readonly (readonly number[])[]): number[] {
  const rows = worth.length;
  const columns = worth[0]?.length ?? 0;
  if (rows > columns) return transposed(worth);
  // Potentials and matches count from 1; column 0 is where each search begins.
  const ofRow = new Float64Array(rows + 1);
  const ofColumn = new Float64Array(columns + 1);
  const matched = new Int32Array(columns + 1);
  const before = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    matched[0] = row;
    const distance = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
    const visited = new Uint8Array(columns + 1);
    let column = 0;
    do {
      visited[column] = 1;
      const from = at(matched, column);
      let delta = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let j = 1; j <= columns; j++) {
        if (visited[j] === 1) continue;
        const reduced = -(worth[from - 1]?.[j - 1] ?? 0) - at(ofRow, from) - at(ofColumn, j);
        if (reduced < at(distance, j)) {
          distance[j] = reduced;
          before[j] = column;
        }
        if (at(distance, j) < delta) {
          delta = at(distance, j);
          next = j;
        }
      }
      for (let j = 0; j <= columns; j++) {
        if (visited[j] === 1) {
          ofRow[at(matched, j)] = at(ofRow, at(matched, j)) + delta;
          ofColumn[j] = at(ofColumn, j) - delta;
        } else distance[j] = at(distance, j) - delta;
      }
      column = next;
    } while (matched[column] !== 0);
    while (column !== 0) {
      matched[column] = at(matched, at(before, column));
      column = at(before, column);
    }
  }
  const result = new Array<number>(rows).fill(-1);
  for (let j = 1; j <= columns; j++) if (at(matched, j) > 0) result[at(matched, j) - 1] = j - 1;
  return result;
}

const at = (list: Float64Array | Int32Array, place: number): number => list[place] as number;

function transposed(worth: readonly (readonly number[])[]): number[] {
  const columns = worth[0]?.length ?? 0;
  const result = new Array<number>(worth.length).fill(-1);
  const turned = Array.from({ length: columns }, (_, j) => worth.map((row) => row[j] ?? 0));
  for (const [column, row] of bestAssignment(turned).entries()) if (row !== -1) result[row] = column;
  return result;
}
