/**
 * Symbolic dimensions. A tensor's shape is known when the graph is built, up to a few named sizes (B prompts,
 * P prompt tokens, …), so a dimension is a polynomial in those names, kept in one canonical spelling:
 * two dimensions are equal exactly when they are `===`.
 */
export type Dim = number | string;
export type Shape = readonly Dim[];

/** Sizes of the named dimensions for one run of the graph. */
export type Sizes = Readonly<Record<string, number>>;

/** Monomial ("B*L", or "" for the constant) to coefficient. */
type Polynomial = Map<string, number>;

function parse(dim: Dim): Polynomial {
  if (typeof dim === "number") return new Map([["", dim]]);
  const terms: Polynomial = new Map();
  for (const term of dim.split("+")) {
    const factors = term.split("*");
    const coefficient = /^-?\d+$/.test(factors[0] as string) ? Number(factors.shift()) : 1;
    const monomial = factors.sort().join("*");
    terms.set(monomial, (terms.get(monomial) ?? 0) + coefficient);
  }
  return terms;
}

function format(terms: Polynomial): Dim {
  const parts = [...terms].filter(([, coefficient]) => coefficient !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
  if (parts.length === 0) return 0;
  if (parts.length === 1 && parts[0]?.[0] === "") return parts[0][1];
  return parts
    .map(([monomial, coefficient]) =>
      monomial === "" ? String(coefficient) : coefficient === 1 ? monomial : `${coefficient}*${monomial}`,
    )
    .join("+");
}

/** Product of dimensions. */
export function times(...dims: Dim[]): Dim {
  let product: Polynomial = new Map([["", 1]]);
  for (const dim of dims) {
    const next: Polynomial = new Map();
    for (const [left, a] of product) {
      for (const [right, b] of parse(dim)) {
        const monomial = [...left.split("*"), ...right.split("*")].filter(Boolean).sort().join("*");
        next.set(monomial, (next.get(monomial) ?? 0) + a * b);
      }
    }
    product = next;
  }
  return format(product);
}

/** Sum of dimensions. */
export function plus(...dims: Dim[]): Dim {
  const sum: Polynomial = new Map();
  for (const dim of dims) {
    for (const [monomial, coefficient] of parse(dim)) sum.set(monomial, (sum.get(monomial) ?? 0) + coefficient);
  }
  return format(sum);
}

/** One summand of a dimension: a number times named sizes. */
export interface Term {
  coefficient: number;
  names: readonly string[];
}

/** The sum that a dimension is; at least one term. */
export function termsOf(dim: Dim): Term[] {
  return [...parse(dim)].map(([monomial, coefficient]) => ({
    coefficient,
    names: monomial.split("*").filter(Boolean),
  }));
}

/** The number a dimension stands for. Throws on a name without a size. */
export function sizeOf(dim: Dim, sizes: Sizes): number {
  let total = 0;
  for (const { names, coefficient } of termsOf(dim)) {
    let product = coefficient;
    for (const name of names) {
      const size = sizes[name];
      if (size === undefined) throw new Error(`No size for the dimension ${name}`);
      product *= size;
    }
    total += product;
  }
  return total;
}

/** Number of elements of a shape. */
export function elementsOf(shape: Shape): Dim {
  return times(...shape);
}
