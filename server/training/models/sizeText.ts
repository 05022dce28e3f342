const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes with a decimal unit, three digits at most: as the hub shows sizes. */
export function sizeText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : Number(value.toPrecision(2))} ${UNITS[power]}`;
}
