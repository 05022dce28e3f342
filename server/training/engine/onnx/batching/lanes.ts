/** Completions laid one after another, so that short ones take the room that the padding of long ones would leave empty. */

/**
 * The completions of one prompt in lanes of at most `length` tokens, by first fit from the longest down, which needs at most 11/9 of the
 * fewest lanes and one more (Johnson et al. 1974). Lanes, and completions within one, are in the order of their places.
 *
 * @param lengths tokens of each completion, none more than `length`
 * @returns places of the completions, lane by lane
 */
export function lanesOf(lengths: readonly number[], length: number): number[][] {
  const lengthAt = (place: number) => lengths[place] as number;
  const lanes: { places: number[]; room: number }[] = [];
  for (const place of [...lengths.keys()].sort((a, b) => lengthAt(b) - lengthAt(a) || a - b)) {
    let lane = lanes.find(({ room }) => room >= lengthAt(place));
    if (lane === undefined) {
      lane = { places: [], room: length };
      lanes.push(lane);
    }
    lane.places.push(place);
    lane.room -= lengthAt(place);
  }
  return lanes.map(({ places }) => places.sort((a, b) => a - b)).sort(([a], [b]) => (a as number) - (b as number));
}
