/** A sequence cut into pieces so that all of them together cost least. */

/** A piece under construction, as much of it as its cost is made of. */
export interface Piece {
  /** Infinite where the piece is not allowed; then none that holds it is tried. */
  cost: number;
}

/**
 * The cheapest cut of `items` into pieces of neighbours, found by dynamic programming over where the last piece begins.
 * @param grown the piece with one more item in front; a piece of one item must be allowed
 */
export function cheapestCut<Item, P extends Piece>(
  items: readonly Item[],
  grown: (piece: P | undefined, item: Item) => P,
): Item[][] {
  /** Of the first `end` items: what they cost, and where their last piece begins. */
  const best: { cost: number; start: number }[] = [{ cost: 0, start: 0 }];
  for (let end = 1; end <= items.length; end++) {
    let cheapest = { cost: Number.POSITIVE_INFINITY, start: end - 1 };
    let piece: P | undefined;
    for (let start = end - 1; start >= 0; start--) {
      piece = grown(piece, items[start] as Item);
      if (piece.cost === Number.POSITIVE_INFINITY) break;
      const cost = (best[start]?.cost ?? 0) + piece.cost;
      // Of equals the longer piece.
      if (cost <= cheapest.cost) cheapest = { cost, start };
    }
    best.push(cheapest);
  }
  const pieces: Item[][] = [];
  for (let end = items.length; end > 0; ) {
    const { start } = best[end] as { start: number };
    pieces.unshift(items.slice(start, end));
    end = start;
  }
  return pieces;
}
