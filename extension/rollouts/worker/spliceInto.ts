/** Calls take fewer arguments than a search finds groups. */
const MOST_ARGUMENTS = 10_000;

/** Array.prototype.splice in place, for any number of items. */
export function spliceInto<Item>(list: Item[], at: number, removed: number, items: readonly Item[]): void {
  if (items.length <= MOST_ARGUMENTS) {
    list.splice(at, removed, ...items);
    return;
  }
  const behind = list.splice(at);
  for (const item of items) list.push(item);
  for (let index = removed; index < behind.length; index++) list.push(behind[index] as Item);
}
