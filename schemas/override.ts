/** Settings laid over others, field by field. */

export type Override<T> = { [K in keyof T]?: T[K] extends object ? Override<T[K]> : T[K] };

/** The base with the layer's fields over it. The layer holds known keys only: it comes from a preset or was checked. */
export function merged<T extends object>(base: T, layer: Override<T>): T {
  const result = { ...base };
  for (const key of Object.keys(layer) as (keyof T)[]) {
    const [below, above] = [base[key], layer[key]];
    result[key] = (isObject(below) && isObject(above) ? merged(below, above) : above) as T[keyof T];
  }
  return result;
}

/** A list is a value of its own: it takes the place of another as a whole. */
const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
