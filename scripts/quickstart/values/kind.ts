/** A kind of value: how it is said in a query, and how it may be written in a call. */
import type { Part } from "../partition.ts";
import { partOf } from "../partition.ts";
import type { Random } from "../random.ts";

export type Json = string | number | boolean | Json[] | { [key: string]: Json };

/** One drawn value. */
export interface Value {
  /** As the query words it. */
  said: string;
  /** `kind=text` of each free part, which belongs to one part of the data only; none for a value of a closed set. */
  free: string[];
  /** The argument as the named variant writes it. A kind without a convention has the one variant `plain`. */
  written(variant: string): Json;
}

export interface Kind {
  /** JSON Schema of the argument; it never tells the variant. */
  schema: { [key: string]: Json };
  /** Names of the variants. More than one makes the kind a convention, which only a demonstration can tell. */
  variants: readonly string[];
  draw(random: Random, part: Part): Value;
}

export interface Drawn<V> {
  said: string;
  value: V;
  free?: string[];
}

interface KindOf<V> {
  schema: { [key: string]: Json };
  draw(random: Random, part: Part): Drawn<V>;
  variants: Record<string, (value: V) => Json>;
}

export function kindOf<V>({ schema, draw, variants }: KindOf<V>): Kind {
  return {
    schema,
    variants: Object.keys(variants),
    draw: (random, part) => {
      const { said, value, free = [] } = draw(random, part);
      return {
        said,
        free,
        written: (variant) => {
          const write = variants[variant];
          if (!write) throw new RangeError(`no variant ${variant} among ${Object.keys(variants).join(", ")}`);
          return write(value);
        },
      };
    },
  };
}

/** A kind without a convention: written as the drawn value itself. */
export function plain<V extends Json>(
  schema: { [key: string]: Json },
  draw: (random: Random, part: Part) => Drawn<V>,
): Kind {
  return kindOf({ schema, draw, variants: { plain: (value) => value } });
}

/** Draws again until the text belongs to the part. Terminates, since each part holds a share of every kind (tested). */
export function drawUntil<V>(part: Part, kind: string, propose: () => V, text: (value: V) => string): Drawn<V> {
  for (;;) {
    const value = propose();
    const said = text(value);
    if (partOf(kind, said) === part) return { said, value, free: [`${kind}=${said}`] };
  }
}
